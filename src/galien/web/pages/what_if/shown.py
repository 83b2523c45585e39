"""How a tried law is printed: the form with the values in force, the effect in figures and by row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Protocol

from galien.kernel import french
from galien.kernel.units import Unit
from galien.law import Parameter, Scale
from galien.usecases.pay import proposal
from galien.usecases.pay.what_if import TrialReport
from galien.usecases.services import current
from galien.web.analysis.columns import definition_of
from galien.web.chosen import Chosen, figures_table, law_value
from galien.web.components.models import (
    Action,
    Better,
    Change,
    Field,
    Headline,
    Link,
    Notice,
    Option,
    PageHead,
    Tone,
)
from galien.web.components.pictures import ChartCard, ChartKind, ChartModel, Series

BREAKDOWNS = {
    "pharmacy": "Pharmacie",
    "product_class": "Classe",
    "price_slice": "Tranche de prix",
    "reimbursement_rate": "Remboursement",
    "month": "Mois",
}
EFFECTS = (
    "regulated_margin",
    "fees_due",
    "medicine_discounts",
    "wholesaler_margin",
    "public_sales_incl",
)
NEUTRAL = frozenset({"wholesaler_margin", "public_sales_incl"})
MOST_DRAWN = 16


class Typed(Protocol):
    """What was typed in the form."""

    @property
    def since(self) -> dt.date:
        """First day of the proposal."""
        ...

    @property
    def starts(self) -> tuple[str, ...]:
        """Bounds of the slices."""
        ...

    @property
    def rates(self) -> tuple[str, ...]:
        """Rates of the slices."""
        ...

    @property
    def value(self) -> str:
        """The value, where the parameter is a number."""
        ...


def frame(asked: Chosen, parameter: Parameter, typed: Typed) -> Mapping[str, Any]:
    """Return the head and the form, filled with the values in force until others are typed."""
    today = current().clock.today()
    now = parameter.find(min(today, asked.days.last))
    chosen_names = [(each, current().law.parameter(each).label) for each in proposal.TRIED]
    exports = asked.exports() if typed.value or any(typed.rates) else ()
    return {
        "head": PageHead(
            title="Et si la loi changeait ?",
            when="Une valeur proposée, essayée sur les ventes réelles\u00a0: "
            + asked.days.label(),
            note=asked.pharmacies.get(asked.pharmacy, ""),
            crumbs=(Link("Gestion", ""), Link("Essai de loi", "", current=True)),
            actions=(Action("Exporter", icon="download", items=exports),) if exports else (),
        ),
        "bar": asked.bar(),
        "breakdowns": asked.segments(BREAKDOWNS),
        "kept": [pair for pair in asked.pairs() if pair[0] in {"period", "par"}],
        "path": asked.path,
        "parameters": Field(
            "parametre", "Paramètre", kind="select", required=True,
            options=tuple(Option(k, label, chosen=k == parameter.name) for k, label in chosen_names),
        ),
        "pharmacy": asked.pharmacy_field() if len(asked.pharmacies) > 1 else None,
        "since": Field(
            "depuis", "À partir du", kind="date", value=typed.since.isoformat(), required=True
        ),
        "slices": tuple(_slices(now.value, typed)) if now and isinstance(now.value, Scale) else (),
        "value": None if proposal.is_scale(parameter) else _value(parameter, now, typed),
        "name": parameter.name,
        "label": parameter.label,
        "cited": now,
        "cited_value": law_value(now.value, now.unit) if now else "",
        "result": None,
    }  # fmt: skip


def _slices(scale: Scale, typed: Typed) -> Iterator[tuple[Field, Field]]:
    """Yield the fields of each slice, and of one more."""
    count = max(len(scale.brackets), len(typed.rates)) + (0 if typed.rates else 1)
    for place in range(count):
        start, rate = "", ""
        if typed.rates:
            start = typed.starts[place] if place < len(typed.starts) else ""
            rate = typed.rates[place] if place < len(typed.rates) else ""
        elif place < len(scale.brackets):
            bracket = scale.brackets[place]
            start = french.typed(bracket.start)
            rate = "" if bracket.rate is None else french.typed(bracket.rate * 100)
        number = place + 1
        needed = place == 0
        yield (
            Field("de", f"Tranche {number}, dès", value=start, suffix="€", required=needed),
            Field("taux", "Taux", value=rate, suffix="%", required=needed),
        )


def _value(parameter: Parameter, now: Any, typed: Typed) -> Field:
    ratio = parameter.unit is Unit.RATIO
    shown = ""
    if now and isinstance(now.value, Decimal):
        shown = french.typed(now.value * 100 if ratio else now.value)
    return Field(
        "valeur", "Valeur proposée", value=typed.value or shown, required=True,
        suffix="%" if ratio else parameter.unit.sign,
    )  # fmt: skip


def page(report: TrialReport, asked: Chosen) -> Mapping[str, Any]:
    """Return what the page prints of a trial."""
    answer = report.answer
    known = set(answer.totals)
    effects = [name for name in EFFECTS if name in known]
    columns = (
        "law_pay", "law_pay_proposed", "law_pay_effect",
        *(f"{name}_effect" for name in effects if name != "wholesaler_margin"),
    )  # fmt: skip
    parts = tuple(f"{name}{suffix}" for name in effects for suffix in ("", "_proposed"))
    return {
        "result": {
            "headlines": tuple(
                _headline(report, name)
                for name in ("law_pay", *effects)
                if name != "wholesaler_margin"
            ),
            "chart": chart(report, asked) if answer.meta.rows else None,
            "table": figures_table(answer, columns, caption="Effet", exports=asked.exports()),
            "detail": figures_table(answer, parts, caption="Sous chaque droit"),
            "notices": tuple(Notice(note, tone=Tone.WARNING) for note in answer.state.notes),
            "proposed": tuple(
                law_value(entry.value, parameter.unit)
                for known_one, parameter in report.changed
                for entry in parameter.values[-1:]
                if known_one is None or entry not in known_one.values
            ),
        },
    }


def _headline(report: TrialReport, name: str) -> Headline:
    totals = report.answer.totals
    effect, before = (Decimal(str(totals[each] or 0)) for each in (f"{name}_effect", name))
    definition = definition_of(f"{name}_effect")
    sign = "+" if effect > 0 else ""
    return Headline(
        label=definition.label,
        value=f"{sign}{french.compact_amount(effect)}" if effect else "0\u202f€",
        exact=f"{sign}{french.amount(effect)}",
        change=Change(
            float(effect / before) if before else None,
            better=Better.NEUTRAL if name in NEUTRAL else Better.UP,
        ),
        against=f"sur {french.compact_amount(before)}",
        definition=definition,
    )


def chart(report: TrialReport, asked: Chosen) -> ChartCard:
    """Return the effect on pay by row, largest first where rows have no order of their own."""
    answer = report.answer
    key = answer.columns[0].name
    rows = answer.table.to_pylist()
    if key == "pharmacy":
        rows.sort(key=lambda row: -abs(row["law_pay_effect"]))
    drawn = rows[:MOST_DRAWN]
    model = ChartModel(
        ChartKind.STACK,
        f"Effet sur la rémunération, par {BREAKDOWNS[asked.by].lower()}",
        unit="€",
        categories=tuple(row[f"{key}_label"] for row in drawn),
        series=tuple(
            Series(label, tuple(row[f"{name}_effect"] for row in drawn))
            for name, label in (
                ("regulated_margin", "Marge réglementée"),
                ("fees_due", "Honoraires"),
                ("medicine_discounts", "Remises"),
            )
            if answer.totals.get(f"{name}_effect")
        ),
        swap="",
    )
    note = "" if len(rows) <= MOST_DRAWN else f"Les {MOST_DRAWN} pharmacies les plus touchées."
    return ChartCard(model, note=note, image_href=asked.href(format="svg"), id="effet")
