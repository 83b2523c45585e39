"""Dates figures are cut by: year, quarter, month, week, day, weekday, two-hour band."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from galien.analytics.dimensions.kinds import Dimension, NumberKey, ScanKey, Shift, Value
from galien.analytics.tables import Table
from galien.kernel import french
from galien.kernel.period import Period, shift_months


@dataclass(frozen=True)
class TimeKey(Dimension):
    """A date, or what a date belongs to. `unit_sql` is the calendar unit in SQL, if it has one."""

    column: str
    key_of: Callable[[dt.date], str]
    naming: Callable[[str], str]
    unit_sql: str | None = None
    calendar: str | None = None
    in_time: ClassVar[bool] = True
    textual: ClassVar[bool] = False

    def required(self) -> frozenset[str]:
        """Return the month, or the day."""
        return frozenset({self.column})

    def scan(self, table: Table, shift: Shift) -> ScanKey:
        """Return the date, moved beside the period when it is the compared one's."""
        raw = table.key(self.column)
        shown = raw if self.calendar else shift.over(raw)
        if self.unit_sql:
            shown = f"cast(date_trunc('{self.unit_sql}', {shown}) as date)"
        # Two days may fall on the same one, months later: 28 and 29 February.
        same_day = bool(shift.months) and self.column == "day" and not self.calendar
        return ScanKey(raw, shown, merging=bool(self.unit_sql) or same_day)

    def fold(self, key: str, alias: str) -> tuple[str, str]:
        """Return the date, or the column of the calendar for that day."""
        if self.calendar is None:
            return key, ""
        return f"{alias}.{self.calendar}", f"left join calendar {alias} on {alias}.day = {key}"

    def text(self, value: Value) -> str:
        """Write the key of a date, or the number the calendar gave."""
        return self.key_of(value) if isinstance(value, dt.date) else str(value)

    def name_key(self, key: str) -> str:
        """Return the French words of the key."""
        return self.naming(key)

    def shift(self, period: Period, comparison: Period) -> Shift:
        """Return how the compared dates move to stand beside the period's."""
        days = (period.first - comparison.first).days
        if self.calendar:
            return Shift()
        if self.name == "week":
            return Shift(days=round(days / 7) * 7)
        months = (period.first.year - comparison.first.year) * 12
        months += period.first.month - comparison.first.month
        same_dates = shift_months(comparison.first, months) == period.first
        if self.column == "month" or (same_dates and months):
            return Shift(months=months)
        return Shift(days=days)

    def dates(self, period: Period, keys: frozenset[str], shift: Shift) -> list[dt.date]:
        """Return the months or days of a period whose key, once moved, is one of `keys`."""
        moved = ((date, _moved(date, shift)) for date in self._dates(period))
        return [date for date, shown in moved if self.key_of(shown) in keys]

    def _dates(self, period: Period) -> Iterator[dt.date]:
        if self.column == "month":
            yield from period.months()
        else:
            yield from (period.first + dt.timedelta(days=n) for n in range(period.days))


def _moved(date: dt.date, shift: Shift) -> dt.date:
    return shift_months(date, shift.months) + dt.timedelta(days=shift.days)


class WeekdayKey(TimeKey):
    """The day of the week, a number from 1 (Monday) to 7."""

    numeric: ClassVar[bool] = True


def _month_name(key: str) -> str:
    return french.month(dt.date.fromisoformat(f"{key}-01"))


def _week_name(key: str) -> str:
    return f"semaine du {french.day(dt.date.fromisoformat(key))}"


def _quarter_name(key: str) -> str:
    year, _, quarter = key.partition("-Q")
    return f"T{quarter} {year}"


def band_name(band: Decimal) -> str:
    """Write a two-hour band.

    >>> band_name(Decimal(4))
    '8 h – 10 h'
    """
    return f"{2 * int(band)} h – {2 * int(band) + 2} h"


month = TimeKey("month", "month", lambda date: f"{date:%Y-%m}", _month_name)
quarter = TimeKey(
    "quarter",
    "month",
    lambda date: f"{date.year}-Q{(date.month + 2) // 3}",
    _quarter_name,
    unit_sql="quarter",
)
year = TimeKey("year", "month", lambda date: str(date.year), str, unit_sql="year")
week = TimeKey(
    "week",
    "day",
    lambda date: (date - dt.timedelta(days=date.weekday())).isoformat(),
    _week_name,
    unit_sql="week",
)
day = TimeKey("day", "day", dt.date.isoformat, lambda key: french.day(dt.date.fromisoformat(key)))
weekday = WeekdayKey(
    "weekday",
    "day",
    lambda date: str(date.isoweekday()),
    lambda key: french.WEEKDAYS[int(key) - 1],
    calendar="weekday",
)


@dataclass(frozen=True)
class BandKey(NumberKey):
    """The two-hour band of a sale, in the order of the day."""

    in_time: ClassVar[bool] = True


hour_band = BandKey("hour_band", "band", naming=band_name)
