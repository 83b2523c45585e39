"""Periods and their comparisons, as people say them: last month, last 12 months, a year, two dates."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from galien.kernel import french
from galien.kernel.errors import InvalidInput

PRESETS = ("last-month", "last-12-months", "year-to-date")
FIRST_YEAR, LAST_YEAR = 1900, 2199  # periods are moved by years, and must stay in the calendar
COMPARISONS = ("previous-year", "previous-period", "same-weekdays", "none")


@dataclass(frozen=True, order=True)
class Period:
    """A run of days, both ends included.

    >>> Period(dt.date(2026, 1, 1), dt.date(2026, 3, 31)).whole_months
    True
    """

    first: dt.date
    last: dt.date

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise InvalidInput(
                f"La période commence le {french.day(self.first)}, après sa fin, "
                f"le {french.day(self.last)} : inversez les deux dates."
            )

    @property
    def days(self) -> int:
        """Return the number of days."""
        return (self.last - self.first).days + 1

    @property
    def whole_months(self) -> bool:
        """Tell whether it starts on a first and ends on the last day of a month."""
        return self.first.day == 1 and self.last == month_end(self.last)

    def months(self) -> list[dt.date]:
        """Return the first day of each month it touches."""
        found, current = [], self.first.replace(day=1)
        while current <= self.last:
            found.append(current)
            current = shift_months(current, 1)
        return found

    def label(self) -> str:
        """Write the period in French.

        >>> Period(dt.date(2026, 10, 1), dt.date(2026, 10, 31)).label()
        'octobre 2026'
        >>> Period(dt.date(2026, 1, 1), dt.date(2026, 3, 31)).label()
        'janvier à mars 2026'
        """
        if not self.whole_months:
            if self.first == self.last:
                return french.day(self.first)
            return f"du {french.day(self.first)} au {french.day(self.last)}"
        if self.first == self.last.replace(day=1):
            return french.month(self.first)
        if (self.first.month, self.last.month, self.last.year) == (1, 12, self.first.year):
            return f"année {self.first.year}"
        if self.first.year == self.last.year:
            return f"{french.MONTHS[self.first.month - 1]} à {french.month(self.last)}"
        return f"{french.month(self.first)} à {french.month(self.last)}"

    def short_label(self) -> str:
        """Write the period in as few letters as a legend has room for.

        >>> Period(dt.date(2025, 11, 1), dt.date(2026, 10, 31)).short_label()
        'nov. 2025 – oct. 2026'
        >>> Period(dt.date(2026, 3, 2), dt.date(2026, 3, 8)).short_label()
        '02/03/2026 – 08/03/2026'
        """
        if not self.whole_months:
            ends = [f"{day:%d/%m/%Y}" for day in (self.first, self.last)]
        else:
            ends = [french.short_month(day) for day in (self.first, self.last)]
        return " – ".join(dict.fromkeys(ends))

    def iso(self) -> str:
        """Return the period as `first..last`.

        >>> Period(dt.date(2026, 1, 1), dt.date(2026, 1, 31)).iso()
        '2026-01-01..2026-01-31'
        """
        return f"{self.first.isoformat()}..{self.last.isoformat()}"


def month_end(day: dt.date) -> dt.date:
    """Return the last day of the month of `day`.

    >>> month_end(dt.date(2024, 2, 3))
    datetime.date(2024, 2, 29)
    """
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def shift_months(day: dt.date, months: int) -> dt.date:
    """Move a date by whole months, staying inside the month reached.

    >>> shift_months(dt.date(2026, 3, 31), -1)
    datetime.date(2026, 2, 28)
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))


def parse_period(text: str, today: dt.date) -> Period:
    """Read a period: a preset, `2026-03`, `2026-Q1`, `2026` or `2026-01-01..2026-06-30`.

    `last-month` is the month before the one of `today`; `last-12-months` the twelve full months
    ending with it; `year-to-date` from 1 January to `today`.

    >>> parse_period("last-12-months", dt.date(2026, 11, 21)).iso()
    '2025-11-01..2026-10-31'

    >>> parse_period("9999", dt.date(2026, 11, 21))
    Traceback (most recent call last):
    galien.kernel.errors.InvalidInput: La période « 9999 » sort du calendrier : de 1900 à 2199.

    Raises InvalidInput when the text is none of these, or is out of the calendar.
    """
    last_month = today.replace(day=1) - dt.timedelta(days=1)
    if text == "last-month":
        return Period(last_month.replace(day=1), last_month)
    if text == "last-12-months":
        return Period(shift_months(last_month.replace(day=1), -11), last_month)
    if text == "year-to-date":
        return Period(dt.date(today.year, 1, 1), today)
    try:
        period = _written_period(text)
        if period.first.year >= FIRST_YEAR and period.last.year <= LAST_YEAR:
            return period
        raise InvalidInput(
            f"La période « {text} » sort du calendrier : de {FIRST_YEAR} à {LAST_YEAR}."
        )
    except ValueError:
        raise InvalidInput(
            f"La période « {text} » n’est pas comprise : écrivez {', '.join(PRESETS)}, 2026-03, "
            "2026-Q1, 2026 ou 2026-01-01..2026-06-30."
        ) from None


def _written_period(text: str) -> Period:
    if match := re.fullmatch(r"(\d{4})", text, re.ASCII):
        year = int(match[1])
        return Period(dt.date(year, 1, 1), dt.date(year, 12, 31))
    if match := re.fullmatch(r"(\d{4})-Q([1-4])", text, re.ASCII):
        first = dt.date(int(match[1]), 3 * int(match[2]) - 2, 1)
        return Period(first, month_end(shift_months(first, 2)))
    if match := re.fullmatch(r"(\d{4})-(\d{2})", text, re.ASCII):
        first = dt.date(int(match[1]), int(match[2]), 1)
        return Period(first, month_end(first))
    first_text, separator, last_text = text.partition("..")
    if not separator:
        first_text = last_text = text
    return Period(dt.date.fromisoformat(first_text), dt.date.fromisoformat(last_text))


def parse_comparison(text: str, period: Period, today: dt.date) -> Period | None:
    """Return the period that `period` is compared with, or None for `none`.

    `previous-year` is the same dates a year before; `previous-period` the run of the same length just
    before (whole months stay whole months); `same-weekdays` the same days shifted by 364, so that a
    Saturday meets a Saturday; any period may be written instead.

    >>> october = parse_period("2026-10", dt.date(2026, 11, 21))
    >>> parse_comparison("previous-period", october, dt.date(2026, 11, 21)).iso()
    '2026-09-01..2026-09-30'
    """
    if text == "none":
        return None
    if text == "previous-year":
        first = shift_months(period.first, -12)
        whole = period.last == month_end(period.last)
        last = shift_months(period.last, -12)
        return Period(first, month_end(last) if whole else last)
    if text == "previous-period":
        before = period.first - dt.timedelta(days=1)
        if period.whole_months:
            return Period(shift_months(period.first, -len(period.months())), before)
        return Period(before - dt.timedelta(days=period.days - 1), before)
    if text == "same-weekdays":
        shift = dt.timedelta(days=364)
        return Period(period.first - shift, period.last - shift)
    try:
        return parse_period(text, today)
    except InvalidInput:
        raise InvalidInput(
            f"La comparaison « {text} » n’est pas comprise : écrivez {', '.join(COMPARISONS)} "
            "ou une période."
        ) from None
