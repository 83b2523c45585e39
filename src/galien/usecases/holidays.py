"""French public holidays, so that a closed day is not taken for a missing one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
SUNDAY = 7
AFTER_EASTER = (1, 39, 50)  # Easter Monday, Ascension, Whit Monday


def public_holidays(first_year: int, last_year: int) -> Iterator[dt.date]:
    """Yield the public holidays of metropolitan France (C. trav. art. L. 3133-1), by year.

    >>> sorted(public_holidays(2026, 2026))[1:3]
    [datetime.date(2026, 4, 6), datetime.date(2026, 5, 1)]
    """
    for year in range(first_year, last_year + 1):
        yield from (dt.date(year, month, day) for month, day in FIXED)
        yield from (easter(year) + dt.timedelta(days=days) for days in AFTER_EASTER)


def open_day(day: dt.date) -> dt.date:
    """Return a day, or the first after it that is neither a Sunday nor a public holiday.

    >>> open_day(dt.date(2026, 4, 5)), open_day(dt.date(2026, 4, 8))
    (datetime.date(2026, 4, 7), datetime.date(2026, 4, 8))
    """
    closed = frozenset(public_holidays(day.year, day.year + 1))
    while day.isoweekday() == SUNDAY or day in closed:
        day += dt.timedelta(days=1)
    return day


def easter(year: int) -> dt.date:
    """Return Easter Sunday (Gregorian calendar; the anonymous algorithm of Nature, 1876).

    >>> easter(2026)
    datetime.date(2026, 4, 5)
    """
    golden = year % 19
    century, in_century = divmod(year, 100)
    leap_centuries, skipped = divmod(century, 4)
    moon = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap_centuries - moon + 15) % 30
    leaps, rest = divmod(in_century, 4)
    weekday = (32 + 2 * skipped + 2 * leaps - epact - rest) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return dt.date(year, month, day + 1)
