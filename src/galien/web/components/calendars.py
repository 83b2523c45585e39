"""What the data calendar is fed with: pharmacies, days, and what was received on each."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class DayState(StrEnum):
    """What was received for a pharmacy on a day."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    LATE = "late"
    MISSING = "missing"
    HELD = "held"
    CLOSED = "closed"
    FUTURE = "future"


@dataclass(frozen=True)
class CalendarRow:
    """A line of the data calendar; `days` in the order of the calendar's days."""

    label: str
    days: tuple[DayState, ...]
    href: str = ""
    note: str = ""


@dataclass(frozen=True)
class Calendar:
    """The data calendar: which pharmacy lacks which day."""

    caption: str
    days: tuple[dt.date, ...]
    rows: tuple[CalendarRow, ...]
