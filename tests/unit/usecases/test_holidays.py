"""Public holidays by country, beside the calendars printed for 2026."""

from __future__ import annotations

import datetime as dt

from galien.law import Law
from galien.usecases.holidays import open_day, public_holidays

LAW = Law.load()
SHARED = {(1, 1), (4, 6), (5, 1), (5, 14), (5, 25), (8, 15), (11, 1), (11, 11), (12, 25)}


def of_2026(country: str) -> set[tuple[int, int]]:
    found = list(public_holidays(2026, 2026, country=country, law=LAW))  # type: ignore[arg-type]
    assert len(found) == len(set(found))
    return {(day.month, day.day) for day in found}


def test_each_country_has_its_days() -> None:
    assert of_2026("FR") == SHARED | {(5, 8), (7, 14)}
    assert of_2026("BE") == SHARED | {(7, 21)}


def test_nothing_is_delivered_on_the_holidays_of_the_country() -> None:
    feast = dt.date(2026, 7, 21)
    assert open_day(feast, country="BE", law=LAW) == feast + dt.timedelta(days=1)
    assert open_day(feast, country="FR", law=LAW) == feast
    # Saturday 15 August, then Sunday.
    assert open_day(dt.date(2026, 8, 15), country="BE", law=LAW) == dt.date(2026, 8, 17)
