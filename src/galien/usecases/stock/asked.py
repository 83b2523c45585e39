"""What a pharmacy is asked of each product: raw, corrected for days without stock, and forecast."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from galien.calculators.stock.arrays import Flags, Floats
from galien.calculators.stock.demand.events import Event
from galien.calculators.stock.demand.forecast import Calendar, Forecasts, forecast
from galien.calculators.stock.demand.panel import ENOUGH, Panel
from galien.usecases.stock.flows import Flows
from galien.usecases.stock.presence import OCCASIONS, kept, on_shelves, passing, stayed

PERIODS, YEAR = 24, 12


@dataclass(frozen=True)
class Asked:
    """Demand of products, arrays of the flows' rows; units a day.

    `raw`, `corrected` and `days_out` are of the last twelve months at most; `daily` is the forecast,
    `deviation` that of a day; `stock` is what is on the shelves at the close of the last day,
    `usual` tells which products are on them most of the time since their first box. `known` is how many
    days of those twelve months a product was told of.
    """

    raw: Floats
    corrected: Floats
    days_out: Floats
    known: Floats
    daily: Floats
    deviation: Floats
    stock: Floats
    usual: Flags
    forecasts: Forecasts


def asked(
    found: Flows,
    stock: Floats,
    *,
    families: Mapping[str, str],
    events: Sequence[Event] = (),
) -> Asked:
    """Measure and forecast demand, from the flows and the last count before their last day.

    What `events` did to past demand is taken out; what they will do is for whoever knows the days to come.

    `stock` is that of the close of each day (products, days). A day counts as in stock when boxes were
    there in the morning or in the evening, or sold; `presence` tells which of the others lack boxes.
    """
    shelves = on_shelves(found, stock)
    there, usual = kept(found, shelves)
    panel = _panel(found, shelves, (stayed(stock), there, usual), families)
    year = Panel(
        panel.codes,
        panel.quantity[:, -YEAR:],
        panel.days_in_stock[:, -YEAR:],
        panel.days[:, -YEAR:],
    )
    told = forecast(panel, _calendar(found, events))
    corrected = np.nan_to_num(year.corrected_daily)
    daily = np.where(np.isfinite(told.daily), told.daily, corrected)
    spread = np.where(np.isfinite(told.deviation), told.deviation, np.sqrt(np.maximum(daily, 0)))
    return Asked(
        np.nan_to_num(year.raw_daily), corrected, year.days_out, np.nansum(year.days, axis=1),
        np.maximum(daily, 0.0), np.maximum(spread, 0.0), np.maximum(stock[:, -1], 0.0),
        usual, told,
    )  # fmt: skip


def daily_stock(found: Flows, counts: Mapping[str, float], counted_on: dt.date) -> Floats:
    """Return the stock at the close of each day, from the units of a count."""
    gained = np.cumsum(found.received - found.sold, axis=1)
    counted = np.array([counts.get(code, 0.0) for code in found.codes])
    place = (counted_on - found.first).days
    at_count = gained[:, place] if place >= 0 else np.zeros(len(counted))
    return np.asarray(counted[:, None] + gained - at_count[:, None])


def _panel(
    found: Flows, shelves: Flags, kept_on: tuple[Flags, Flags, Flags], families: Mapping[str, str]
) -> Panel:
    """Cut days into months counted back from the last day, those wholly told."""
    (overnight, there, usual), edges = kept_on, _edges(found)
    sold = np.maximum(np.add.reduceat(found.asked, edges, axis=1), 0.0)
    within = np.add.reduceat(there.astype(np.float64), edges, axis=1)
    lengths = np.diff([*edges, found.days]).astype(np.float64)
    days = np.broadcast_to(lengths, sold.shape).copy()
    # A month when boxes only passed by and yet sold: they came as clients asked, nobody went without.
    nights = np.add.reduceat(overnight.astype(np.float64), edges, axis=1)
    few = (nights < ENOUGH * days) & (sold > 0) & usual[:, None]
    for row in np.flatnonzero(few.any(axis=1)):
        stays = shelves[row] & ~passing(shelves[row], found.asked[row] > 0)
        few[row] &= ~np.logical_or.reduceat(stays, edges)
    within = np.where(few, days, within)
    seen: Flags = np.maximum.accumulate(np.logical_or.reduceat(shelves, edges, axis=1), axis=1)
    # Before its first box a product was not there to sell; one that never had any is known as such, and
    # one that clients asked for once or twice was not taken up since: it sold nothing before.
    taken_up = usual | ((found.asked > 0).sum(axis=1) >= OCCASIONS)
    unborn = ~seen & (seen[:, -1] & taken_up)[:, None]
    for each in (sold, within, days):
        each[unborn] = np.nan
    named = tuple(families.get(code, "") for code in found.codes)
    return Panel(found.codes, sold, within, days, YEAR, 30.0, named)


def _edges(found: Flows) -> list[int]:
    edges = [
        (month_before(found.last, back) - found.first).days + 1 for back in range(PERIODS, 0, -1)
    ]
    return [each for each in edges if each >= 0] or [0]


def _calendar(found: Flows, events: Sequence[Event]) -> Calendar | None:
    """Return the months of the panel and the events that moved them; the month to come is left usual."""
    if not events:
        return None
    edges = [*_edges(found), found.days]
    spans = tuple(
        (found.first + dt.timedelta(days=begin), found.first + dt.timedelta(days=end - 1))
        for begin, end in pairwise(edges)
    )
    return Calendar(spans, (dt.date.max, dt.date.max), tuple(events))


def month_before(day: dt.date, months: int) -> dt.date:
    """Return the day some months before, the last of its month when that one is shorter.

    >>> month_before(dt.date(2026, 3, 31), 1)
    datetime.date(2026, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
