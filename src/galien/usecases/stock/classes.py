"""The ABC classes of a pharmacy or a group, as the published data say them, and what moved."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any

from galien.analytics.question import Filter, Question
from galien.calculators.stock.abc import USUAL, Abc, Item, Thresholds, classify
from galien.model.viewer import Viewer
from galien.usecases.ask import ask
from galien.usecases.services import Services

ZERO = Decimal(0)
UNKNOWN = "null"


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
    where = (Filter("pharmacy", pharmacies),) if pharmacies else ()
    sold = Question("sales", ("cost_excl",), ("product",), period, "none", where)
    held = Question("stock", ("stock_value",), ("product",), period, "none", where)
    going = _by_product(ask(sold, viewer, services=services).table.to_pylist(), "cost_excl")
    lying = _by_product(ask(held, viewer, services=services).table.to_pylist(), "stock_value")
    items = (
        Item(code, going.get(code, ZERO), lying.get(code, ZERO))
        for code in going.keys() | lying.keys()
    )
    return classify(items, thresholds=thresholds, must_hold=must_hold)


def _by_product(rows: Iterable[dict[str, Any]], measure: str) -> dict[str, Decimal]:
    return {row["product"] or UNKNOWN: row[measure] or ZERO for row in rows}
