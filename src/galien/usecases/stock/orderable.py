"""What an order is made from: the products of a pharmacy as rows of stock, demand, waits and prices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from galien.calculators.stock.abc import AbcClass, Item, classify
from galien.calculators.stock.arrays import Floats, Integers
from galien.calculators.stock.expiry import nearest_units
from galien.calculators.stock.orders.levels import SERVICE, factor
from galien.calculators.stock.orders.position import usable
from galien.calculators.stock.orders.proposal import COLD, HOSPITAL, SHELF, Shelf
from galien.calculators.stock.orders.quantity import Prices
from galien.usecases.stock.asked import Asked
from galien.usecases.stock.flows import Flows, Known
from galien.usecases.stock.national import National
from galien.usecases.stock.presence import OCCASIONS
from galien.usecases.stock.reading import Level
from galien.usecases.stock.set_shelf import Hands, set_by_hand
from galien.usecases.stock.sources import Source, Trade

MONTHLY = 1 / 30  # units a day, from which a product is kept on shelves whatever its class
DEAR = 100.0  # euros a unit, from which what is not usually on shelves waits for its client
LATELY, YEAR = 91, 365  # days looked at to tell whether a product sells, and whether it did at all
NOBODY = ""


@dataclass(frozen=True)
class Under:
    """What is already ordered: units and days before they come, and units in open proposals."""

    incoming: Mapping[str, tuple[tuple[float, float], ...]] = field(default_factory=dict)
    proposed: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Sight:
    """All that is known of the products looked at; arrays are of `place`, rows of the flows."""

    found: Flows
    demand: Asked
    shelves: Mapping[str, Level]
    products: Mapping[str, Known]
    trade: Trade
    classes: Mapping[str, AbcClass]
    on: dt.date
    place: Integers
    national: National
    unanswered: Mapping[str, str]
    hands: Hands = field(default_factory=Hands)

    def codes(self) -> list[str]:
        """Return the codes of the products of `place`, in order."""
        return [self.found.codes[row] for row in self.place]


def shelf_of(sight: Sight, under: Under, sources: Sequence[tuple[Source, ...]] | None) -> Shelf:
    """Return the rows that a proposal is made from, each at its cheapest source's price and rhythm.

    Without `sources`, at its cost and with the supplier that delivered it last.
    """
    codes, told = sight.codes(), sight.demand
    demand, stock = told.daily[sight.place], told.stock[sight.place]
    names = (
        [sight.trade.usual(code) for code in codes]
        if sources is None
        else [_cheapest(each) for each in sources]
    )
    rhythms = [sight.trade.rhythm(name) for name in names]
    lead = np.array([each.lead for each in rhythms])
    review = np.array([each.review for each in rhythms])
    minimum = np.array([_minimum(sight.shelves.get(code)) for code in codes])
    incoming = [
        sum(units for units, days in under.incoming.get(code, ()) if days <= wait)
        for code, wait in zip(codes, lead + review, strict=True)
    ]
    read = Shelf.of(
        _prices(sight, codes, sources),
        demand=demand, deviation=told.deviation[sight.place], on_hand=stock,
        usable=_usable(sight, codes, stock, demand, lead + review),
        incoming=np.array(incoming, dtype=np.float64),
        proposed=np.array([under.proposed.get(code, 0.0) for code in codes], dtype=np.float64),
        lead=lead, lead_deviation=np.array([each.deviation for each in rhythms]), review=review,
        factors=np.array([factor(SERVICE[sight.classes[code].value]) for code in codes]),
        held=np.array([_held(sight, int(row)) for row in sight.place]),
        minimum=minimum,
        multiple=np.array([
            float(sight.trade.pack(code, name)) for code, name in zip(codes, names, strict=True)
        ]),
        apart=np.array([float(_apart(sight.products[code])) for code in codes]),
    )  # fmt: skip
    return set_by_hand(read, codes, sight.hands)


def classes_of(sight: Sight) -> dict[str, AbcClass]:
    """Return the ABC class of every product sold, by the cost of what goes out in a year."""
    rates = dict(zip(sight.found.codes, sight.demand.corrected, strict=True))
    items = [
        Item(code, Decimal(str(round(365 * rates[code] * _cost(sight, code), 2))), Decimal(0))
        for code in sight.found.codes
    ]
    return {row.item.product_code: row.class_outgoing for row in classify(items).rows}


def _cost(sight: Sight, code: str) -> float:
    level = sight.shelves.get(code)
    if level is not None and level.unit_cost > 0:
        return float(level.unit_cost)
    lines = sight.trade.last.get(code, {})
    line = max(lines.values(), key=lambda each: each.day, default=None)
    return float(line.net_amount / line.delivered) if line else 0.0


def _held(sight: Sight, row: int) -> float:
    """Tell (1 or 0) whether a product is kept on shelves.

    Kept: what has a minimum; and of what sold within a year, products of class A or B and narcotics that
    the pharmacy usually has, and what sells each month, on shelves or, if it is not dear, on three days of
    the last thirteen weeks at least. The rest is ordered when somebody asks, from a wholesaler that comes
    each day.
    """
    code, told = sight.found.codes[row], sight.demand
    if _minimum(sight.shelves.get(code)) >= 0:
        return 1.0
    asked = sight.found.asked[row]
    if not (asked[-YEAR:] > 0).any():
        return 0.0
    often = (asked[-LATELY:] > 0).sum() >= OCCASIONS
    taken_up = bool(told.usual[row]) or (often and _cost(sight, code) < DEAR)
    worth = sight.classes[code] is not AbcClass.C or sight.products[code].narcotic
    return float((told.usual[row] and worth) or (taken_up and told.daily[row] >= MONTHLY))


def _minimum(level: Level | None) -> float:
    """Return the minimum as the pharmacist set it; files say 0 where none is."""
    return float(level.minimum) if level is not None and level.minimum > 0 else -1.0


def _apart(product: Known) -> int:
    if product.hospital:
        return HOSPITAL
    return COLD if product.cold else SHELF


def _usable(
    sight: Sight, codes: Sequence[str], stock: Floats, demand: Floats, wait: Floats
) -> Floats:
    """Count stock that can be sold: boxes of the oldest delivery bear the nearest date (`expiry`)."""
    dates = [level.nearest_expiry if (level := sight.shelves.get(code)) else None for code in codes]
    left = np.array([np.inf if day is None else float((day - sight.on).days) for day in dates])
    first = np.zeros(len(stock))
    # Dates beyond the wait change nothing.
    for row in np.flatnonzero(left < wait):
        came = sight.found.received[sight.place[row]]
        units = [Decimal(int(each)) for each in came[came > 0][::-1]]
        first[row] = float(nearest_units(Decimal(round(float(stock[row]))), units))
    lots = np.column_stack([first, stock - first])
    return usable(lots, np.column_stack([left, np.full(len(stock), np.inf)]), demand, wait)


def _cheapest(sources: tuple[Source, ...]) -> str:
    return (
        min(sources, key=lambda each: (each.unit(1), each.supplier)).supplier if sources else NOBODY
    )


def _prices(
    sight: Sight, codes: Sequence[str], sources: Sequence[tuple[Source, ...]] | None
) -> Prices:
    """Return the prices of the cheapest source of each product, or its cost while none is looked for."""
    costs = np.array([max(_cost(sight, code), 0.01) for code in codes])
    if sources is None:
        return Prices.plain(costs)
    best = [
        min(each, key=lambda one: (one.unit(1), one.supplier)) if each else Source(NOBODY, cost)
        for each, cost in zip(sources, costs, strict=True)
    ]
    width = max((len(each.tiers) for each in best), default=0)
    minima, rates = np.full((len(best), width), np.inf), np.zeros((len(best), width))
    for row, each in enumerate(best):
        for place, (start, rate) in enumerate(each.tiers):
            minima[row, place], rates[row, place] = start, rate
    return Prices(
        np.array([each.price for each in best], dtype=np.float64), minima, rates,
        np.array([each.paid for each in best], dtype=np.float64),
        np.array([each.free for each in best], dtype=np.float64),
    )  # fmt: skip
