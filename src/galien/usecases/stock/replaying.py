"""A past year of one pharmacy, ready to be replayed: demand, deliveries, stock, terms, what was set."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from galien.calculators.stock.abc import AbcClass
from galien.calculators.stock.arrays import Flags, Floats, Integers
from galien.calculators.stock.demand.events import daily_lift
from galien.calculators.stock.outcomes import Replay
from galien.calculators.stock.policies import SEEN, Goods
from galien.calculators.stock.settled import Rules
from galien.kernel.errors import NotAllowed, NotAvailable
from galien.kernel.period import Period
from galien.model.viewer import Viewer
from galien.usecases.services import Services
from galien.usecases.stock.by_hand import ByHand
from galien.usecases.stock.flows import Flows, Known, flows, known
from galien.usecases.stock.orderable import MONTHLY
from galien.usecases.stock.reading import opened
from galien.usecases.stock.sources import Trade, trade
from galien.usecases.stock.year_read import (
    Counts,
    Worth,
    classes,
    counts,
    stock_by_day,
    wanted,
    worth,
)

FEEDS = ("stock", "sales", "purchases")
LEAST_PAST = 28  # days known before the first one replayed, when the data begin in the year
MOST_DAYS = 366


@dataclass(frozen=True)
class Year:
    """Days of one pharmacy to replay, and what happened on them; arrays are (products, days).

    `stock` is that of the evenings as counts tell it, `sold` what clients took and `delivered` what came
    less what was resold. `corrected_units` are those that would have sold on days without stock.
    `not_valued` products have no known cost and are left out.
    """

    pharmacy: str
    first: dt.date
    last: dt.date
    labels: tuple[str, ...]
    replay: Replay
    rules: Rules
    sold: Floats
    delivered: Floats
    stock: Floats
    corrected_units: float
    not_valued: int


@dataclass(frozen=True)
class Terms:
    """How a year is replayed: what is set by hand, days before paying, days between two orders.

    `code` narrows it to one product.
    """

    by_hand: ByHand = field(default_factory=ByHand)
    payment_days: int = 30
    review: int = 1
    code: str = ""


def year_of(
    viewer: Viewer, pharmacy: str, days: Period, terms: Terms, *, services: Services
) -> Year:
    """Read some days of a pharmacy to replay them, of a product or of all, on those that rights open.

    Demand is corrected for days without stock. Raises NotAllowed when rights do not open the days,
    NotAvailable without sales, without a month before the first day, or without a count.
    """
    opened(viewer, (pharmacy,), on=days.last, services=services, feeds=FEEDS)
    since = days.first - dt.timedelta(days=SEEN)
    codes = (terms.code,) if terms.code else ()
    found = flows(viewer, pharmacy, first=since, on=days.last, services=services, codes=codes)
    if not found.codes:
        raise NotAllowed("Ce produit n’est pas dans l’année rejouée.", code="UNKNOWN_PRODUCT")
    first = max(days.first, found.first + dt.timedelta(days=LEAST_PAST))
    if first > found.last:
        raise NotAvailable(
            "Il faut un mois de ventes avant le premier jour rejoué : choisissez une période plus récente."
        )
    counted = counts(viewer, pharmacy, found, services)
    if not counted.days:
        raise NotAvailable(
            "Aucun comptage de stock dans cette période : déposez un fichier de stock, ou choisissez-en "
            "une autre."
        )
    prices = worth(viewer, pharmacy, Period(first, found.last), found, services)
    products = known(found.codes, services=services)
    stock = stock_by_day(found, counted)
    before = Period(found.first, first - dt.timedelta(days=1))
    seen = _Seen(
        found, counted, prices, products, stock, wanted(found, stock),
        classes(viewer, pharmacy, before, services), first,
    )  # fmt: skip
    return _year(seen, pharmacy, terms)


@dataclass(frozen=True)
class _Seen:
    """All that was read, arrays of the flows' rows and days."""

    found: Flows
    counts: Counts
    worth: Worth
    products: dict[str, Known]
    stock: Floats
    asked: Floats
    classes: dict[str, str]
    first: dt.date

    @property
    def start(self) -> int:
        """Return the place of the first day replayed."""
        return (self.first - self.found.first).days


def _year(seen: _Seen, pharmacy: str, terms: Terms) -> Year:
    found, start, by_hand = seen.found, seen.start, terms.by_hand
    habits = trade(found.bought, (), found.last)
    cost = _costs(seen, habits)
    moving = (
        seen.asked[:, start:].any(axis=1)
        | found.received[:, start:].any(axis=1)
        | (seen.stock[:, start - 1] > 0)
    )
    listed = np.array([code in seen.products for code in found.codes])
    kept = np.flatnonzero(moving & listed & (cost > 0))
    codes = tuple(found.codes[row] for row in kept)
    past = seen.asked[kept, :start]
    goods = _goods(seen, kept, codes, cost, habits, by_hand)
    rules = _rules(seen, kept, codes, by_hand)
    asked = seen.asked[kept, start:]
    replay = Replay(
        goods, asked, past, terms.payment_days, terms.review,
        _nobody_holds(seen.asked[kept], start, (rules.least > 0) | (rules.minimum >= 0)),
    )  # fmt: skip
    sold = np.maximum(found.asked, 0.0)[kept, start:]
    resold = (found.sold - np.maximum(found.asked, 0.0))[kept, start:]
    return Year(
        pharmacy, seen.first, found.last, tuple(seen.products[code].label for code in codes),
        replay, rules, sold, found.received[kept, start:] - resold, seen.stock[kept, start:],
        float((asked - sold).sum()), int((moving & ~(cost > 0)).sum()),
    )  # fmt: skip


def _goods(
    seen: _Seen, kept: Integers, codes: Sequence[str], cost: Floats, habits: Trade, by_hand: ByHand
) -> Goods:
    rhythms = [habits.rhythm(habits.usual(code)) for code in codes]
    start = seen.start
    price = np.where(seen.worth.price[kept] > 0, seen.worth.price[kept], cost[kept])
    return Goods(
        tuple(codes), price, cost[kept], np.maximum(np.rint(seen.stock[kept, start - 1]), 0.0),
        np.array([each.lead for each in rhythms]), np.array([each.deviation for each in rhythms]),
        np.array([by_hand.level(code, "multiple", habits.packs.get(code, 1)) for code in codes]),
        tuple(seen.classes.get(code, AbcClass.C.value) for code in codes),
    )  # fmt: skip


def _rules(seen: _Seen, kept: Integers, codes: Sequence[str], by_hand: ByHand) -> Rules:
    """Return what is set by product, and by how much the events known move demand."""
    minimum = np.where(seen.counts.minimum[kept] > 0, seen.counts.minimum[kept], -1.0)
    told = zip(codes, minimum.tolist(), strict=True)
    events = by_hand.events_on({code: seen.products[code] for code in codes})
    span = (seen.found.first, seen.found.last)
    days = [seen.found.first + dt.timedelta(days=n) for n in range(seen.found.days)]
    return Rules(
        np.array([by_hand.level(code, "minimum", usual) for code, usual in told]),
        np.array([by_hand.level(code, "maximum", -1.0) for code in codes]),
        np.array([by_hand.level(code, "duty", 0.0) for code in codes]),
        np.array([by_hand.on_duty(day) for day in days]),
        np.array([
            float(by_hand.flag(code, "must_hold", usual=seen.products[code].narcotic))
            for code in codes
        ]),
        daily_lift(span, codes, (), events) if events else None,
    )  # fmt: skip


def _nobody_holds(asked: Floats, start: int, always: Flags) -> Flags:
    """Tell the products and days on which no policy is expected to have a product on its shelves.

    Those that sold less than once a month over the days before, unless they must be held. What was not
    known that day does not count.
    """
    last = asked.shape[1]
    # What was sold until each morning; before the first day known, nothing.
    summed = np.zeros((len(asked), SEEN + last))
    np.cumsum(asked[:, :-1], axis=1, out=summed[:, SEEN + 1 :])
    sold = summed[:, SEEN + start : SEEN + last] - summed[:, start:last]
    days = np.minimum(np.arange(start, last), SEEN)
    return np.asarray((sold < MONTHLY * days) & ~always[:, None])


def _costs(seen: _Seen, habits: Trade) -> Floats:
    """Return what a unit costs: as counted, else as sold, else as last bought."""
    found = np.where(seen.counts.cost > 0, seen.counts.cost, seen.worth.cost)
    for row in np.flatnonzero(found <= 0):
        lines = habits.last.get(seen.found.codes[row], {}).values()
        line = max(lines, key=lambda each: each.day, default=None)
        found[row] = float(line.net_amount / line.delivered) if line else 0.0
    return np.asarray(found, dtype=np.float64)
