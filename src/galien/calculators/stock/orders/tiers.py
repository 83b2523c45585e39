"""When a bigger discount does not pay for the stock it needs, and what free units cost against an invoice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from galien.calculators.stock.arrays import Floats
from galien.calculators.stock.orders.levels import whole_up
from galien.calculators.stock.orders.quantity import DAYS, Bounds, Costs, Prices, yearly_cost
from galien.kernel import french
from galien.kernel.errors import InvalidInput


@dataclass(frozen=True)
class Refused:
    """A tier left aside: its minimum and rate, what it would save and cost in a year (euros), its cover.

    `expires` tells that it would not sell in time, whatever it saves.
    """

    minimum: float
    rate: float
    saved: float
    stock_cost: float
    cover_days: float
    expires: bool

    def sentence(self) -> str:
        """Say why the tier was left aside."""
        head = (
            f"Palier de {french.number(self.minimum)} (−{french.percent(self.rate, 1)}) écarté : "
        )
        cover = f"{french.number(self.cover_days)} jours de ventes"
        if self.expires:
            return f"{head}{cover}, plus que ce qui se vend avant péremption ou que la couverture permise."
        return (
            f"{head}{french.amount(self.saved)} gagnés par an, {french.amount(self.stock_cost)} de stock en "
            f"plus ({cover})."
        )


def refused_tiers(
    demand: Floats, prices: Prices, bounds: Bounds, costs: Costs, *, chosen: Floats
) -> list[tuple[Refused, ...]]:
    """Return, for each row, the tiers above the quantity chosen, each with its figures.

    Saved: purchases and lines of a year at the chosen quantity less those at the tier's; cost: the holding
    of the stock it adds. A refused tier has cost above saved, or does not sell in time.

    >>> one = np.ones(1)
    >>> prices = Prices(10 * one, np.array([[200.0]]), np.array([[0.02]]), 0 * one, 0 * one)
    >>> bounds = Bounds(one, 1000 * one, one)
    >>> (each,), = refused_tiers(0.5 * one, prices, bounds, Costs(0.3, 0.2), chosen=10 * one)
    >>> round(each.saved, 2), round(each.stock_cost, 2)
    (41.7, 186.0)
    """
    tiered = np.isfinite(prices.minima) & (demand > 0)[:, None]
    units = whole_up(np.where(tiered, prices.minima, 1.0), bounds.multiple[:, None])
    refused = tiered & (units > chosen[:, None])
    every = np.concatenate([np.maximum(chosen, 1.0)[:, None], units], axis=1)
    bare = yearly_cost(demand, every, prices, Costs(costs.line, 0.0))
    holding = yearly_cost(demand, every, prices, costs) - bare
    saved, stock_cost = bare[:, :1] - bare[:, 1:], holding[:, 1:] - holding[:, :1]
    expires = units > bounds.most[:, None]
    found: list[list[Refused]] = [[] for _ in demand]
    for row, tier in np.argwhere(refused):
        at = (row, tier)
        found[row].append(
            Refused(
                float(prices.minima[at]), float(prices.rates[at]), float(saved[at]),
                float(stock_cost[at]), float(units[at] / demand[row]), bool(expires[at]),
            )
        )  # fmt: skip
    return [tuple(each) for each in found]


@dataclass(frozen=True)
class FreeUnits:
    """Free units against a discount of the same rate on the invoice.

    `rate`: what they are worth, n ÷ (p + n). `advantage`: euros a year by which the invoice discount wins,
    for want of the stock that whole lots add.
    """

    rate: float
    advantage: float

    def sentence(self) -> str:
        """Say by how much an invoice discount of the same rate wins."""
        return (
            f"Les unités gratuites valent {french.percent(self.rate)} ; à taux égal, une remise sur facture "
            f"coûte {french.amount(self.advantage)} de moins par an : elle n’oblige pas à stocker le lot."
        )


def free_units(
    demand: Floats | float, paid: int, free: int, *, price: float, usual: float, costs: Costs
) -> FreeUnits:
    """Compare `free` units for `paid` ones with the same rate on the invoice of a `usual` quantity.

    Equation: rate = n ÷ (p + n); advantage = yearly cost of lots of p + n − yearly cost of the usual
    quantity at that rate, never below 0 as a lot may also be what one buys.
    Source: handbook of stock; 1 for 10 is 9,09 %.

    >>> found = free_units(1.0, 10, 1, price=10.0, usual=4.0, costs=Costs(0.0, 0.12))
    >>> round(found.rate, 4), round(found.advantage, 2)
    (0.0909, 3.82)
    """
    if paid < 1 or free < 1 or usual <= 0:
        raise InvalidInput(
            "Il faut des unités payées, des unités gratuites et une quantité habituelle."
        )
    rate = free / (paid + free)
    net = Prices.plain(np.array([price * (1 - rate)]))
    units = np.array([[float(paid + free), min(usual, paid + free)]])
    cost = yearly_cost(np.atleast_1d(np.asarray(demand, dtype=np.float64)), units, net, costs)[0]
    return FreeUnits(rate, max(0.0, float(cost[0] - cost[1])))


@dataclass(frozen=True)
class Payment:
    """When a line is paid: `days` after the invoice, `cash_discount` for paying at once."""

    days: float = 0.0
    cash_discount: float = 0.0

    def sold_before_paid(self, demand: float, units: float) -> bool:
        """Tell whether a quantity is sold before it is paid for."""
        return demand * self.days >= units

    def worth(self, money: float) -> float:
        """Return what the terms are worth, as a ratio of the amount, at a yearly cost of money.

        The better of waiting and of the cash discount: max(e, 1 − 1 ÷ (1 + m days ÷ 365)).

        >>> round(Payment(60, 0.005).worth(0.05), 5), Payment(30, 0.01).worth(0.05)
        (0.00815, 0.01)
        """
        return max(self.cash_discount, 1 - 1 / (1 + money * self.days / DAYS))
