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
MONTH = 28
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
        demand, deviation = _habit(asked)
        wait = goods.lead + self.review
        of_class = {
            each: factor(self.service.get(each, SERVICE["A"])) for each in set(goods.classes)
        }
        factors = np.array([of_class[each] for each in goods.classes])
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
    """Order up to so many days of the demand of the last four weeks, measured again every week."""

    days: float = 15.0
    every: int = 7
    name: str = "cover"

    def levels(self, goods: Goods, asked: Floats) -> tuple[Floats, Floats]:
        """Return the same level twice: whatever was sold is ordered again."""
        del goods
        level = whole_up(_mean(asked[:, -MONTH:]) * self.days)
        return level, level


@dataclass(frozen=True)
class OnSale:
    """What is sold is ordered again: each product keeps the stock it had at the beginning."""

    every: int = 7
    name: str = "on-sale"

    def levels(self, goods: Goods, asked: Floats) -> tuple[Floats, Floats]:
        """Return the opening stock twice; what sold in the last four weeks is held by one at least."""
        sold = _mean(asked[:, -MONTH:]) > 0
        level = np.maximum(goods.opening, sold.astype(np.float64))
        return level, level


def _mean(asked: Floats) -> Floats:
    """Return units a day over the last days; none when nothing is known yet."""
    last = asked[:, -SEEN:]
    return np.asarray(np.einsum("ij->i", last) / max(1, last.shape[1]))


def _habit(asked: Floats) -> tuple[Floats, Floats]:
    """Return units a day over the last days and their deviation, at least that of a Poisson law."""
    last, mean = asked[:, -SEEN:], _mean(asked)
    squares = np.einsum("ij,ij->i", last, last) / max(1, last.shape[1])
    return mean, np.sqrt(np.maximum(squares - mean**2, mean))
