"""How much to order at a time: what discounts and free units bring against the stock they need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from galien.calculators.stock.arrays import Floats, Integers
from galien.calculators.stock.orders.levels import whole_down, whole_up

DAYS = 365.0
EVERY = 2000  # multiples up to which each one is tried
SINGLES = 24  # above, so many are tried one by one, then each is a tenth more than the last
GROWTH = 1.1
STEPS = 60
CELLS = 400_000  # quantities weighed at a time


@dataclass(frozen=True)
class Prices:
    """What a unit costs by quantity; arrays of rows, or (rows, tiers).

    `list_price` in euros; a line of at least `minima` paid units has the discount `rates` of the highest
    tier it reaches (infinite minima: no tier). `free` units come with each `paid` ones (0: none).
    """

    list_price: Floats
    minima: Floats
    rates: Floats
    paid: Floats
    free: Floats

    @classmethod
    def plain(cls, list_price: Floats) -> Prices:
        """Return prices that quantity does not change."""
        none = np.zeros_like(list_price)
        return cls(
            list_price, np.full((len(list_price), 0), np.inf), none[:, None][:, :0], none, none
        )

    def rows(self, place: object) -> Prices:
        """Return the prices of some rows."""
        return Prices(*(np.asarray(each)[place] for each in vars(self).values()))  # type: ignore[call-overload]

    def unit(self, units: Floats) -> Floats:
        """Return what a unit costs, free ones counted, when `units` (rows, …) are delivered.

        >>> one = np.ones(1)
        >>> ten = Prices(11 * one, np.array([[11.0]]), np.array([[0.1]]), 10 * one, one)
        >>> ten.unit(np.array([[10.0, 11.0, 12.0]])).round(3)
        array([[11.   , 10.   ,  9.075]])
        """
        lot = (self.paid + self.free)[:, None]
        given = np.where(lot > 0, self.free[:, None] * np.floor(units / np.maximum(lot, 1.0)), 0.0)
        charged = units - given
        rate = np.zeros_like(units)
        for tier in range(self.minima.shape[1]):
            reached = charged >= self.minima[:, tier, None]
            rate = np.where(reached, np.maximum(rate, self.rates[:, tier, None]), rate)
        return np.asarray(self.list_price[:, None] * (1 - rate) * charged / units)


@dataclass(frozen=True)
class Bounds:
    """What a quantity must be: at least `least`, a multiple of `multiple`, at most `most` units.

    `most` is what sells before it expires and within the longest cover; `least` wins over it.
    """

    least: Floats
    most: Floats
    multiple: Floats

    def rows(self, place: object) -> Bounds:
        """Return the bounds of some rows."""
        return Bounds(*(each[place] for each in vars(self).values()))


@dataclass(frozen=True)
class Costs:
    """What ordering a line costs (euros), and what stock costs in a year (a ratio of its value)."""

    line: float
    holding: float


def yearly_cost(demand: Floats, units: Floats, prices: Prices, costs: Costs) -> Floats:
    """Return what buying `units` (rows, …) at a time costs in a year, in euros.

    Equation: 365 d u(q) + 365 d K ÷ q + h u(q) q ÷ 2, with d the demand a day, u(q) the unit price, K the
    cost of a line and h the holding rate. Source: Harris (1913), with all-units discounts.
    """
    unit = prices.unit(units)
    yearly = DAYS * demand[:, None]
    return np.asarray(yearly * (unit + costs.line / units) + costs.holding * unit * units / 2)


def economic_quantity(demand: Floats, prices: Prices, bounds: Bounds, costs: Costs) -> Floats:
    """Return the quantity that costs least in a year, in multiples within bounds; ties go to the smallest.

    The quantities tried do not depend on the costs: a dearer holding never raises the answer.

    >>> one = np.ones(1)
    >>> bounds = Bounds(one, 1000 * one, one)
    >>> economic_quantity(one, Prices.plain(10 * one), bounds, Costs(2.0, 0.146))
    array([32.])
    """
    found = np.zeros(len(demand))
    tiered = np.isfinite(prices.minima).any(axis=1) | (prices.free > 0)
    plain = np.flatnonzero(~tiered)
    found[plain] = _square_root(demand[plain], prices.list_price[plain], bounds.rows(plain), costs)
    rows = np.flatnonzero(tiered)
    for part in _blocks(rows, _counts(bounds.rows(rows))):
        found[part] = _tried(demand[part], prices.rows(part), bounds.rows(part), costs)
    return found


def _counts(bounds: Bounds) -> Floats:
    """Return how many multiples each row may take."""
    low, high = _edges(bounds)
    return np.asarray(np.round((high - low) / bounds.multiple) + 1)


def _blocks(rows: Integers, counts: Floats) -> Iterator[Integers]:
    """Part rows so that those of a block have about as many multiples to try."""
    order = np.argsort(counts, kind="stable")[::-1]
    start = 0
    while start < len(rows):
        width = min(int(counts[order[start]]), EVERY)
        size = max(1, CELLS // width)
        yield rows[order[start : start + size]]
        start += size


def _square_root(demand: Floats, price: Floats, bounds: Bounds, costs: Costs) -> Floats:
    """Return Wilson's quantity, as the better of the two multiples around it."""
    held = np.maximum(costs.holding * price, 1e-12)
    best = np.sqrt(2 * DAYS * np.maximum(demand, 0) * costs.line / held)
    low, high = _edges(bounds)
    below = np.clip(whole_down(np.minimum(best, 1e9), bounds.multiple), low, high)
    above = np.clip(below + bounds.multiple, low, high)
    units = np.column_stack([below, above])
    cost = yearly_cost(demand, units, Prices.plain(price), costs)
    return np.asarray(np.where(cost[:, 1] < cost[:, 0], above, below))


def _tried(demand: Floats, prices: Prices, bounds: Bounds, costs: Costs) -> Floats:
    low, high = _edges(bounds)
    most = int(min(_counts(bounds).max(), EVERY))
    units = low[:, None] + np.arange(most) * bounds.multiple[:, None]
    if np.any(units[:, -1] < high):
        units = np.concatenate([units, _candidates(prices, bounds)], axis=1)
    units = np.sort(np.clip(units, low[:, None], high[:, None]), axis=1)
    cost = yearly_cost(demand, units, prices, costs)
    best = np.argmin(cost, axis=1)
    return np.asarray(np.take_along_axis(units, best[:, None], axis=1)[:, 0])


def _candidates(prices: Prices, bounds: Bounds) -> Floats:
    """Return multiples near and far, each tier's minimum, and whole lots of free units."""
    counts = np.concatenate([np.arange(1, SINGLES + 1), SINGLES * GROWTH ** np.arange(1, STEPS)])
    multiple = bounds.multiple[:, None]
    steps = np.floor(counts)[None, :] * multiple
    minima = np.where(np.isfinite(prices.minima), prices.minima, 1.0)
    lot = (prices.paid + prices.free)[:, None]
    # A tier counts paid units: the free ones that come with them are in the box too.
    boxes = minima + prices.free[:, None] * np.floor(minima / np.maximum(prices.paid[:, None], 1.0))
    lots = np.where(lot > 0, lot * np.arange(1, SINGLES + 1)[None, :], multiple)
    return np.concatenate(
        [steps, whole_up(minima, multiple), whole_up(boxes, multiple), whole_up(lots, multiple)],
        axis=1,
    )


def _edges(bounds: Bounds) -> tuple[Floats, Floats]:
    low = np.maximum(whole_up(bounds.least, bounds.multiple), bounds.multiple)
    high = whole_down(np.minimum(bounds.most, 1e9), bounds.multiple)
    return low, np.maximum(low, high)
