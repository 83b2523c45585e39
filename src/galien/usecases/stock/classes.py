"""The ABC classes of a pharmacy or a group, as the published data say them, and what moved."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from galien.analytics.answer import Answer
from galien.analytics.question import UNKNOWN, Filter, Question
from galien.calculators.stock.abc import (
    USUAL,
    Abc,
    AbcClass,
    Item,
    Move,
    Thresholds,
    classify,
    moves,
)
from galien.kernel.errors import NotAllowed, NotAvailable
from galien.kernel.period import Period, parse_comparison, parse_period
from galien.model.viewer import Viewer
from galien.usecases.ask import ask
from galien.usecases.services import Services

ZERO = Decimal(0)


@dataclass(frozen=True)
class AbcReading:
    """Products classed over a period, their names, and those that changed class since a year before."""

    found: Abc
    labels: Mapping[str, str]
    period: Period
    moves: Mapping[str, Move]


def read_abc(
    viewer: Viewer,
    *pharmacies: str,
    period: str = "last-12-months",
    thresholds: Thresholds = USUAL,
    services: Services,
) -> AbcReading:
    """Class products as `abc_of`, with the class each had a year before.

    Without rights or data for the year before, nothing is said to have moved. Raises what `ask` raises.
    """
    today = services.clock.today()
    days = parse_period(period, today)
    labels: dict[str, str] = {}
    found = _classed(viewer, pharmacies, period, thresholds, labels, services)
    past = parse_comparison("previous-year", days, today)
    changed: Mapping[str, Move] = {}
    if past is not None:
        try:
            written = f"{past.first}..{past.last}"
            before = _classed(viewer, pharmacies, written, thresholds, {}, services)
        except (NotAllowed, NotAvailable):
            before = None
        if before is not None and before.rows:
            changed = {each.product_code: each for each in moves(_names(found), _names(before))}
    return AbcReading(found, labels, days, changed)


def abc_of(
    viewer: Viewer,
    *pharmacies: str,
    period: str = "last-12-months",
    thresholds: Thresholds = USUAL,
    must_hold: Collection[str] = frozenset(),
    services: Services,
) -> Abc:
    """Class the products of pharmacies by the cost of what went out over a period and by stock value.

    No pharmacy means all those open to the viewer. Stock is that of the last count of the period.
    Raises what `ask` raises. Products that no catalogue knows are in the last row, « null ».
    """
    return _classed(viewer, pharmacies, period, thresholds, {}, services, must_hold)


def _names(found: Abc) -> dict[str, AbcClass]:
    return {row.item.product_code: row.class_outgoing for row in found.rows}


def _classed(  # noqa: PLR0913, PLR0917 - the question, in its parts
    viewer: Viewer,
    pharmacies: tuple[str, ...],
    period: str,
    thresholds: Thresholds,
    labels: dict[str, str],
    services: Services,
    must_hold: Collection[str] = frozenset(),
) -> Abc:
    """Class products, and keep their names in `labels`."""
    where = (Filter("pharmacy", pharmacies),) if pharmacies else ()
    sold = Question("sales", ("cost_excl",), ("product",), period, "none", where)
    held = Question("stock", ("stock_value",), ("product",), period, "none", where)
    going = _by_product(ask(sold, viewer, services=services), "cost_excl", labels)
    lying = _by_product(ask(held, viewer, services=services), "stock_value", labels)
    items = (
        Item(code, going.get(code, ZERO), lying.get(code, ZERO))
        for code in going.keys() | lying.keys()
    )
    return classify(items, thresholds=thresholds, must_hold=must_hold)


def _by_product(answer: Answer, measure: str, labels: dict[str, str]) -> dict[str, Decimal]:
    found = {}
    for row in answer.table.to_pylist():
        code = row["product"] or UNKNOWN
        labels[code] = row["product_label"]
        found[code] = row[measure] or ZERO
    return found
