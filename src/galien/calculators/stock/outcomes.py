"""What a year of stock comes to: service, shortages, lost sales, stock, purchases and cash."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from galien.calculators.stock.arrays import Flags, Floats
from galien.calculators.stock.policies import Goods
from galien.kernel.errors import InvalidInput


@dataclass(frozen=True)
class Replay:
    """What is replayed: units asked each day (products, days), those of the days before, and terms.

    `asked` is demand corrected for days without stock; `before` may have no day. `payment_days` is when
    purchases are paid; sales are taken at once. Orders are sent every `review` evenings. `on_demand` tells
    the products and days (products, days) on which nobody holds a product: what is asked and not there
    is then bought for the client who asks, and is not lost.
    """

    goods: Goods
    asked: Floats
    before: Floats
    payment_days: int = 30
    review: int = 1
    on_demand: Flags | None = None

    def __post_init__(self) -> None:
        if len(self.asked) != len(self.goods.codes) or len(self.before) != len(self.asked):
            raise InvalidInput("Produits et ventes ne se correspondent pas.")
        if not self.asked.shape[1] or np.any(self.asked < 0) or np.any(self.before < 0):
            raise InvalidInput(
                "Il faut au moins un jour de ventes, et des quantités positives : ôtez les retours."
            )
        if self.review < 1 or self.payment_days < 0:
            raise InvalidInput(
                "Il passe au moins un jour entre deux commandes, et on ne paie pas avant de recevoir."
            )

    @property
    def days(self) -> int:
        """Return how many days are replayed."""
        return int(self.asked.shape[1])

    @cached_property
    def whole(self) -> Floats:
        """Return the days before, then those replayed."""
        return np.concatenate([self.before, self.asked], axis=1)

    @cached_property
    def asked_by_day(self) -> Floats:
        """Return what is asked by day, each day's products together in memory."""
        return np.ascontiguousarray(self.asked.T)

    @cached_property
    def on_demand_by_day(self) -> Flags | None:
        """Return what nobody holds by day, alike."""
        return None if self.on_demand is None else np.ascontiguousarray(self.on_demand.T)


@dataclass(frozen=True)
class ByProduct:
    """The same by product: mean stock at cost in euros, days not wholly served, units lost."""

    stock_value: Floats
    shortages: Floats
    lost_units: Floats


@dataclass(frozen=True)
class Figures:
    """What a policy gives over the days replayed. Euros excl. tax, units, ratios.

    `service_level`: units served ÷ asked. `stock_value`: mean of the evenings, at cost. `shortages`:
    products × days on which a client was not wholly served. `lost_*`: what was asked and not there.
    `cash_tied`: mean of the evenings, stock at cost less what is delivered and not paid yet.
    `lowest_cash` and `cash`: takings less payments, at its lowest and at the end, from nothing.
    """

    policy: str
    service_level: float
    stock_value: float
    closing_value: float
    shortages: int
    lost_units: float
    lost_turnover: float
    lost_margin: float
    purchases: float
    lines: int
    turnover: float
    cash_tied: float
    cash: float
    lowest_cash: float


@dataclass(frozen=True)
class Outcome(Figures):
    """The same with its detail: `moves` holds opening, bought, sold and closing units by product."""

    moves: tuple[Floats, Floats, Floats, Floats]
    by_product: ByProduct

    @property
    def figures(self) -> Figures:
        """Return the figures without their detail."""
        return Figures(**{each.name: getattr(self, each.name) for each in fields(Figures)})


@dataclass(frozen=True)
class Day:
    """What a day was, by product: units asked, sold, delivered, ordered; the stock of the evening."""

    asked: Floats
    sold: Floats
    delivered: Floats
    ordered: Floats
    stock: Floats


class Books:
    """What is counted day after day."""

    def __init__(self, replay: Replay) -> None:
        self.replay = replay
        none = np.zeros(len(replay.goods.codes))
        self.sold, self.bought, self.lost = none.copy(), none.copy(), none.copy()
        self.stocks, self.short = none.copy(), none.copy()
        self.flows = np.zeros(replay.days + replay.payment_days + 1)
        self.spent = np.zeros(replay.days)
        self.lines = 0

    def count(self, at: int, day: Day) -> None:
        """Count the day of a number."""
        goods, missing = self.replay.goods, day.asked - day.sold
        self.sold += day.sold
        self.bought += day.delivered
        self.lost += missing
        self.short += missing > 0
        self.stocks += day.stock
        self.lines += int(np.count_nonzero(day.delivered > 0))
        # Short products of arrays: a scalar product would wake every thread of the machine each day.
        self.spent[at] = (goods.cost * day.delivered).sum()
        self.flows[at] += (goods.price * day.sold).sum()
        self.flows[at + self.replay.payment_days] -= self.spent[at]

    def outcome(self, policy: str, stock: Floats) -> Outcome:
        """Return the sums; payments due after the last day are not in the cash."""
        goods, days = self.replay.goods, self.replay.days
        asked = self.sold.sum() + self.lost.sum()
        cash = np.cumsum(self.flows[:days])
        value = goods.cost * self.stocks / days
        return Outcome(
            policy=policy,
            service_level=float(self.sold.sum() / asked) if asked else 1.0,
            stock_value=float(value.sum()),
            closing_value=float(goods.cost @ stock),
            shortages=int(self.short.sum()),
            lost_units=float(self.lost.sum()),
            lost_turnover=float(goods.price @ self.lost),
            lost_margin=float((goods.price - goods.cost) @ self.lost),
            purchases=float(self.spent.sum()),
            lines=self.lines,
            turnover=float(goods.price @ self.sold),
            cash_tied=float(value.sum() - self._owed()),
            cash=float(cash[-1]),
            lowest_cash=float(min(0.0, cash.min())),
            moves=(goods.opening, self.bought, self.sold, stock),
            by_product=ByProduct(value, self.short, self.lost),
        )

    def _owed(self) -> float:
        """Return what is delivered and not paid yet, mean of the evenings."""
        days, wait = self.replay.days, self.replay.payment_days
        # A purchase is owed from its evening to the one before it is paid, or to the last.
        held = np.minimum(wait, days - np.arange(days))
        return float(self.spent @ held) / days
