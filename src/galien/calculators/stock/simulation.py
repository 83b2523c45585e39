"""A past year replayed day by day with a policy: service, stock, shortages, purchases and cash."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from galien.calculators.stock.arrays import Floats
from galien.calculators.stock.orders.levels import whole_up
from galien.calculators.stock.outcomes import Books, Day, Outcome, Replay
from galien.calculators.stock.policies import Policy

STEP = 7  # days between two tellings of how far a replay is
HAPPENED = "happened"
Told = Callable[[float], None]


@dataclass(frozen=True)
class Trace:
    """Every day of a few products, (products, days): asked, sold, delivered, ordered, evening stock.

    `trigger` is the stock under which the policy ordered that evening; nothing (NaN) for what happened.
    """

    asked: Floats
    sold: Floats
    delivered: Floats
    ordered: Floats
    stock: Floats
    trigger: Floats


def simulate(replay: Replay, policy: Policy, told: Told | None = None) -> Outcome:
    """Replay the days with a policy, which never knows what comes; `told` hears how far it is (0 to 1).

    Each morning what is due arrives; clients take what is there and go elsewhere for the rest, unless
    nobody holds the product: it is then bought for them. Each evening of order, what is below its
    trigger is ordered, in multiples, and arrives after the lead time (a day at least). Orders under way
    at the beginning are not known and count as none.
    """
    books, stock = Books(replay), replay.goods.opening
    for at, (day, _) in enumerate(_days(replay, policy)):
        books.count(at, day)
        stock = day.stock
        if told is not None and at % STEP == 0:
            told(at / replay.days)
    return books.outcome(policy.name, stock.copy())


def trace(replay: Replay, policy: Policy) -> Trace:
    """Replay like `simulate` and keep every day: for a few products."""
    days, triggers = [], []
    for day, trigger in _days(replay, policy):
        days.append(Day(*(each.copy() for each in vars(day).values())))
        triggers.append(trigger)
    told = {
        name: np.column_stack([getattr(day, name) for day in days])
        for name in ("asked", "sold", "delivered", "ordered", "stock")
    }
    return Trace(**told, trigger=np.column_stack(triggers))


def _days(replay: Replay, policy: Policy) -> Iterator[tuple[Day, Floats]]:
    """Yield each day and the trigger of its evening; arrays are those of the moment."""
    goods = replay.goods
    whole, past = replay.whole, replay.before.shape[1]
    asked_on, bought_on = replay.asked_by_day, replay.on_demand_by_day
    lead = np.maximum(1, np.rint(goods.lead).astype(np.int64))
    # Deliveries to come, by day of arrival, in a wheel as long as the longest wait.
    length = int(lead.max(initial=1)) + 1
    coming = np.zeros((length, len(goods.codes)))
    rows = np.arange(len(goods.codes))
    stock, ordered = goods.opening.astype(np.float64), np.zeros(len(goods.codes))
    trigger, target = policy.levels(goods, replay.before)
    for at in range(replay.days):
        due = coming[at % length].copy()
        coming[at % length] = 0.0
        stock = stock + due
        ordered -= due
        asked = asked_on[at]
        sold = np.minimum(stock, asked)
        stock -= sold
        if bought_on is not None:
            for_client = np.where(bought_on[at], asked - sold, 0.0)
            sold, due = sold + for_client, due + for_client
        if policy.every and at and at % policy.every == 0:
            trigger, target = policy.levels(goods, whole[:, : past + at + 1])
        lot = np.zeros_like(stock)
        if at % replay.review == 0:
            position = stock + ordered
            short = np.flatnonzero((position < trigger) & (target > position))
            lot[short] = whole_up(target[short] - position[short], goods.multiple[short])
            coming[(at + lead[short]) % length, rows[short]] += lot[short]
            ordered += lot
        yield Day(asked, sold, due, lot, stock), trigger


def happened(
    replay: Replay, sold: Floats, delivered: Floats, stock: Floats | None = None
) -> Outcome:
    """Return what really happened, from units sold and delivered each day (products, days).

    `stock` is that of the evenings when counts tell it; else it follows from the opening. Below nothing,
    the records miss a delivery, and it counts as none.
    """
    told = happened_trace(replay, sold, delivered, stock)
    books = Books(replay)
    days = [np.ascontiguousarray(each.T) for each in (told.asked, sold, delivered, told.stock)]
    none = np.zeros(len(sold))
    for at, (asked, gone, come, left) in enumerate(zip(*days, strict=True)):
        books.count(at, Day(asked, gone, come, none, left))
    return books.outcome(HAPPENED, days[3][-1].copy())


def happened_trace(
    replay: Replay, sold: Floats, delivered: Floats, stock: Floats | None = None
) -> Trace:
    """Return every day as it happened."""
    if stock is None:
        stock = replay.goods.opening[:, None] + np.cumsum(delivered - sold, axis=1)
    unknown = np.full_like(sold, np.nan)
    return Trace(
        np.maximum(replay.asked, sold), sold, delivered, unknown, np.maximum(stock, 0.0), unknown
    )
