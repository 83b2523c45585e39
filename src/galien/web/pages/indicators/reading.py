"""What the page of indicators reads: the year chosen, its indicators, their months."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.http import HttpRequest

from galien.kernel.period import Period, month_end, shift_months
from galien.usecases import indicators as usecase
from galien.usecases.services import Services, current
from galien.web.gestion import Choice, choice
from galien.web.shell.context import viewer


@dataclass(frozen=True)
class Read:
    """A pharmacy's indicators over a period, and their months up to its end."""

    choice: Choice
    period: Period
    found: usecase.YearIndicators
    history: usecase.History | None

    @property
    def empty(self) -> bool:
        """Tell whether neither activity nor accounts are known."""
        return self.found.activity is None and self.found.statement is None


def read(request: HttpRequest, *, months: bool = True) -> Read:
    """Read the year of the address; without accounts, the last twelve full months of sales."""
    chosen, services, reader = choice(request), current(), viewer(request)
    period = period_of(chosen, services)
    found = usecase.of_year(reader, chosen.pharmacy, chosen.year, period=period, services=services)
    history = None
    if months:
        last = last_month(period.last)
        history = usecase.history(reader, chosen.pharmacy, last=last, services=services)
    return Read(chosen, period, found, history)


def period_of(chosen: Choice, services: Services) -> Period:
    """Return the days of the year chosen, else the last twelve full months."""
    if chosen.year is not None:
        return Period(chosen.year.first_day, chosen.year.last_day)
    last = services.clock.today().replace(day=1) - dt.timedelta(days=1)
    return Period(shift_months(last.replace(day=1), -11), last)


def last_month(day: dt.date) -> dt.date:
    """Return the end of the last full month up to a day.

    >>> last_month(dt.date(2026, 6, 30)), last_month(dt.date(2026, 6, 29))
    (datetime.date(2026, 6, 30), datetime.date(2026, 5, 31))
    """
    return day if day == month_end(day) else day.replace(day=1) - dt.timedelta(days=1)
