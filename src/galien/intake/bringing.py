"""The rows of a file brought together: lines met twice, then the facts, run of days by run."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from galien.intake.computed import number_lines
from galien.intake.framing import Ints
from galien.intake.kept import KeptFacts
from galien.intake.mapping import FeedMapping
from galien.intake.portions import PORTION, by_days, taken_before
from galien.intake.rows import Rows
from galien.intake.sales import reduce_sales
from galien.intake.trade import reduce_lines
from galien.intake.typist import total
from galien.intake.whole import find_repeats
from galien.model.feeds import FEEDS

WAITING = PORTION


class BackInTime(Exception):
    """A day that was reduced comes back: its rows must be brought together whole."""


@dataclass(frozen=True)
class LineRuns:
    """Numbers of lines, in order, as runs of numbers that follow each other: a few for a whole file."""

    firsts: Ints
    lengths: Ints

    @classmethod
    def of(cls, lines: Ints) -> LineRuns:
        """Find the runs of line numbers given in order."""
        starts = np.flatnonzero(np.diff(lines, prepend=-2) != 1)
        return cls(lines[starts], np.diff(starts, append=len(lines)))

    @property
    def count(self) -> int:
        """Return how many lines there are."""
        return int(self.lengths.sum())

    def all(self) -> Ints:
        """Return the number of each line.

        >>> LineRuns.of(np.array([2, 3, 4, 9, 11, 12])).all().tolist()
        [2, 3, 4, 9, 11, 12]
        """
        before = np.cumsum(self.lengths) - self.lengths
        return np.repeat(self.firsts - before, self.lengths) + np.arange(self.count)


@dataclass
class Together:
    """What the good rows of a file came to; those in conflict are given by their physical lines."""

    facts: KeptFacts
    accepted: int = 0
    days: list[Ints] = field(default_factory=list)
    lines: list[LineRuns] = field(default_factory=list)
    copied: list[Ints] = field(default_factory=list)
    conflicting: list[Ints] = field(default_factory=list)
    sums: Counter[str] = field(default_factory=Counter)
    aside: Counter[str] = field(default_factory=Counter)

    @property
    def conflicts(self) -> Ints:
        """Return the physical lines whose key another line has with other figures."""
        return np.sort(np.concatenate([np.zeros(0, np.int64), *self.conflicting]))

    @property
    def copies(self) -> int:
        """Count the lines that say again what another one says."""
        return sum(map(len, self.copied))

    @property
    def doubled(self) -> bool:
        """Tell whether the second half of a file is a copy of the first."""
        count = sum(each.count for each in self.lines)
        half = count // 2
        if count % 2 or half < 2 or self.copies != half:
            return False
        later = np.partition(np.concatenate([each.all() for each in self.lines]), half)[half]
        return all(bool((each >= later).all()) for each in self.copied)


class Bringer:
    """Brings together the rows of a file as they come, and reduces them to facts.

    `early` reduces the days that the file seems to have left as soon as many rows wait, so that what is
    held does not grow with the file; one of these days met again raises BackInTime.
    """

    def __init__(
        self, mapping: FeedMapping, facts: KeptFacts, *, operator_key: bytes, early: bool
    ) -> None:
        self._mapping = mapping
        self._operator_key = operator_key
        self._room = WAITING if early else 0
        self._parts: deque[Rows] = deque()
        self._whole = Together(facts)
        self._waiting = 0
        self._reduced_before: int | None = None
        self.rows = 0

    def add(self, rows: Rows) -> None:
        """Take more rows, in any order of days; those of a block have lines after the last one's."""
        if not len(rows):
            return
        first = int(rows.days(FEEDS[rows.feed].day_column).min())
        if self._reduced_before is not None and first < self._reduced_before:
            raise BackInTime
        self._parts.append(rows)
        self.rows += len(rows)
        self._waiting += len(rows)
        if self._room and self._waiting > self._room:
            complete = taken_before(first, self._mapping.feed, self._parts)
            if complete:
                self._reduced_before = first
                self._reduce(complete)
            self._waiting = sum(map(len, self._parts))
            self._room = self._waiting + WAITING

    def finish(self) -> Together:
        """Reduce what waits, and return what all the rows came to."""
        self._reduce(self._parts)
        return self._whole

    def _reduce(self, parts: deque[Rows]) -> None:
        feed, whole = self._mapping.feed, self._whole
        number = self._mapping.rule("line_no")
        numbered = number is not None and bool(number.computed)
        for rows in by_days(feed, parts):
            if numbered:
                number_lines(rows, "invoice" if feed == "sales" else "document_id")
            repeats = find_repeats(rows)
            whole.lines.append(LineRuns.of(rows.lines))
            whole.copied.append(rows.lines[repeats.copies])
            whole.conflicting.append(rows.lines[repeats.conflicts])
            whole.aside.update(total(rows.where(repeats.conflicts)))
            self._add(rows.where(~(repeats.copies | repeats.conflicts)))

    def _add(self, rows: Rows) -> None:
        if not len(rows):
            return
        whole = self._whole
        whole.accepted += len(rows)
        whole.sums.update(total(rows))
        whole.days.append(np.unique(rows.days(FEEDS[rows.feed].day_column)))
        tables = _facts(rows, self._operator_key)
        for name in list(tables):
            whole.facts.add(name, tables.pop(name))


def _facts(rows: Rows, operator_key: bytes) -> dict[str, pa.Table]:
    if rows.feed == "sales":
        return reduce_sales(rows, operator_key=operator_key)
    return reduce_lines(rows, "purchase_line" if rows.feed == "purchases" else "stock_level")
