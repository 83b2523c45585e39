"""A reform tried on the group's real sales: the same boxes under both laws, by pharmacy or by class."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from galien.analytics.answer import Answer
from galien.analytics.question import Filter, Question
from galien.calculators.pay.tariff import PARAMETERS, Tariff
from galien.calculators.pay.what_if import Outcome, Trial
from galien.kernel.errors import InvalidInput, did_you_mean
from galien.kernel.period import Period, parse_period
from galien.law import Law, Parameter
from galien.model.viewer import Viewer
from galien.usecases.last_used import LastUsed
from galien.usecases.pay.answers import Figures, Origin, made_answer
from galien.usecases.pay.book import PriceBook, price_book, stretches
from galien.usecases.pay.ceilings import CEILINGS, discounts_left
from galien.usecases.pay.classes import PRESCRIPTIONS, class_label, class_order, classes
from galien.usecases.pay.pricing import PricedLines, Pricer, Pricers, priced_lines
from galien.usecases.pay.sold import COUNTER, PRESCRIPTION, Asking, lines
from galien.usecases.services import Services

BY_KEY = ("pharmacy", "month")
BY_CLASS = ("product_class", "price_slice", "reimbursement_rate")
BY = (*BY_KEY, *BY_CLASS)
MOVED = ("regulated_margin", "fees_due", "wholesaler_margin", "public_sales_incl")
PAID = ("law_pay",)
LIMITED = ("medicine_discounts",)


@dataclass(frozen=True)
class TrialReport:
    """The answer, its exact total, the parameters that differ, and sentences to read with it."""

    answer: Answer
    total: Trial
    changed: tuple[tuple[Parameter | None, Parameter], ...]
    notes: tuple[str, ...]


def what_if(
    viewer: Viewer,
    *,
    services: Services,
    proposed: Law,
    period: str = "last-12-months",
    by: str = "pharmacy",
    pharmacies: tuple[str, ...] = (),
) -> TrialReport:
    """Price the sales of a period under the law in force and under a proposed one.

    `by` is pharmacy, month, product_class, price_slice or reimbursement_rate. Ex-factory prices and
    volumes are those of the facts. Raises InvalidInput for another `by`, NotAllowed when nothing is
    open to the viewer, NotAvailable when a law or the prices of those days are unknown.
    """
    if by not in BY:
        raise InvalidInput(f"« {by} » ne ventile pas un essai de loi. {did_you_mean(by, BY)}")
    when = parse_period(period, services.clock.today())
    base = Asking(viewer, services, pharmacies, by if by in BY_KEY else None)
    scope = base.ask("sales", ("quantity",), when)
    asking = replace(base, pharmacies=scope.meta.scope)
    changed = changes(services.law, proposed)
    key = (
        str(services.workspace.path), services.law, changed, scope.meta.release, scope.meta.scope,
        viewer.user_id, viewer.epoch, when, by,
    )  # fmt: skip
    trial = _Trial(asking, when, proposed, changed, scope)
    return _kept.get(key, lambda: _computed(trial, by))


@dataclass(frozen=True)
class _Trial:
    """What a trial is computed on."""

    asking: Asking
    when: Period
    proposed: Law
    changed: tuple[tuple[Parameter | None, Parameter], ...]
    scope: Answer


_kept: LastUsed[TrialReport] = LastUsed(24)


def _computed(trial: _Trial, by: str) -> TrialReport:
    started = time.perf_counter()
    asking, when, changed = trial.asking, trial.when, trial.changed
    services = asking.services
    book = price_book(services)
    trials, laws, pricers = _Trials(by), (services.law, trial.proposed), Pricers()
    for stretch in stretches(when, book, laws, PARAMETERS):
        now, then = (pricers.under(Tariff.on(law, stretch.first)) for law in laws)
        _try(asking, stretch, (now, then), book, trials)
    limited = bool({parameter.name for _, parameter in changed} & set(CEILINGS))
    if limited:
        for key, label, part in discounts_left(asking, when, laws, book, by):
            trials.add(key, label, part)
    notes = tuple(_notes(changed, when, limited=limited))
    answer = _answer(trials, trial.scope, when, notes, limited=limited)
    milliseconds = round((time.perf_counter() - started) * 1000, 3)
    answer = replace(answer, meta=replace(answer.meta, milliseconds=milliseconds))
    return TrialReport(answer, trials.total, changed, notes)


def changes(law: Law, proposed: Law) -> tuple[tuple[Parameter | None, Parameter], ...]:
    """Return the parameters that a proposed law changes: as they are (None when new), as proposed."""
    known = {parameter.name: parameter for parameter in law.parameters()}
    return tuple(
        (known.get(parameter.name), parameter)
        for parameter in proposed.parameters()
        if known.get(parameter.name) != parameter
    )


class _Trials:
    """Trials by key as they are added up, with their labels."""

    def __init__(self, by: str) -> None:
        self.by = by
        self.rows: dict[str, Trial] = defaultdict(Trial)
        self.labels: dict[str, str] = {}

    def add(self, key: str, label: str, trial: Trial) -> None:
        """Add a part to a row."""
        self.labels.setdefault(key, label)
        self.rows[key] += trial

    @property
    def total(self) -> Trial:
        """Return all rows together."""
        return sum(self.rows.values(), Trial())

    def ordered(self) -> list[tuple[str, str, Figures]]:
        """Return the rows: months in time, pharmacies by name, classes in their order."""
        keys = sorted(self.rows)
        if self.by == "pharmacy":
            keys.sort(key=self.labels.__getitem__)
        elif self.by in BY_CLASS:
            keys.sort(key=class_order)
        return [(key, self.labels[key], figures(self.rows[key])) for key in keys]


def _try(
    asking: Asking, stretch: Period, pricers: tuple[Pricer, Pricer], book: PriceBook, into: _Trials
) -> None:
    """Price a stretch of days under both laws."""
    now, then = pricers
    priced = book.on(stretch.first)
    for types in (PRESCRIPTION, COUNTER):
        kind = Filter("sale_type", types)
        answer = asking.ask("sales", ("quantity",), stretch, kind, also="product")
        found = lines(answer, asking.by, "quantity")
        if asking.by is None:
            cut = classes(into.by, now.tariff)
            for each in found.codes:
                if each in priced:
                    cut.number(priced[each])
            keyed = [(key, class_label(into.by, key)) for key in cut.numbers]
            sold = priced_lines(
                found, priced, "quantity", classes=cut.number, count=len(cut.numbers)
            )
        else:
            keyed = [(key, found.labels[key]) for key in found.keys]
            sold = priced_lines(found, priced, "quantity")
        # Without a prescription the fee is inside the price paid: none is counted.
        before_all = _outcomes(sold, now, fees=types is PRESCRIPTION)
        after_all = before_all
        if now is not then:
            after_all = _outcomes(sold, then, fees=types is PRESCRIPTION)
        for (key, label), before, after in zip(keyed, before_all, after_all, strict=True):
            into.add(key, label, Trial(before, after))
    _prescriptions(asking, stretch, (now.tariff, then.tariff), into)


def _outcomes(sold: PricedLines, pricer: Pricer, *, fees: bool) -> list[Outcome]:
    boxes = pricer.boxes(sold)
    margins = sold.sums([box.margin for box in boxes])
    wholesaler = sold.sums([box.wholesaler_margin for box in boxes])
    public = sold.sums([box.public_price_incl for box in boxes])
    due = sold.sums([box.fee_excl for box in boxes]) if fees else []
    return [
        Outcome(margin, due[place] if fees else Decimal(0), wholesaler[place], public[place])
        for place, margin in enumerate(margins)
    ]


def _prescriptions(
    asking: Asking, stretch: Period, tariffs: tuple[Tariff, Tariff], into: _Trials
) -> None:
    """Add the fee of each prescription, which belongs to no class of product."""
    counted = asking.ask("traffic", ("invoices",), stretch, Filter("sale_type", PRESCRIPTION))
    for row in counted.table.to_pylist():
        before, after = (
            Outcome(fees=row["invoices"] * tariff.prescription_fee.excl) for tariff in tariffs
        )
        key, label = PRESCRIPTIONS, class_label(into.by, PRESCRIPTIONS)
        if asking.by:
            key, label = row[asking.by], row[f"{asking.by}_label"]
        into.add(key, label, Trial(before, after))


def figures(trial: Trial) -> Figures:
    """Return a trial under the words of the glossary."""
    parts = {
        "": trial.current,
        "_proposed": trial.proposed,
        "_effect": trial.effect,
    }
    return {
        f"{name}{suffix}": amount
        for suffix, outcome in parts.items()
        for name, amount in (
            ("regulated_margin", outcome.margin),
            ("fees_due", outcome.fees),
            ("wholesaler_margin", outcome.wholesaler_margin),
            ("public_sales_incl", outcome.public_price_incl),
            ("medicine_discounts", outcome.discounts),
            ("law_pay", outcome.pay),
        )
    }


def _answer(
    trials: _Trials, scope: Answer, when: Period, notes: tuple[str, ...], *, limited: bool
) -> Answer:
    names = (*PAID, *MOVED, *(LIMITED if limited else ()))
    measures = [f"{name}{suffix}" for name in names for suffix in ("", "_proposed", "_effect")]
    origin = Origin(
        release=scope.meta.release,
        period=when,
        pharmacies=scope.meta.scope,
        question=Question("law_pay", measures=tuple(measures), by=(trials.by,), period=when.iso()),
        state=replace(scope.state, notes=(*scope.state.notes, *notes)),
    )
    return made_answer(trials.by, trials.ordered(), figures(trials.total), measures, origin)


def _notes(
    changed: Iterable[tuple[Parameter | None, Parameter]], when: Period, *, limited: bool
) -> Iterable[str]:
    pairs = list(changed)
    if not pairs:
        yield "Aucune valeur proposée ne diffère du droit en vigueur : l’effet est nul."
    for known, parameter in pairs:
        values = known.values if known else ()
        fresh = [entry.since for entry in parameter.values if entry not in values]
        if parameter.name not in {*PARAMETERS, *CEILINGS}:
            yield f"« {parameter.label} » n’entre pas dans ce calcul : sa valeur proposée est sans effet."
        elif fresh and min(fresh) > when.last:
            yield (
                f"« {parameter.label} » : les valeurs proposées commencent le "
                f"{min(fresh):%d/%m/%Y}, après la période : elles sont sans effet ici."
            )
    if limited:
        yield (
            "Plafonds de remise : le contrat de chaque achat n’étant pas connu, le plafond est lu le jour "
            "de la livraison ; un plafond relevé ne change rien aux remises déjà obtenues."
        )
