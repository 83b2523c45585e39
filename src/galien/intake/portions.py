"""The rows of a file by runs of whole days: what is worked on at once stays small, however long the file."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

import numpy as np

from galien.intake.framing import Ints
from galien.intake.rows import Rows, gather
from galien.model.feeds import FEEDS

PORTION = 150_000  # rows: some forty megabytes while they are reduced


def by_days(feed: str, parts: deque[Rows], *, portion: int = PORTION) -> Iterator[Rows]:
    """Give the rows of a file back by runs of whole days, earliest first, each in line order.

    Keys of lines, visits and invoices are all within a day, so that each run can be controlled and
    reduced alone. `parts` is emptied on the way. A run holds about `portion` rows, more when a single
    day does.
    """
    column = FEEDS[feed].day_column
    last_days = _last_days([part.days(column) for part in parts if len(part)], portion)
    runs: list[list[Rows]] = [[] for _ in last_days]
    while parts:
        part = parts.popleft()
        run = np.searchsorted(last_days, part.days(column)) if len(part) else np.zeros(0, np.int64)
        for place in np.unique(run).tolist():
            runs[place].append(part.where(run == place))
    for place in range(len(runs)):
        yield gather(feed, runs[place])
        runs[place] = []


def taken_before(day: int, feed: str, parts: deque[Rows]) -> deque[Rows]:
    """Take the rows of earlier days (days since 1970) out of `parts`, which keeps the others."""
    column = FEEDS[feed].day_column
    taken: deque[Rows] = deque()
    for _ in range(len(parts)):
        part = parts.popleft()
        earlier = part.days(column) < day
        if earlier.any():
            taken.append(part.where(earlier))
        if not earlier.all():
            parts.append(part.where(~earlier))
    return taken


def _last_days(days: list[Ints], portion: int) -> Ints:
    """Return the last day of each run, so that none but single days holds much over `portion` rows."""
    if not days:
        return np.zeros(0, np.int64)
    first = min(int(each.min()) for each in days)
    counts = np.zeros(max(int(each.max()) for each in days) - first + 1, np.int64)
    for each in days:
        counts += np.bincount(each - first, minlength=len(counts))
    run = (np.cumsum(counts) - 1) // portion
    ends = np.flatnonzero(np.diff(run, append=run[-1] + 1))
    return ends + first
