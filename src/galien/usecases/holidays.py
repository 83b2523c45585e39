"""Public holidays of each country, as the law names them: days without delivery, nor missing of any data."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from galien.kernel.errors import InternalError
from galien.law import Law
from galien.model.country import FRANCE, Country

NAMES = {FRANCE: "public_holidays"}
SUNDAY = 7
AFTER_EASTER = {"lundi de Pâques": 1, "Ascension": 39, "lundi de Pentecôte": 50}
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
    "novembre", "décembre",
)  # fmt: skip


def public_holidays(
    first_year: int, last_year: int, *, country: Country, law: Law
) -> Iterator[dt.date]:
    """Yield the public holidays of a country, by year, as the law of each year names them.

    >>> sorted(public_holidays(2026, 2026, country="FR", law=Law.load()))[1:3]
    [datetime.date(2026, 4, 6), datetime.date(2026, 5, 1)]
    >>> dt.date(2026, 7, 21) in set(public_holidays(2026, 2026, country="BE", law=Law.load()))
    True
    """
    name = NAMES.get(country, f"{country.lower()}_public_holidays")
    for year in range(first_year, last_year + 1):
        told = law.value(name, on=dt.date(year, 1, 1)).value
        yield from (_day(each.strip(), year) for each in str(told).split(","))


def open_day(day: dt.date, *, country: Country, law: Law) -> dt.date:
    """Return a day, or the first after it that is neither a Sunday nor a public holiday.

    >>> law = Law.load()
    >>> open_day(dt.date(2026, 7, 14), country="FR", law=law)
    datetime.date(2026, 7, 15)
    >>> open_day(dt.date(2026, 7, 14), country="BE", law=law)
    datetime.date(2026, 7, 14)
    """
    closed = frozenset(public_holidays(day.year, day.year + 1, country=country, law=law))
    while day.isoweekday() == SUNDAY or day in closed:
        day += dt.timedelta(days=1)
    return day


def _day(name: str, year: int) -> dt.date:
    """Return the day of a holiday as the law writes it, « 1er mai » or « Ascension »."""
    if name in AFTER_EASTER:
        return easter(year) + dt.timedelta(days=AFTER_EASTER[name])
    found = re.fullmatch(r"(\d{1,2})(?:er)? (\w+)", name)
    if found is None or found[2] not in MONTHS:
        raise InternalError(f"Jour férié illisible dans la loi : « {name} ».")
    return dt.date(year, MONTHS.index(found[2]) + 1, int(found[1]))


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
