"""Which files a pharmacy sends and when, with the accidents of real life: late, missing, twice, wrong."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from galien.demo.days import Calendar
from galien.demo.members import Member

HISTORY_MONTHS = 12
# Members by rank; a small group has the first of them only.
LATE = {4: 6, 10: 3}
MISSING_WEEK = {5}
CORRECTED = {2}
OVERLAPPING = {3}
DAILY = {0, 6, 12, 18}
WITH_BAD_ROWS = {0, 1, 7, 14, 20, 29}
WORKBOOK_STOCK = {2, 8}
_DAILY_FILES = 4


@dataclass(frozen=True)
class PlannedFile:
    """A file to write: feed, days (ranks, both included), moment of export, accident if any.

    `accident`: `cut` (afternoon of the last day lost), `bad` (a few rows wrong), empty.
    `gap` is a span of days that the file lacks.
    """

    feed: str
    first: int
    last: int
    exported: dt.datetime
    workbook: bool = False
    accident: str = ""
    gap: tuple[int, int] | None = None

    def path(self, member: Member, first_day: dt.date, suffix: str) -> str:
        """Name the file: pharmacy, feed, first day, moment of export."""
        since = first_day + dt.timedelta(days=self.first)
        return f"{member.finess}_{self.feed}_{since:%Y%m%d}_{self.exported:%Y%m%d%H%M}.{suffix}"


def plan_files(member: Member, calendar: Calendar) -> list[PlannedFile]:
    """List the files of a member in the order of their export."""
    spans = _spans(calendar)
    files = [*_sales(member, calendar, spans)]
    for feed in ("purchases", "stock"):
        history = (spans[0][0], spans[-2][1]) if len(spans) > 1 else None
        for first, last in (span for span in (history, spans[-1]) if span):
            recent = (first, last) == spans[-1]
            book = feed == "stock" and recent and member.rank in WORKBOOK_STOCK
            files.append(PlannedFile(feed, first, last, _exported(member, calendar, last), book))
    return sorted(files, key=lambda file: (file.exported, file.feed, file.first))


def _spans(calendar: Calendar) -> list[tuple[int, int]]:
    """Cut the period into years of history, then the last month alone."""
    ends = calendar.month_ends()
    starts = [0, *(end + 1 for end in ends[:-1])]
    before = len(ends) - 1
    cuts = range(0, before, HISTORY_MONTHS)
    history = [(starts[i], ends[min(i + HISTORY_MONTHS, before) - 1]) for i in cuts]
    return [*history, (starts[-1], ends[-1])]


def _exported(member: Member, calendar: Calendar, last: int, later: int = 0) -> dt.datetime:
    day = calendar.days[last] + dt.timedelta(days=1 + later)
    return dt.datetime.combine(day, dt.time(2, (5 + member.rank * 7) % 60))


def _sales(member: Member, calendar: Calendar, spans: list[tuple[int, int]]) -> list[PlannedFile]:
    *history, (first, last) = spans
    last -= LATE.get(member.rank, 0)
    files = [PlannedFile("sales", a, b, _exported(member, calendar, b)) for a, b in history]
    if member.rank in MISSING_WEEK and history:
        old = files[-1]
        files[-1] = PlannedFile(
            "sales", old.first, old.last, old.exported, gap=(old.last - 16, old.last - 10)
        )
    days = _DAILY_FILES if member.rank in DAILY else 0
    bad = "bad" if member.rank in WITH_BAD_ROWS else ""
    files.append(
        PlannedFile(
            "sales", first, last - days, _exported(member, calendar, last - days), accident=bad
        )
    )
    files.extend(
        PlannedFile("sales", day, day, _exported(member, calendar, day))
        for day in range(last - days + 1, last + 1)
        if day in calendar.open
    )
    if member.rank in CORRECTED:
        wrong = max(day for day in calendar.open if day <= last - 3)
        files[-1] = PlannedFile(
            "sales", first, wrong, _exported(member, calendar, wrong), accident="cut"
        )
        files.append(PlannedFile("sales", wrong, wrong, _exported(member, calendar, wrong, 1)))
        files.append(PlannedFile("sales", wrong + 1, last, _exported(member, calendar, last)))
    if member.rank in OVERLAPPING:
        files.append(PlannedFile("sales", last - 6, last, _exported(member, calendar, last, 1)))
    return files
