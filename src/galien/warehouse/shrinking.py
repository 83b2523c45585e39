"""The continuity control on months: one that was finished and then lost rows is flagged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from galien.model.facts import PUBLISHED
from galien.warehouse.manifest import Manifest, MonthFile, Shrunk

FACT_OF_FEED = {"sales": "sale_day", "purchases": "purchase_line", "stock": "stock_level"}
_TOLERATED = 0.95  # a corrected file may well lose a few lines


def shrunk_months(before: Manifest | None, now: Manifest) -> tuple[Shrunk, ...]:
    """Return the pharmacies' months that hold clearly fewer rows than a release before them did.

    A month counts once the parent release has a later one of the same pharmacy and feed. The flag stays
    until the rows are back.
    """
    if before is None:
        return ()
    rows = _rows(now)
    flags = {(each.pharmacy, each.feed, each.month): each.rows_before for each in before.shrunk}
    flags |= dict(_newly(before, rows))
    return tuple(
        Shrunk(pharmacy, feed, month, was)
        for (pharmacy, feed, month), was in sorted(flags.items())
        if rows.get((pharmacy, feed, month), 0) < _TOLERATED * was
    )


_Key = tuple[str, str, dt.date]


def _newly(before: Manifest, rows: dict[_Key, int]) -> Iterator[tuple[_Key, int]]:
    was = _rows(before)
    last: dict[tuple[str, str], dt.date] = {}
    for pharmacy, feed, month in was:
        last[pharmacy, feed] = max(month, last.get((pharmacy, feed), month))
    flagged = {(each.pharmacy, each.feed, each.month) for each in before.shrunk}
    for key, count in was.items():
        pharmacy, feed, month = key
        finished = month < last[pharmacy, feed]
        if finished and key not in flagged and rows.get(key, 0) < _TOLERATED * count:
            yield key, count


def _rows(manifest: Manifest) -> dict[_Key, int]:
    return {
        (pharmacy, PUBLISHED[file.fact].feed, file.month): sums.rows
        for file in _main_files(manifest)
        for pharmacy, sums in file.pharmacies.items()
    }


def _main_files(manifest: Manifest) -> Iterator[MonthFile]:
    for file in manifest.files:
        if FACT_OF_FEED[PUBLISHED[file.fact].feed] == file.fact:
            yield file
