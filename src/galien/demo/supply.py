"""The stock of one pharmacy, day by day: what is sold leaves it, orders fill it, at a weighted cost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from galien.demo.catalogue import Catalogue
from galien.demo.days import Calendar
from galien.demo.members import Member
from galien.demo.public import Bools, Floats, Ints
from galien.demo.scarcity import Lack, shares
from galien.demo.shelves import CYCLE, Shelves
from galien.demo.taste import Taste, sold_mask
from galien.demo.terms import DIRECT, DISTRIBUTOR, WHOLESALER, Terms
from galien.demo.trade import Trade

_LEAD = {WHOLESALER: 1, DIRECT: 4, DISTRIBUTOR: 3}


@dataclass(frozen=True)
class Purchases:
    """One entry per line asked, even when nothing came, by day; unit prices in cents excl. tax."""

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
    """What the stock ledger gives: which lines were sold, unit cost of each, purchases, month-end counts."""

    served: Bools
    unit_cost: Floats
    purchases: Purchases
    counts: Counts


@dataclass(frozen=True)
class Levels:
    """Order point and order-up-to level of each product, for one month."""

    point: Ints
    target: Ints


@dataclass(frozen=True)
class Sold:
    """The lines sold, in order of day."""

    day: Ints
    product: Ints
    quantity: Ints


def run_supply(
    trade: Trade, terms: Terms, sold: Sold, lacks: tuple[Lack, ...], rng: np.random.Generator
) -> Supply:
    """Walk through the days: receive, sell what is there, order; count at each month end."""
    catalogue, calendar, member = trade.catalogue, trade.calendar, trade.member
    expected = _daily_demand(trade.taste, member, len(sold.day) / len(calendar.open))
    levels = [
        _levels(catalogue, member, terms, expected * catalogue.months[:, month])
        for month in range(12)
    ]
    opening = levels[calendar.first.month - 1].target * rng.uniform(0.45, 1.0, len(catalogue))
    opening *= sold_mask(catalogue, 0)
    turn = rng.integers(0, 1000, len(terms.suppliers))[terms.supplier]
    shelves = Shelves(catalogue, terms, np.round(opening).astype(np.int64), turn)
    bounds = np.searchsorted(sold.day, np.arange(len(calendar.days) + 1))
    unit_cost, served = np.zeros(len(sold.day)), np.ones(len(sold.day), bool)
    counts: list[tuple[Ints, ...]] = []
    ends, worked = set(calendar.month_ends()), set(calendar.open)
    for today, date in enumerate(calendar.days):
        now = levels[date.month - 1]
        if today in worked:
            shelves.share = shares(lacks, today, len(catalogue))
            shelves.receive(today)
            lines = slice(bounds[today], bounds[today + 1])
            product, quantity = sold.product[lines], sold.quantity[lines]
            there = served[lines] = shelves.served(product, quantity)
            _ask(shelves, today, product[~there], quantity[~there])
            unit_cost[lines][there] = shelves.sell(today, product[there], quantity[there])
            _order(shelves, now, calendar, today, np.unique(product))
        if today in ends:
            counts.append(_count(shelves, now, today))
    return Supply(
        served,
        unit_cost,
        _purchases(shelves),
        Counts(*(np.concatenate(column) for column in zip(*counts, strict=True))),
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
    # A larger pharmacy turns the same shelves faster: it can afford more of each product.
    cover = member.typology.cover * (member.invoices / 60_000) ** 0.6
    medicine = catalogue.atc != ""
    rare = demand * np.where(medicine, 75, 170) < 1.0
    days = np.where(medicine, 22, 55) * cover
    days = np.where(terms.channel == DIRECT, CYCLE[DIRECT] + 6 + 0.8 * days, days)
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


def _ask(shelves: Shelves, today: int, product: Ints, quantity: Ints) -> None:
    """Ask the wholesaler for what clients wanted and the shelves lack: some may come, for the next ones."""
    wanted, place = np.unique(product, return_inverse=True)
    boxes = np.bincount(place, weights=quantity, minlength=len(wanted)).astype(np.int64)
    shelves.deliver(today, wanted, boxes, np.full(len(wanted), WHOLESALER))


def _order(shelves: Shelves, levels: Levels, calendar: Calendar, today: int, touched: Ints) -> None:
    """Order at the wholesaler what fell to its point, and of labs and distributors whose turn it is."""
    low = touched[shelves.terms.channel[touched] == WHOLESALER]
    low = low[shelves.position(low) <= levels.point[low]]
    _top_up(shelves, levels, calendar, today, WHOLESALER, low)
    for way, cycle in CYCLE.items():
        mine = shelves.by_turn[way][today % cycle]
        # A small top-up waits for the next turn of its lab.
        mine = mine[(levels.target[mine] - shelves.position(mine)) * 4 > levels.target[mine]]
        _top_up(shelves, levels, calendar, today, way, mine)


def _top_up(
    shelves: Shelves, levels: Levels, calendar: Calendar, today: int, way: int, product: Ints
) -> None:
    due = calendar.open_from(today + _LEAD[way])
    version = shelves.terms.version[today]
    product = product[shelves.catalogue.price[product, version] > 0]
    short = levels.target[product] - shelves.position(product)
    product, short = product[short > 0], short[short > 0]
    if due is not None and len(product):
        shelves.order(due, product, short, np.full(len(product), way))


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
