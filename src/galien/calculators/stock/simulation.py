"""A past year replayed day by day with a policy: service, stock, shortages, purchases and cash."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from galien.calculators.stock.arrays import Floats
from galien.calculators.stock.orders.levels import whole_up
from galien.calculators.stock.policies import Goods, Policy
from galien.kernel.errors import InvalidInput


@dataclass(frozen=True)
class Replay:
    """What is replayed: units asked each day (products, days), those of the days before, and terms.

    `asked` is demand corrected for days without stock; `before` may have no day. `payment_days` is when
    purchases are paid; sales are taken at once.
    """

    goods: Goods
    asked: Floats
    before: Floats
    payment_days: int = 30

    def __post_init__(self) -> None:
        if len(self.asked) != len(self.goods.codes) or len(self.before) != len(self.asked):
            raise InvalidInput("Produits et ventes ne se correspondent pas.")
        if not self.asked.shape[1] or np.any(self.asked < 0) or np.any(self.before < 0):
            raise InvalidInput(
                "Il faut au moins un jour de ventes, et des quantités positives : ôtez les retours."
            )


@dataclass(frozen=True)
class Outcome:
    """What a policy gives over the days replayed. Euros excl. tax, units, ratios.

    `service_level`: units served ÷ asked. `stock_value`: mean of the evenings, at cost. `shortages`:
    products × days on which a client was not wholly served. `lost_*`: what was asked and not there.
    `lowest_cash` and `cash`: takings less payments, at its lowest and at the end, from nothing.
    `moves` holds opening, bought, sold and closing units by product.
    """

    name: str
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
    cash: float
    lowest_cash: float
    moves: tuple[Floats, Floats, Floats, Floats]


class _Books:
    """What is counted day after day."""

    def __init__(self, replay: Replay) -> None:
        goods, days = replay.goods, replay.asked.shape[1]
        self.replay = replay
        self.sold, self.bought = np.zeros_like(goods.opening), np.zeros_like(goods.opening)
        self.lost = np.zeros_like(goods.opening)
        self.flows = np.zeros(days + max(replay.payment_days, 0) + 1)
        self.value, self.shortages, self.lines = 0.0, 0, 0

    def day(
        self, day: int, *, asked: Floats, sold: Floats, delivered: Floats, stock: Floats
    ) -> None:
        """Count a day: what was asked, sold and delivered, and the stock of the evening."""
        goods = self.replay.goods
        self.sold += sold
        self.bought += delivered
        self.lost += asked - sold
        self.shortages += int(np.count_nonzero(asked > sold))
        self.lines += int(np.count_nonzero(delivered))
        self.value += float(goods.cost @ stock)
        self.flows[day] += float(goods.price @ sold)
        self.flows[day + self.replay.payment_days] -= float(goods.cost @ delivered)

    def outcome(self, name: str, stock: Floats) -> Outcome:
        """Return the sums; payments due after the last day are not in the cash."""
        goods, days = self.replay.goods, self.replay.asked.shape[1]
        asked = self.sold.sum() + self.lost.sum()
        cash = np.cumsum(self.flows[:days])
        return Outcome(
            name=name,
            service_level=float(self.sold.sum() / asked) if asked else 1.0,
            stock_value=self.value / days,
            closing_value=float(goods.cost @ stock),
            shortages=self.shortages,
            lost_units=float(self.lost.sum()),
            lost_turnover=float(goods.price @ self.lost),
            lost_margin=float((goods.price - goods.cost) @ self.lost),
            purchases=float(goods.cost @ self.bought),
            lines=self.lines,
            turnover=float(goods.price @ self.sold),
            cash=float(cash[-1]),
            lowest_cash=float(min(0.0, cash.min())),
            moves=(goods.opening, self.bought, self.sold, stock),
        )


def simulate(replay: Replay, policy: Policy) -> Outcome:
    """Replay the days with a policy, which never knows what comes.

    Each morning what is due arrives; clients take what is there and go elsewhere for the rest; each
    evening what is below its trigger is ordered, in multiples, and arrives after the lead time (a day at
    least). Orders under way at the beginning are not known and count as none.
    """
    goods, days = replay.goods, replay.asked.shape[1]
    whole = np.concatenate([replay.before, replay.asked], axis=1)
    past = replay.before.shape[1]
    lead = np.maximum(1, np.rint(goods.lead).astype(np.int64))
    coming = np.zeros((days + int(lead.max()) + 1, len(goods.codes)))
    rows = np.arange(len(goods.codes))
    stock, ordered = goods.opening.astype(np.float64), np.zeros(len(goods.codes))
    trigger, target = policy.levels(goods, replay.before)
    books = _Books(replay)
    for day in range(days):
        stock += coming[day]
        ordered -= coming[day]
        asked = replay.asked[:, day]
        sold = np.minimum(stock, asked)
        stock -= sold
        books.day(day, asked=asked, sold=sold, delivered=coming[day], stock=stock)
        if policy.every and day and day % policy.every == 0:
            trigger, target = policy.levels(goods, whole[:, : past + day + 1])
        position = stock + ordered
        lot = np.where(position < trigger, whole_up(target - position, goods.multiple), 0.0)
        lot = np.maximum(lot, 0.0)
        coming[day + lead, rows] += lot
        ordered += lot
    return books.outcome(policy.name, stock)


def happened(replay: Replay, sold: Floats, delivered: Floats) -> Outcome:
    """Return what really happened, from units sold and delivered each day (products, days).

    Stock follows from the opening; below nothing, the records miss a delivery, and it counts as none.
    """
    stock = replay.goods.opening.astype(np.float64)
    books = _Books(replay)
    for day in range(replay.asked.shape[1]):
        stock = stock + delivered[:, day] - sold[:, day]
        asked = np.maximum(replay.asked[:, day], sold[:, day])
        books.day(
            day, asked=asked, sold=sold[:, day], delivered=delivered[:, day],
            stock=np.maximum(stock, 0.0),
        )  # fmt: skip
    return books.outcome("happened", stock)
