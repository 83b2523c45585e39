"""The calendar of a French pharmacy: open days, busy days, and the hours people come."""

from __future__ import annotations

import bisect
import csv
import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from galien.demo.members import Typology
from galien.demo.public import Floats, Ints

_WEEKDAY = (1.14, 1.02, 0.98, 0.98, 1.08, 0.80)
_MONTH = (1.05, 1.03, 1.01, 0.99, 0.97, 0.98, 0.96, 0.86, 1.00, 1.05, 1.02, 1.08)
MINUTES = 24 * 60


@dataclass(frozen=True)
class Calendar:
    """The days of the period, whether they are worked, and the month (0 first) each falls in."""

    days: tuple[dt.date, ...]
    open: tuple[int, ...]
    month: Ints

    @property
    def first(self) -> dt.date:
        """Return the first day."""
        return self.days[0]

    def open_from(self, day: int) -> int | None:
        """Give the first worked day from a day on, None after the period."""
        place = bisect.bisect_left(self.open, day)
        return self.open[place] if place < len(self.open) else None

    def month_ends(self) -> list[int]:
        """Give the rank of the last day of each month."""
        return [
            i for i in range(len(self.days)) if i + 1 == len(self.days) or self.days[i + 1].day == 1
        ]


def make_calendar(today: dt.date, months: int, data: Path) -> Calendar:
    """Lay out the given number of full months, the last one ending before this month."""
    last = today.replace(day=1) - dt.timedelta(days=1)
    index = last.year * 12 + last.month - months
    first = dt.date(index // 12, index % 12 + 1, 1)
    days = tuple(first + dt.timedelta(days=n) for n in range((last - first).days + 1))
    holidays = _holidays(data / "geo" / "jours_feries_seuls.csv")
    worked = tuple(i for i, day in enumerate(days) if day.weekday() < 6 and day not in holidays)
    month = np.array([(d.year - first.year) * 12 + d.month - first.month for d in days], np.int64)
    return Calendar(days, worked, month)


def _holidays(path: Path) -> set[dt.date]:
    with path.open(encoding="utf-8", newline="") as lines:
        return {dt.date.fromisoformat(row["date"]) for row in csv.DictReader(lines)}


def daily_visits(
    calendar: Calendar, yearly: float, growth: float, rng: np.random.Generator
) -> Ints:
    """Draw the visits of each day from a yearly mean; none on a day that is not worked."""
    expected = np.zeros(len(calendar.days))
    for i in calendar.open:
        day = calendar.days[i]
        trend = (1 + growth) ** (i / 365.25)
        expected[i] = _WEEKDAY[day.weekday()] * _MONTH[day.month - 1] * trend
    expected *= yearly / 302
    noise = rng.lognormal(-0.0025, 0.07, len(expected))
    return rng.poisson(expected * noise).astype(np.int64)


def minute_weights(typology: Typology, *, saturday: bool) -> Floats:
    """Give the cumulative share of visits by minute of the day: two peaks, a lunch break for some."""
    hour = (np.arange(MINUTES) + 0.5) / 60
    opening, closing = typology.hours
    morning = np.exp(-(((hour - 10.9) / 1.25) ** 2) / 2)
    evening = np.exp(-(((hour - 17.6) / 1.35) ** 2) / 2) * (0.75 if saturday else 1.15)
    density = morning + evening + 0.22
    density[(hour < opening) | (hour > closing - (1.0 if saturday else 0.0))] = 0
    if typology.lunch:
        density[(hour > 12.25) & (hour < 14.0)] = 0
        if saturday:
            density[hour > 16.5] = 0
    total = np.cumsum(density)
    return np.asarray(total / total[-1], np.float64)
