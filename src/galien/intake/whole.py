"""Controls that need whole days of a file: lines sent twice, numbers that conflict."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from galien.intake.cells import Flags
from galien.intake.framing import Ints
from galien.intake.rows import Rows
from galien.model.feeds import FEEDS


@dataclass(frozen=True)
class Repeats:
    """Rows whose line number was met before: `copies` say the same, `conflicts` do not."""

    copies: Flags
    conflicts: Flags


def find_repeats(rows: Rows) -> Repeats:
    """Find rows that share a line key (with the day): one of equal ones is kept, none of the others."""
    none = np.zeros(len(rows), np.bool_)
    if len(rows) < 2:
        return Repeats(none, none)
    keys = line_keys(rows)
    order = np.argsort(keys, kind="stable")
    same = keys[order][1:] == keys[order][:-1]
    if not same.any():
        return Repeats(none, none)
    group = np.concatenate(([0], np.cumsum(~same)))
    sizes = np.bincount(group)
    repeated = sizes[group] > 1
    members, groups = order[repeated], group[repeated]
    first = np.concatenate(([True], groups[1:] != groups[:-1]))
    heads = members[np.maximum.accumulate(np.where(first, np.arange(len(members)), 0))]
    differs = _differ(rows, members, heads)
    conflicting = np.isin(groups, groups[differs])
    copies, conflicts = none.copy(), none.copy()
    conflicts[members[conflicting]] = True
    copies[members[~conflicting & ~first]] = True
    return Repeats(copies, conflicts)


def line_keys(rows: Rows) -> Ints:
    """Return one whole number per distinct line key: pharmacy, day and the feed's line key."""
    feed = FEEDS[rows.feed]
    columns = [rows.days(feed.day_column)]
    for name in feed.line_key:
        if name == feed.day_column:
            continue
        columns.append(rows.codes(name) if name in rows.texts else rows.number(name))
    return packed(columns)


def packed(columns: list[Ints]) -> Ints:
    """Pack columns of whole numbers into one, equal exactly where all of them are."""
    key = np.zeros(len(columns[0]), np.int64)
    room = 1
    for values in columns:
        column = values
        low = int(column.min(initial=0))
        span = int(column.max(initial=0)) - low + 1
        if room > (1 << 62) // span:
            _, key = np.unique(key, return_inverse=True)
            room = int(key.max(initial=0)) + 1
        if room > (1 << 62) // span:
            _, column = np.unique(column, return_inverse=True)
            low, span = 0, int(column.max(initial=0)) + 1
        key = key * span + (column - low)
        room *= span
    return key


def _differ(rows: Rows, members: Ints, heads: Ints) -> Flags:
    differs = np.zeros(len(members), np.bool_)
    for values in rows.numbers.values():
        differs |= values[members] != values[heads]
    for name in rows.empty:
        given = rows.given(name)
        differs |= given[members] != given[heads]
    for name in rows.texts:
        codes = rows.codes(name)
        differs |= codes[members] != codes[heads]
    return differs
