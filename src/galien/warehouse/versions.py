"""Carrying versions on: what was known before a day, then what a new import says from then."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

Record = dict[str, Any]


def carry_on(
    earlier: Iterable[Record],
    later: Iterable[Record],
    *,
    day: dt.date,
    terms: Sequence[str],
    absent_ends: bool,
) -> list[Record]:
    """Join two histories of versions, by `product_code` then `since`.

    `until` is the first day a version no longer holds, None while it does.
    Versions of `earlier` that began before `day` are kept; from that day on `later` speaks. Two
    versions in a row whose `terms` are equal are one, with the words of the last. A product that
    `later` does not name keeps its versions; with `absent_ends` they end that day.
    """
    old, new = _by_code(earlier), _by_code(later)
    joined: list[Record] = []
    for code in sorted(old.keys() | new.keys()):
        before = [record for record in old.get(code, ()) if record["since"] < day]
        after = new.get(code, [])
        if before and after:
            after = [record | {"since": max(day, record["since"])} for record in after]
        if after or absent_ends:
            before = [_ended(record, day) for record in before]
        joined += _chained(before + after, terms)
    return joined


def _by_code(records: Iterable[Record]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        found[record["product_code"]].append(record)
    return {code: sorted(each, key=lambda r: r["since"]) for code, each in found.items()}


def _ended(record: Record, day: dt.date) -> Record:
    return record | {"until": min(day, record["until"] or day)}


def _chained(records: list[Record], terms: Sequence[str]) -> list[Record]:
    chain: list[Record] = []
    for record in records:
        last = chain[-1] if chain else None
        adjoins = last is not None and last["until"] == record["since"]
        if last and adjoins and all(last[term] == record[term] for term in terms):
            chain[-1] = record | {"since": last["since"]}
        else:
            chain.append(record)
    return chain
