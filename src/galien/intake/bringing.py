"""The rows of a whole file brought together: lines met twice, then the facts, run of days by run."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from galien.intake.computed import number_lines
from galien.intake.framing import Ints
from galien.intake.mapping import FeedMapping
from galien.intake.portions import by_days
from galien.intake.rows import Rows
from galien.intake.sales import reduce_sales
from galien.intake.trade import reduce_lines
from galien.intake.typist import total
from galien.intake.whole import find_repeats
from galien.model.feeds import FEEDS


@dataclass
class Together:
    """What the good rows of a file came to; those in conflict are given by their physical lines."""

    accepted: int = 0
    copies: int = 0
    doubled: bool = False
    days: list[Ints] = field(default_factory=list)
    conflicting: list[Ints] = field(default_factory=list)
    sums: Counter[str] = field(default_factory=Counter)
    aside: Counter[str] = field(default_factory=Counter)
    tables: dict[str, list[pa.Table]] = field(default_factory=dict)

    @property
    def conflicts(self) -> Ints:
        """Return the physical lines whose key another line has with other figures."""
        return np.sort(np.concatenate([np.zeros(0, np.int64), *self.conflicting]))

    @property
    def facts(self) -> dict[str, pa.Table]:
        """Return each fact, its days in order."""
        return {name: pa.concat_tables(parts) for name, parts in self.tables.items()}


def bring_together(parts: deque[Rows], mapping: FeedMapping, *, operator_key: bytes) -> Together:
    """Control the rows of a file against each other and reduce them to facts; `parts` is emptied."""
    feed = mapping.feed
    number = mapping.rule("line_no")
    numbered = number is not None and bool(number.computed)
    whole = Together()
    lines: list[Ints] = []
    copies: list[Ints] = []
    for rows in by_days(feed, parts):
        if numbered:
            number_lines(rows, "invoice" if feed == "sales" else "document_id")
        repeats = find_repeats(rows)
        lines.append(rows.lines)
        copies.append(rows.lines[repeats.copies])
        whole.conflicting.append(rows.lines[repeats.conflicts])
        whole.aside.update(total(rows.where(repeats.conflicts)))
        _add(whole, rows.where(~(repeats.copies | repeats.conflicts)), operator_key)
    whole.copies = sum(map(len, copies))
    whole.doubled = _doubled(lines, copies)
    return whole


def _add(whole: Together, rows: Rows, operator_key: bytes) -> None:
    if not len(rows):
        return
    whole.accepted += len(rows)
    whole.sums.update(total(rows))
    whole.days.append(np.unique(rows.days(FEEDS[rows.feed].day_column)))
    for name, table in _facts(rows, operator_key).items():
        whole.tables.setdefault(name, []).append(table)


def _facts(rows: Rows, operator_key: bytes) -> dict[str, pa.Table]:
    if rows.feed == "sales":
        return reduce_sales(rows, operator_key=operator_key)
    return reduce_lines(rows, "purchase_line" if rows.feed == "purchases" else "stock_level")


def _doubled(lines: list[Ints], copies: list[Ints]) -> bool:
    """Tell whether the second half of a file is a copy of the first."""
    count = sum(map(len, lines))
    half = count // 2
    if count % 2 or half < 2 or sum(map(len, copies)) != half:
        return False
    later = np.partition(np.concatenate(lines), half)[half]
    return all(bool((each >= later).all()) for each in copies)
