"""The comparator of discounts for a viewer: what is bought, what labs give, and the file of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

import pyarrow as pa

from galien.analytics.answer import Answer, AnswerColumn, AnswerMeta, ColumnKind
from galien.calculators.discounts.comparator import Comparison, Line, Mark, Row, compare
from galien.kernel.errors import InvalidInput
from galien.kernel.money import round_amount
from galien.kernel.units import Unit
from galien.model.viewer import Viewer
from galien.usecases.discount_base import NET_NET, Base, Bought, base
from galien.usecases.offers import Offers, Weighing, offers_on
from galien.usecases.services import Services

ZERO = Decimal(0)
RATE = Decimal("0.000001")
MARK_LABELS = {
    Mark.BEST: "Au mieux",
    Mark.GAIN: "Mieux ailleurs",
    Mark.NOT_COMPARABLE: "Non comparable",
}
_AMOUNT_TYPE, _RATE_TYPE = pa.decimal128(18, 2), pa.decimal128(9, 6)


@dataclass(frozen=True)
class Asked:
    """What is compared. `pharmacies` and `labs` empty are all; `day` None is today.

    `level` counts the present discount to the invoice or to net-net; `same_box` keeps packs of 28 and
    30 apart; `count_excess` counts what passes the legal ceilings.
    """

    period: str = "last-12-months"
    pharmacies: tuple[str, ...] = ()
    labs: tuple[str, ...] = ()
    day: dt.date | None = None
    level: str = NET_NET
    same_box: bool = True
    count_excess: bool = False
    weighing: Weighing = field(default_factory=Weighing)


@dataclass(frozen=True)
class Compared:
    """The comparator with what it comes from. Rows of the comparison are in the order of the base."""

    asked: Asked
    base: Base
    offers: Offers
    comparison: Comparison

    @cached_property
    def rows(self) -> tuple[tuple[Bought, Row], ...]:
        """Return what is bought beside its row."""
        return tuple(zip(self.base.rows, self.comparison.rows, strict=True))

    @cached_property
    def excess(self) -> frozenset[str]:
        """Return the labs of which some offer passes a legal ceiling."""
        return frozenset(
            lab
            for lab in self.comparison.labs
            if any(each.excess for each in self.offers.prices[lab].values())
        )


def compared(asked: Asked, viewer: Viewer, *, services: Services) -> Compared:
    """Compare labs on what the viewer's pharmacies bought.

    Labs are in order of what each would bring alone. Raises InvalidInput for a lab without any offer
    that day, and what `ask` raises.
    """
    bought = base(
        viewer,
        asked.period,
        asked.pharmacies,
        same_box=asked.same_box,
        services=services,
        level=asked.level,
    )
    offers = offers_on(
        viewer,
        asked.day or services.clock.today(),
        bought,
        services=services,
        count_excess=asked.count_excess,
        weighing=asked.weighing,
    )
    strangers = [lab for lab in asked.labs if lab not in offers.prices]
    if strangers:
        raise InvalidInput(
            f"« {strangers[0][:60]} » n’a pas d’offre ce jour-là : "
            f"{', '.join(offers.labs) or 'aucun laboratoire n’en a'}."
        )
    rates = {
        lab: {key: each.total_rate for key, each in offers.prices[lab].items()}
        for lab in (asked.labs or offers.labs)
    }
    lines = [_line(row) for row in bought.rows]
    return Compared(asked, bought, offers, compare(lines, rates, _ordered(lines, rates)))


def _line(row: Bought) -> Line:
    return Line(
        row.equivalence.key, row.current_lab, row.quantity, row.list_amount, row.discount_rate
    )


def _ordered(lines: Sequence[Line], rates: Mapping[str, Mapping[str, Decimal]]) -> list[str]:
    totals = compare(lines, rates, sorted(rates)).totals()
    return [each.lab for each in sorted(totals, key=lambda each: (-each.gain, each.lab))]


def as_answer(found: Compared) -> Answer:
    """Return the whole comparator as rows and columns, to be taken out as any answer is."""
    fixed, labs = _columns(), found.comparison.labs
    names = {lab: f"offer_{place}" for place, lab in enumerate(labs, start=1)}
    records = [_record(bought, row, names) for bought, row in found.rows]
    types = {name: kind for name, _, _, _, kind in fixed} | dict.fromkeys(
        names.values(), _RATE_TYPE
    )
    columns = [
        AnswerColumn(name, label, unit, role, name, _MEANINGS.get(name, ""))
        for name, label, unit, role, _ in fixed
    ] + [
        AnswerColumn(name, lab, Unit.RATIO, ColumnKind.MEASURE, name, _MEANINGS["offer"])
        for lab, name in names.items()
    ]
    return Answer(
        columns=tuple(columns),
        table=pa.Table.from_pylist(records, schema=pa.schema(list(types.items()))),
        totals=_totals(found),
        meta=AnswerMeta(
            release=found.base.release,
            period=found.base.period,
            comparison=None,
            scope=found.base.pharmacies,
            rows=len(records),
            milliseconds=0.0,
        ),
    )


_MEANINGS = {
    "current_discount_rate": "Remise actuelle sur le prix fabricant hors taxes, pondérée par les achats.",
    "list_amount": "Unités livrées, gratuites comprises, au prix fabricant hors taxes.",
    "gain": "Ce que rapporterait le meilleur laboratoire, de plus que la remise actuelle.",
    "offer": "Remise totale offerte sur le prix fabricant hors taxes ; vide : non proposé.",
}
_Declared = tuple[str, str, Unit, ColumnKind, pa.DataType]


def _columns() -> tuple[_Declared, ...]:
    key, label, measure = ColumnKind.KEY, ColumnKind.LABEL, ColumnKind.MEASURE
    words = pa.string()
    return (
        ("equivalence", "Produit", Unit.NONE, key, words),
        ("equivalence_label", "Produit", Unit.NONE, label, words),
        ("generic_group", "Groupe générique", Unit.NONE, label, words),
        ("current_lab", "Laboratoire actuel", Unit.NONE, label, words),
        ("current_discount_rate", "Remise actuelle", Unit.RATIO, measure, _RATE_TYPE),
        ("list_amount", "Achats au prix fabricant", Unit.EUR_EXCL, measure, _AMOUNT_TYPE),
        ("unit_price", "Prix fabricant moyen", Unit.EUR_EXCL, measure, _AMOUNT_TYPE),
        ("delivered_quantity", "Quantité livrée", Unit.BOXES, measure, pa.int64()),
        ("mark", "Repère", Unit.NONE, label, words),
        ("gain", "Gain possible", Unit.EUR_EXCL, measure, _AMOUNT_TYPE),
        ("best_rate", "Meilleure remise", Unit.RATIO, measure, _RATE_TYPE),
        ("best_labs", "Meilleurs laboratoires", Unit.NONE, label, words),
    )


def _record(bought: Bought, row: Row, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "equivalence": bought.equivalence.key,
        "equivalence_label": bought.equivalence.label,
        "generic_group": bought.equivalence.generic_group,
        "current_lab": bought.current_lab,
        "current_discount_rate": bought.discount_rate.quantize(RATE),
        "list_amount": round_amount(bought.list_amount),
        "unit_price": round_amount(bought.unit_price),
        "delivered_quantity": int(bought.quantity),
        "mark": MARK_LABELS[row.mark],
        "gain": round_amount(row.gain),
        "best_rate": None if row.best_rate is None else row.best_rate.quantize(RATE),
        "best_labs": ", ".join(cell.lab for cell in row.best),
    } | {names[cell.lab]: cell.rate.quantize(RATE) for cell in row.cells if cell is not None}


def _totals(found: Compared) -> dict[str, Decimal | int | float | None]:
    listed = found.base.list_amount
    return {
        "list_amount": round_amount(listed),
        "delivered_quantity": int(found.base.quantity),
        "current_discount_rate": found.base.discount_amount / listed if listed else None,
        "gain": round_amount(found.comparison.gain),
    }
