"""The clock, always passed as an argument so that tests and replays choose the day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


class Clock(Protocol):
    """What tells the time."""

    def now(self) -> dt.datetime:
        """Return the current moment, with its time zone."""
        ...

    def today(self) -> dt.date:
        """Return the current local day."""
        ...


class SystemClock:
    """The machine's clock, read in the pharmacies' time zone."""

    def now(self) -> dt.datetime:
        """Return the current moment in Europe/Paris."""
        return dt.datetime.now(PARIS)

    def today(self) -> dt.date:
        """Return today's date in Europe/Paris."""
        return self.now().date()


@dataclass(frozen=True)
class FixedClock:
    """A clock that stands still, for `--on DATE`, replays and tests."""

    moment: dt.datetime

    @classmethod
    def on(cls, day: dt.date) -> FixedClock:
        """Return a clock standing at noon of `day`."""
        return cls(dt.datetime.combine(day, dt.time(12), PARIS))

    def now(self) -> dt.datetime:
        """Return the moment it stands at."""
        return self.moment

    def today(self) -> dt.date:
        """Return the day it stands on."""
        return self.moment.date()
