"""Ways to run a stock: what triggers an order and what it reaches, from what was asked until now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from galien.calculators.stock.arrays import Floats
from galien.calculators.stock.orders.levels import (
    SERVICE,
    factor,
    reorder_point,
    safety_stock,
    whole_up,
)
from galien.calculators.stock.orders.quantity import Bounds, Costs, Prices, economic_quantity

USUAL = Costs(0.30, 0.15)
SEEN = 112  # last days that demand is measured on: a season long, a habit short


@dataclass(frozen=True)
class Goods:
    """The products of a pharmacy, arrays of one length.

    `price` and `cost` are a unit's, in euros excl. tax; `opening` units at the beginning; `lead` whole days
    from order to delivery and `lead_deviation` their deviation; `classes` the ABC class of each.
    """

    codes: tuple[str, ...]
    price: Floats
    cost: Floats
    opening: Floats
    lead: Floats
    lead_deviation: Floats
    multiple: Floats
    classes: tuple[str, ...]


class Policy(Protocol):
    """A way to run a stock. `every` is the number of days between two settings of its levels (0: once)."""

    @property
    def name(self) -> str:
        """Return what the policy is called in answers."""

    @property
    def every(self) -> int:
        """Return the days between two settings; 0 when they are set once, at the beginning."""

    def levels(self, goods: Goods, asked: Floats) -> tuple[Floats, Floats]:
        """Return trigger and target from the units asked on each past day (products, days).

        An order is due when the position is below the trigger; it brings it to the target at least.
        """


@dataclass(frozen=True)
class Service:
    """Galien's: safety for a service level by class, quantities that cost least, set again every week."""

    service: Mapping[str, float] = field(default_factory=lambda: dict(SERVICE))
    costs: Costs = USUAL
    review: float = 1.0
    longest_cover: float = 60.0
    every: int = 7
    name: str = "service"

    def levels(self, goods: Goods, asked: Floats) -> tuple[Floats, Floats]:
        """Return reorder points, and those plus the economic quantity."""
        demand, deviation = _mean(asked), _deviation(asked)
        wait = goods.lead + self.review
        factors = np.array([factor(self.service.get(each, SERVICE["A"])) for each in goods.classes])
        safety = safety_stock(
            demand, deviation, lead=wait, lead_deviation=goods.lead_deviation, factors=factors
        )
        point = reorder_point(demand, wait, safety)
        bounds = Bounds(np.ones_like(demand), demand * self.longest_cover, goods.multiple)
        lot = economic_quantity(demand, Prices.plain(goods.cost), bounds, self.costs)
        # The order brings back what is missing to the trigger: the lot comes on top, less one unit.
        return point, point + np.maximum(0.0, lot - 1)


@dataclass(frozen=True)
class MinMax:
    """Minima and maxima set once, in days of the demand seen before."""

    minimum_days: float = 7.0
    maximum_days: float = 21.0
    every: int = 0
    name: str = "min-max"

    def levels(self, goods: Goods, asked: Floats) -> tuple[Floats, Floats]:
        """Return days of demand, rounded up; what never sold is not held."""
        del goods
        demand = _mean(asked)
        return whole_up(demand * self.minimum_days), whole_up(demand * self.maximum_days)


@dataclass(frozen=True)
class Cover:
    """Every day, order up to so many days of the demand of the last four weeks."""

    days: float = 15.0
    every: int = 1
    name: str = "cover"

    def levels(self, goods: Goods, asked: Floats) -> tuple[Floats, Floats]:
        """Return the same level twice: whatever was sold is ordered again."""
        del goods
        level = whole_up(_mean(asked[:, -28:]) * self.days)
        return level, level


def _mean(asked: Floats) -> Floats:
    """Return units a day over the last days; none when nothing is known yet."""
    last = asked[:, -SEEN:]
    return np.asarray(last.mean(axis=1)) if last.shape[1] else np.zeros(len(asked))


def _deviation(asked: Floats) -> Floats:
    """Return the deviation of a day's demand, at least that of a Poisson law."""
    last = asked[:, -SEEN:]
    seen = np.asarray(last.std(axis=1)) if last.shape[1] else np.zeros(len(asked))
    return np.maximum(seen, np.sqrt(_mean(asked)))
