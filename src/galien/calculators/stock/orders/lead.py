"""How long a supplier takes to deliver, how much that varies, and when its next van comes."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean

SECONDS = 86_400.0
TRUST = 5.0  # deliveries that the mean of all suppliers counts for, beside a supplier's own
HORIZON = 14  # days searched for a delivery


@dataclass(frozen=True)
class Delivery:
    """An order line and its delivery; `delivered_at` is None while nothing came."""

    supplier: str
    ordered_at: dt.datetime
    delivered_at: dt.datetime | None


@dataclass(frozen=True)
class LeadTime:
    """A supplier's lead time: mean and standard deviation in days, deliveries seen, share that came."""

    supplier: str
    days: float
    deviation: float
    deliveries: int
    delivered_share: float


def lead_times(deliveries: Iterable[Delivery]) -> tuple[LeadTime, ...]:
    """Measure each supplier's lead time; one seen seldom leans on the mean of all.

    Equation: mean = (n × own mean + 5 × mean of all) ÷ (n + 5), the variance alike around that mean.
    Lines that never came count in the share delivered, not in the delay.

    >>> at = dt.datetime(2026, 1, 5, 9)
    >>> seen = [Delivery("Grossiste", at, at + dt.timedelta(days=n)) for n in (1, 1, 2, 2)]
    >>> [(each.days, each.deviation) for each in lead_times(seen)]
    [(1.5, 0.5)]
    """
    taken: dict[str, list[float]] = defaultdict(list)
    asked: dict[str, int] = defaultdict(int)
    for each in deliveries:
        asked[each.supplier] += 1
        if each.delivered_at is not None:
            delay = (each.delivered_at - each.ordered_at).total_seconds() / SECONDS
            taken[each.supplier].append(max(0.0, delay))
    every = [delay for delays in taken.values() for delay in delays]
    middle = fmean(every) if every else 0.0
    spread = fmean((delay - middle) ** 2 for delay in every) if every else 0.0
    found = []
    for supplier, count in sorted(asked.items()):
        delays = taken[supplier]
        weight = len(delays) + TRUST
        mean = (sum(delays) + TRUST * middle) / weight
        variance = (sum((delay - mean) ** 2 for delay in delays) + TRUST * spread) / weight
        found.append(LeadTime(supplier, mean, variance**0.5, len(delays), len(delays) / count))
    return tuple(found)


@dataclass(frozen=True)
class Round:
    """A van: orders sent on `weekday` (1 Monday … 7 Sunday) before `cutoff` arrive at `arrives`.

    `after` is the number of days between the two, 0 for the same day.
    """

    weekday: int
    cutoff: dt.time
    arrives: dt.time
    after: int = 0


def next_delivery(
    now: dt.datetime, rounds: Iterable[Round], closed: frozenset[dt.date] = frozenset()
) -> dt.datetime | None:
    """Return when an order sent now arrives, by the first van it can still catch; None without any.

    A van that would arrive on a closed day does not run. `now` keeps its time zone.

    >>> vans = [Round(day, dt.time(12), dt.time(16)) for day in range(1, 6)]
    >>> next_delivery(dt.datetime(2026, 11, 20, 12, 30), vans)
    datetime.datetime(2026, 11, 23, 16, 0)
    """
    vans = tuple(rounds)
    arrivals = [
        dt.datetime.combine(day + dt.timedelta(days=van.after), van.arrives, now.tzinfo)
        for ahead in range(HORIZON)
        for day in [now.date() + dt.timedelta(days=ahead)]
        for van in vans
        if van.weekday == day.isoweekday()
        and (ahead or now.time() <= van.cutoff)
        and day + dt.timedelta(days=van.after) not in closed
    ]
    return min(arrivals, default=None)
