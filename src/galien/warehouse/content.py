"""The month files of the next release: which months changed, and what each is made from."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from galien.engines.protocol import Builder
from galien.kernel.errors import InternalError
from galien.model.facts import PUBLISHED, Fact
from galien.warehouse.ledger import Ledger, LiveDay
from galien.warehouse.manifest import Manifest, MonthFile
from galien.warehouse.months import MonthWork, make_month
from galien.warehouse.store import Store

Progress = Callable[[str, int, int], None]
FeedMonth = tuple[str, dt.date]


@dataclass(frozen=True)
class ContentMaker:
    """Makes month files from deliveries and from the parent release."""

    ledger: Ledger
    store: Store
    builder: Builder
    progress: Progress

    def files(self, before: Manifest | None, changed: Iterable[LiveDay]) -> tuple[MonthFile, ...]:
        """Return the files of the next release: the parent's, those of changed months made anew."""
        touched = _by_month(changed)
        for file in self.damaged(before):
            touched.setdefault(_feed_month(file), [])
        live = _by_month(self._live_in(touched))
        files = [f for f in (before.files if before else ()) if _feed_month(f) not in touched]
        # A delivery's file is read for each of its months, and checked once a publication.
        verified = cache(lambda sha256: self.store.verify(sha256, fresh=True))
        for done, key in enumerate(sorted(touched)):
            self.progress("publication", done, len(touched))
            files += self._month(key, touched[key], live.get(key, []), before, verified)
        return tuple(sorted(files, key=lambda f: f.key))

    def damaged(self, before: Manifest | None) -> list[MonthFile]:
        """Return the parent's files that are no longer whole: their months are made anew."""
        return [f for f in (before.files if before else ()) if not self._whole(f.sha256)]

    def _whole(self, sha256: str) -> bool:
        try:
            self.store.verify(sha256)
        except InternalError:
            return False
        return True

    def _live_in(self, touched: Mapping[FeedMonth, object]) -> Iterator[LiveDay]:
        if touched:
            for day in self.ledger.live_days():
                if day.receipts and (day.feed, day.day.replace(day=1)) in touched:
                    yield day

    def _month(
        self,
        key: FeedMonth,
        touched: list[LiveDay],
        live: list[LiveDay],
        before: Manifest | None,
        verified: Callable[[str], Path],
    ) -> Iterator[MonthFile]:
        feed, month = key
        shas = self._delivered(live)
        for fact in (fact for fact in PUBLISHED.values() if fact.feed == feed):
            parent = _parent_path(fact, month, before, verified)
            again = _to_read(fact, touched, live, whole=parent is None)
            receipts = {receipt for day in again for receipt in day.receipts}
            named = shas[fact.delivered_as or fact.name]
            work = MonthWork(
                fact=fact,
                month=month,
                touched=frozenset((day.pharmacy, day.day) for day in touched),
                live=again,
                files={r: verified(named[r]) for r in sorted(receipts) if r in named},
                parent=parent,
            )
            file = make_month(work, builder=self.builder, store=self.store)
            if file is not None:
                yield file

    def _delivered(self, live: Iterable[LiveDay]) -> Mapping[str, Mapping[str, str]]:
        """Return, by delivered fact and receipt, the hash of the stored fragment."""
        shas: dict[str, dict[str, str]] = defaultdict(dict)
        receipts = sorted({receipt for day in live for receipt in day.receipts})
        for receipt, kept in self.ledger.fragments(receipts).items():
            for fragment in kept:
                shas[fragment.fact][receipt] = fragment.sha256
        return shas


def _by_month(days: Iterable[LiveDay]) -> dict[FeedMonth, list[LiveDay]]:
    months: dict[FeedMonth, list[LiveDay]] = defaultdict(list)
    for day in days:
        months[day.feed, day.day.replace(day=1)].append(day)
    return months


def _feed_month(file: MonthFile) -> FeedMonth:
    return (PUBLISHED[file.fact].feed, file.month)


def _parent_path(
    fact: Fact, month: dt.date, before: Manifest | None, verified: Callable[[str], Path]
) -> Path | None:
    """Return the parent's file if it is whole; the month is made from deliveries otherwise."""
    file = before.file(fact.name, month) if before else None
    if file is None:
        return None
    try:
        return verified(file.sha256)
    except InternalError:
        return None


def _to_read(
    fact: Fact, touched: list[LiveDay], live: list[LiveDay], *, whole: bool
) -> list[LiveDay]:
    """Return the live days to read again: touched ones, or the whole months that add them up."""
    if whole:
        return live
    if fact.delivered_as:
        pharmacies = {day.pharmacy for day in touched}
        return [day for day in live if day.pharmacy in pharmacies]
    days = {(day.pharmacy, day.day) for day in touched}
    return [day for day in live if (day.pharmacy, day.day) in days]
