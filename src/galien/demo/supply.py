"""The stock of one pharmacy, day by day: what is sold leaves it, orders fill it, at a weighted cost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from galien.demo.catalogue import Catalogue
from galien.demo.days import Calendar
from galien.demo.members import Member
from galien.demo.public import Floats, Ints
from galien.demo.taste import Taste
from galien.demo.terms import DIRECT, DISTRIBUTOR, WHOLESALER, Terms, quote

_LEAD = {WHOLESALER: 1, DIRECT: 4, DISTRIBUTOR: 3}
_CYCLE = {DIRECT: 36, DISTRIBUTOR: 14}


@dataclass(frozen=True)
class Purchases:
    """One entry per delivered line, by day; unit prices in cents excl. tax."""

    day: Ints
    product: Ints
    channel: Ints
    ordered: Ints
    delivered: Ints
    free: Ints
    list: Ints
    net: Ints


@dataclass(frozen=True)
class Counts:
    """One entry per product held at a month end; cost in cents excl. tax."""

    day: Ints
    product: Ints
    quantity: Ints
    cost: Ints
    minimum: Ints


@dataclass(frozen=True)
class Supply:
    """What the stock ledger gives: unit cost of each line sold, purchases, month-end counts."""

    unit_cost: Floats
    purchases: Purchases
    counts: Counts


@dataclass(frozen=True)
class Levels:
    """Order point and order-up-to level of each product, for one month."""

    point: Ints
    target: Ints


class Shelves:
    """The running state of the stock: boxes, weighted cost, orders under way, purchases made."""

    def __init__(self, catalogue: Catalogue, terms: Terms, opening: Ints) -> None:
        """Open the stock at the given boxes, valued at the prices of the first day."""
        self.catalogue, self.terms = catalogue, terms
        self.stock = opening.copy()
        everything = np.arange(len(catalogue))
        first = quote(catalogue, terms, day=0, product=everything, channel=terms.channel)
        self.cost = first.net.astype(np.float64)
        self.coming = np.zeros(len(catalogue), np.int64)
        self.pending: dict[int, list[tuple[Ints, Ints, Ints]]] = {}
        self.bought: list[tuple[Ints, ...]] = []

    def order(self, due: int, product: Ints, boxes: Ints, channel: Ints) -> None:
        """Place an order to be delivered on a day."""
        self.coming[product] += boxes
        self.pending.setdefault(due, []).append((product, boxes, channel))

    def receive(self, day: int) -> None:
        """Take in what was due on the day."""
        for product, boxes, channel in self.pending.pop(day, []):
            self.coming[product] -= boxes
            self.deliver(day, product, boxes, channel)

    def deliver(self, day: int, product: Ints, boxes: Ints, channel: Ints) -> None:
        """Put boxes on the shelf at their price of the day; free ones come on top and dilute cost."""
        if not len(product):
            return
        price = quote(self.catalogue, self.terms, day=day, product=product, channel=channel)
        every = self.terms.free_every[product]
        extra = np.where((every > 0) & (channel == DIRECT), boxes // np.maximum(every, 1), 0)
        held = self.stock[product].clip(0)
        total = held + boxes + extra
        self.cost[product] = (self.cost[product] * held + price.net * boxes) / total
        self.stock[product] += boxes + extra
        self.bought.append(
            (
                np.full(len(product), day),
                product,
                channel,
                boxes,
                boxes,
                extra,
                price.list,
                price.net,
            )
        )

    def sell(self, day: int, product: Ints, quantity: Ints) -> Floats:
        """Take the day's sales out; what lacks comes the same day from the wholesaler's second round.

        Returns the unit cost of each line.
        """
        sold = np.bincount(product, weights=quantity, minlength=len(self.stock)).astype(np.int64)
        lacking = np.flatnonzero(sold > self.stock)
        lacking = lacking[~self.catalogue.rental[lacking]]
        need = sold[lacking] - self.stock[lacking]
        channel = np.where(self.terms.channel[lacking] == DISTRIBUTOR, DISTRIBUTOR, WHOLESALER)
        self.deliver(day, lacking, need, channel)
        self.stock -= sold
        self.stock[self.catalogue.rental] = 0
        return self.cost[product]


def run_supply(
    catalogue: Catalogue,
    calendar: Calendar,
    member: Member,
    taste: Taste,
    terms: Terms,
    *,
    day: Ints,
    product: Ints,
    quantity: Ints,
    rng: np.random.Generator,
) -> Supply:
    """Walk through the days: receive, sell, order; count at each month end."""
    expected = _daily_demand(taste, member, len(day) / len(calendar.open))
    levels = [
        _levels(catalogue, member, terms, expected * catalogue.months[:, month])
        for month in range(12)
    ]
    first = levels[calendar.first.month - 1]
    opening = np.round(first.target * rng.uniform(0.45, 1.0, len(catalogue))).astype(np.int64)
    shelves = Shelves(catalogue, terms, opening)
    turn = rng.integers(0, 1000, len(terms.suppliers))[terms.supplier]
    bounds = np.searchsorted(day, np.arange(len(calendar.days) + 1))
    unit_cost = np.zeros(len(day))
    counts: list[tuple[Ints, ...]] = []
    ends = set(calendar.month_ends())
    opened = calendar.open
    following = {d: opened[min(i + 1, len(opened) - 1)] for i, d in enumerate(opened)}
    worked = set(opened)
    for today in range(len(calendar.days)):
        if today in worked:
            now = levels[calendar.days[today].month - 1]
            shelves.receive(today)
            lines = slice(bounds[today], bounds[today + 1])
            unit_cost[lines] = shelves.sell(today, product[lines], quantity[lines])
            touched = np.unique(product[lines])
            _order(shelves, now, today, touched, following, worked, turn)
        if today in ends:
            counts.append(_count(shelves, levels[calendar.days[today].month - 1], today))
    return Supply(
        unit_cost,
        _purchases(shelves),
        Counts(*(np.concatenate(c) for c in zip(*counts, strict=True))),
    )


def _daily_demand(taste: Taste, member: Member, lines_a_day: float) -> Floats:
    """Give the boxes expected each open day, before season."""
    prescriptions = member.ratio / (1 + member.ratio) * taste.prescription_lines
    bought = taste.counter_lines / (1 + member.ratio)
    share = prescriptions / (prescriptions + bought)
    return np.asarray(
        lines_a_day
        * (share * taste.prescription * taste.mean_quantity + (1 - share) * taste.counter * 1.06)
    )


def _levels(catalogue: Catalogue, member: Member, terms: Terms, demand: Floats) -> Levels:
    """Set order points and targets: nothing of what hardly sells, more of what is bought direct."""
    cover = member.typology.cover
    medicine = catalogue.atc != ""
    rare = demand * np.where(medicine, 75, 170) < 1.0
    days = np.where(medicine, 22, 60) * cover
    days = np.where(terms.channel == DIRECT, _CYCLE[DIRECT] + 6 + 0.8 * days, days)
    target = np.ceil(demand * days + 0.8 * np.sqrt(demand * days))
    target = np.maximum(target, np.where(medicine, 1, 2))
    point = np.floor(demand * 3.5 + 1.1 * np.sqrt(demand * 3.5))
    point = np.minimum(point, target - 1)
    dear = catalogue.price.max(axis=1) > 30_000
    target = np.where(dear, np.where(demand * 12 > 1, 1, 0), target)
    nothing = rare | catalogue.rental
    return Levels(
        np.where(nothing | (target == 0), -1, np.where(dear, 0, point)).astype(np.int64),
        np.where(nothing, 0, target).astype(np.int64),
    )


def _order(
    shelves: Shelves,
    levels: Levels,
    today: int,
    touched: Ints,
    following: dict[int, int],
    worked: set[int],
    turn: Ints,
) -> None:
    """Order at the wholesaler what fell to its point, and of labs and distributors whose turn it is."""
    channel = shelves.terms.channel
    have = shelves.stock + shelves.coming
    low = touched[(have[touched] <= levels.point[touched]) & (channel[touched] == WHOLESALER)]
    short = levels.target[low] - have[low]
    low, short = low[short > 0], short[short > 0]
    if len(low) and following[today] != today:
        shelves.order(following[today], low, short, np.full(len(low), WHOLESALER))
    for way in (DISTRIBUTOR, DIRECT):
        due = today + _LEAD[way]
        while due not in worked and due < today + 9:
            due += 1
        if due not in worked:
            continue
        mine = np.flatnonzero((channel == way) & ((turn + today) % _CYCLE[way] == 0))
        short = levels.target[mine] - have[mine]
        # A small top-up waits for the next turn of its lab.
        wanted = short * 4 > levels.target[mine]
        mine, short = mine[wanted & (short > 0)], short[wanted & (short > 0)]
        if len(mine):
            shelves.order(due, mine, short, np.full(len(mine), way))


def _count(shelves: Shelves, levels: Levels, today: int) -> tuple[Ints, ...]:
    held = np.flatnonzero((shelves.stock > 0) | (levels.target > 0))
    held = held[~shelves.catalogue.rental[held]]
    cost = np.round(shelves.cost[held]).astype(np.int64)
    return (
        np.full(len(held), today),
        held,
        shelves.stock[held].clip(0),
        cost,
        levels.point[held].clip(0),
    )


def _purchases(shelves: Shelves) -> Purchases:
    columns = [np.concatenate(column) for column in zip(*shelves.bought, strict=True)]
    order = np.argsort(columns[0], kind="stable")
    return Purchases(*(column[order] for column in columns))
