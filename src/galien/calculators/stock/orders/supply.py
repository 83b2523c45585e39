"""Who should deliver each line: what it costs at each supplier, waiting and terms counted, then the split."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from galien.calculators.stock.arrays import Floats
from galien.calculators.stock.orders.sharing import reasons
from galien.calculators.stock.orders.split import Split, Supplier, split
from galien.calculators.stock.orders.tiers import Payment


@dataclass(frozen=True)
class Wanted:
    """The lines to buy: units of each, demand a day, days before they must be there."""

    quantity: Floats
    demand: Floats
    within: Floats


@dataclass(frozen=True)
class Money:
    """What a year of stock and a year of money cost, as ratios."""

    holding: float = 0.15
    money: float = 0.05


@dataclass(frozen=True)
class Supplied:
    """The split, and why each line went where it went."""

    split: Split
    reasons: tuple[str, ...]


def supply(
    wanted: Wanted, prices: Floats, lead: Floats, suppliers: Sequence[tuple[Supplier, Payment]],
    money: Money,
) -> Supplied:  # fmt: skip
    """Share lines between suppliers at the lowest total cost for the date required.

    `prices` is a unit's net price and `lead` the days to deliver, both (lines, suppliers). A supplier that
    delivers after the date required cannot have the line. Waiting costs the stock it makes one hold: lead ×
    demand × price × holding rate ÷ 365 per day of cover bought; terms of payment are worth what `Payment`
    says. The order's own costs are those of `split`.
    """
    able = np.isfinite(prices) & (lead <= wanted.within[:, None])
    amounts = np.where(able, prices, 0.0) * wanted.quantity[:, None]
    days = np.divide(
        wanted.quantity, wanted.demand, out=np.zeros_like(wanted.quantity), where=wanted.demand > 0
    )
    waiting = np.where(able, prices * lead, 0.0) * wanted.demand[:, None] * money.holding / 365
    worth = np.array([payment.worth(money.money) for _, payment in suppliers])
    others = waiting * np.minimum(days, 365)[:, None] - amounts * worth
    amounts = np.where(able, amounts, np.inf)
    names = tuple(supplier for supplier, _ in suppliers)
    found = split(amounts, others, names)
    return Supplied(found, reasons(found, amounts, others, names))
