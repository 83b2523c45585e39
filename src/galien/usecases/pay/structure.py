"""The structure of pay on medicines of the reader's pharmacies: margin, fees, discounts, by month."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from galien.analytics.answer import Answer
from galien.analytics.question import Filter, Question
from galien.calculators.pay.fees import FeeCheck
from galien.calculators.pay.structure import Pay
from galien.calculators.pay.tariff import PARAMETERS, Tariff
from galien.kernel.errors import NotAllowed
from galien.kernel.period import Period, parse_period
from galien.law import Cited, LawValue
from galien.model.viewer import Viewer
from galien.usecases.last_used import LastUsed
from galien.usecases.pay.answers import Figures, Origin, made_answer
from galien.usecases.pay.book import PriceBook, price_book, stretches
from galien.usecases.pay.pricing import Pricer, Pricers, priced_lines
from galien.usecases.pay.sold import COUNTER, PRESCRIPTION, Asking, lines
from galien.usecases.services import Services

MEASURES = (
    "medicines_pay", "regulated_margin", "fees_billed", "generic_discounts",
    "margin_share", "fees_share", "discounts_share", "margin_share_without_discounts",
    "regulated_boxes", "fees_due_by_box", "fees_due_by_prescription", "fees_billed_incl",
    "fees_beyond",
)  # fmt: skip
REFERENCES = "pay_margin_share"
BY = ("month", "pharmacy")
GENERICS = ("generic", "substitutable")
NO_DISCOUNTS = (
    "Remises génériques non comptées : vos droits n’ouvrent pas les achats de toutes ces "
    "pharmacies."
)


NO_PAY, NO_FEES = Pay(), FeeCheck()


@dataclass(frozen=True)
class PayRow:
    """The pay of a month or of a pharmacy: its parts, and its fees against those due."""

    pay: Pay = NO_PAY
    fees: FeeCheck = NO_FEES
    boxes: int = 0

    def __add__(self, other: PayRow) -> PayRow:
        """Add two rows."""
        return PayRow(self.pay + other.pay, self.fees + other.fees, self.boxes + other.boxes)

    def figures(self) -> Figures:
        """Return the row under the words of the glossary."""
        pay, fees = self.pay, self.fees
        return {
            "medicines_pay": pay.total,
            "regulated_margin": pay.margin,
            "fees_billed": pay.fees,
            "generic_discounts": pay.discounts,
            "margin_share": pay.margin_share,
            "fees_share": pay.fees_share,
            "discounts_share": pay.discounts_share,
            "margin_share_without_discounts": pay.margin_share_without_discounts,
            "regulated_boxes": self.boxes,
            "fees_due_by_box": fees.due_by_box,
            "fees_due_by_prescription": fees.due_by_prescription,
            "fees_billed_incl": fees.billed,
            "fees_beyond": fees.beyond,
        }


@dataclass(frozen=True)
class PayReport:
    """The answer, its total, the values of the law used, and the references with their year."""

    answer: Answer
    total: PayRow
    cited: tuple[Cited[LawValue], ...]
    references: tuple[tuple[int, Decimal], ...]


def structure_of_pay(
    viewer: Viewer,
    *,
    services: Services,
    period: str = "last-12-months",
    by: str = "month",
    pharmacies: tuple[str, ...] = (),
) -> PayReport:
    """Return the structure of pay by month or by pharmacy.

    Raises NotAllowed when no pharmacy is open to the viewer, NotAvailable when the law or the prices
    of those days are not known.
    """
    when = parse_period(period, services.clock.today())
    asking = Asking(viewer, services, pharmacies, by)
    billed = asking.ask("sales", ("fee_excl", "fee_incl"), when)
    asking = replace(asking, pharmacies=billed.meta.scope)
    key = (
        str(services.workspace.path), services.law, billed.meta.release, billed.meta.scope,
        viewer.user_id, viewer.epoch, when, by,
    )  # fmt: skip
    return _kept.get(key, lambda: _computed(asking, when, billed))


_kept: LastUsed[PayReport] = LastUsed(24)


def _computed(asking: Asking, when: Period, billed: Answer) -> PayReport:
    started = time.perf_counter()
    services, by = asking.services, asking.by or ""
    book = price_book(services)
    found = _Rows(by)
    for row in billed.table.to_pylist():
        found.add(row, PayRow(Pay(fees=row["fee_excl"]), FeeCheck(billed=row["fee_incl"])))
    cited: dict[tuple[str, object], Cited[LawValue]] = {}
    pricers = Pricers()
    for stretch in stretches(when, book, (services.law,), PARAMETERS):
        tariff = Tariff.on(services.law, stretch.first)
        cited |= {(each.name, each.since): each for each in tariff.cited}
        _price(asking, stretch, pricers.under(tariff), book, found)
        _count_prescriptions(asking, stretch, tariff, found)
    notes = _add_discounts(asking, when, found)
    total = found.total(billed)
    answer = _answer(found, total, billed, when, notes)
    answer = replace(answer, meta=replace(answer.meta, milliseconds=_since(started)))
    return PayReport(answer, total, tuple(cited.values()), _references(services))


class _Rows:
    """Rows by key as they are added up, with their labels."""

    def __init__(self, by: str) -> None:
        self.by = by
        self.rows: dict[str, PayRow] = defaultdict(PayRow)
        self.labels: dict[str, str] = {}
        self.discounts: Decimal | None = None

    def add(self, row: Mapping[str, Any], part: PayRow) -> None:
        """Add a part to the row that an answer's row names."""
        key = row[self.by]
        self.labels.setdefault(key, row[f"{self.by}_label"])
        self.rows[key] += part

    def total(self, billed: Answer) -> PayRow:
        """Return all rows together; what was billed is the exact total, not a sum of rounded rows."""
        found = sum(self.rows.values(), PayRow())
        fees = replace(found.fees, billed=_exact(billed, "fee_incl"))
        pay = replace(found.pay, fees=_exact(billed, "fee_excl"))
        if self.discounts is not None:
            pay = replace(pay, discounts=self.discounts)
        return PayRow(pay, fees, found.boxes)

    def ordered(self) -> list[tuple[str, str, Figures]]:
        """Return the rows, months in time, pharmacies by name."""
        keys = sorted(self.rows, key=lambda k: k if self.by == "month" else self.labels[k])
        return [(key, self.labels[key], self.rows[key].figures()) for key in keys]


def _price(asking: Asking, stretch: Period, pricer: Pricer, book: PriceBook, into: _Rows) -> None:
    """Price what was sold in a stretch of days of one law and one price list."""
    priced = book.on(stretch.first)
    for types in (PRESCRIPTION, COUNTER):
        kind = Filter("sale_type", types)
        answer = asking.ask("sales", ("quantity",), stretch, kind, also="product")
        found = lines(answer, into.by, "quantity")
        sold = priced_lines(found, priced, "quantity")
        boxes_of = pricer.boxes(sold)
        margins = sold.sums([box.margin for box in boxes_of])
        due = sold.sums([box.fee_incl for box in boxes_of])
        for place, (key, boxes) in enumerate(zip(found.keys, sold.boxes, strict=True)):
            named = {into.by: key, f"{into.by}_label": found.labels[key]}
            # Without a prescription the fee is inside the price paid: nothing is billed apart.
            fees = FeeCheck(boxes, 0, due[place]) if types is PRESCRIPTION else FeeCheck()
            into.add(named, PayRow(Pay(margins[place]), fees, boxes))


def _count_prescriptions(asking: Asking, stretch: Period, tariff: Tariff, into: _Rows) -> None:
    counted = asking.ask("traffic", ("invoices",), stretch, Filter("sale_type", PRESCRIPTION))
    for row in counted.table.to_pylist():
        count = int(row["invoices"])
        due = count * tariff.prescription_fee.incl
        into.add(row, PayRow(fees=FeeCheck(prescriptions=count, due_by_prescription=due)))


def _add_discounts(asking: Asking, period: Period, into: _Rows) -> tuple[str, ...]:
    """Add the discounts on generics bought; unknown, with a note, where purchases are not all open."""
    generics = Filter("generic_status", GENERICS)
    try:
        answer = asking.ask("purchases", ("discount_amount",), period, generics)
    except NotAllowed:
        answer = None
    if answer is None or answer.meta.scope != asking.pharmacies:
        for key, known in into.rows.items():
            into.rows[key] = replace(known, pay=replace(known.pay, discounts=None))
        return (NO_DISCOUNTS,)
    for row in answer.table.to_pylist():
        into.add(row, PayRow(Pay(discounts=row["discount_amount"])))
    into.discounts = _exact(answer, "discount_amount")
    return ()


def _exact(answer: Answer, measure: str) -> Decimal:
    return Decimal(str(answer.totals[measure] or 0))


def _answer(
    found: _Rows, total: PayRow, billed: Answer, when: Period, notes: tuple[str, ...]
) -> Answer:
    origin = Origin(
        release=billed.meta.release,
        period=when,
        pharmacies=billed.meta.scope,
        question=Question("medicines_pay", measures=MEASURES, by=(found.by,), period=when.iso()),
        state=replace(billed.state, notes=(*billed.state.notes, *notes)),
    )
    return made_answer(found.by, found.ordered(), total.figures(), MEASURES, origin)


def _references(services: Services) -> tuple[tuple[int, Decimal], ...]:
    return tuple(
        (entry.since.year, entry.value)
        for entry in services.law.parameter(REFERENCES).values
        if isinstance(entry.value, Decimal)
    )


def _since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 3)
