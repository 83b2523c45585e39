"""The month files of the next release: which months changed, and what each is made from."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from queue import SimpleQueue

from galien.engines.protocol import Builder, Engines
from galien.kernel.errors import InternalError
from galien.kernel.period import Period, month_end
from galien.model.facts import PUBLISHED, Fact
from galien.warehouse.ledger import Ledger, LiveDay
from galien.warehouse.manifest import Manifest, MonthFile
from galien.warehouse.months import MonthWork, make_month
from galien.warehouse.store import Store

Progress = Callable[[str, int, int], None]
FeedMonth = tuple[str, dt.date]
_HANDS = 2  # the engine and the hashing leave the interpreter free


@dataclass(frozen=True)
class ContentMaker:
    """Makes month files from deliveries and from the parent release."""

    ledger: Ledger
    store: Store
    engines: Engines
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
        works = (
            work
            for key in sorted(touched)
            for work in self._works(key, touched[key], live.get(key, []), before, verified)
        )
        total = sum(len(_facts(feed)) for feed, _ in touched)
        return tuple(sorted([*files, *self._made(works, total)], key=lambda f: f.key))

    def _made(self, works: Iterable[MonthWork], total: int) -> Iterator[MonthFile]:
        """Make the files, some side by side, each hand at a workbench of its own."""
        with ExitStack() as stack:
            benches: SimpleQueue[Builder] = SimpleQueue()
            for _ in range(min(_HANDS, total)):
                benches.put(stack.enter_context(self.engines.build()))

            def make(work: MonthWork) -> MonthFile | None:
                bench = benches.get()
                try:
                    return make_month(work, builder=bench, store=self.store)
                finally:
                    benches.put(bench)

            pool = stack.enter_context(ThreadPoolExecutor(_HANDS))
            stack.callback(pool.shutdown, wait=True, cancel_futures=True)
            for done, file in enumerate(pool.map(make, works)):
                self.progress("publication", done, total)
                if file is not None:
                    yield file

    def damaged(self, before: Manifest | None) -> list[MonthFile]:
        """Return the parent's files that are no longer whole: their months are made anew."""
        files = before.files if before else ()
        with ThreadPoolExecutor(_HANDS) as hands:
            whole = hands.map(self._whole, [file.sha256 for file in files])
            return [file for file, fine in zip(files, whole, strict=True) if not fine]

    def _whole(self, sha256: str) -> bool:
        try:
            self.store.verify(sha256)
        except InternalError:
            return False
        return True

    def _live_in(self, touched: Mapping[FeedMonth, object]) -> Iterator[LiveDay]:
        if touched:
            months = [month for _, month in touched]
            span = Period(min(months), month_end(max(months)))
            for day in self.ledger.live_days(within=span):
                if day.receipts and (day.feed, day.day.replace(day=1)) in touched:
                    yield day

    def _works(
        self,
        key: FeedMonth,
        touched: list[LiveDay],
        live: list[LiveDay],
        before: Manifest | None,
        verified: Callable[[str], Path],
    ) -> Iterator[MonthWork]:
        """Say how each fact of a feed's month is made."""
        feed, month = key
        shas = self._delivered(live)
        for fact in _facts(feed):
            parent = _parent_path(fact, month, before, verified)
            again = _to_read(fact, touched, live, whole=parent is None)
            receipts = {receipt for day in again for receipt in day.receipts}
            named = shas[fact.delivered_as or fact.name]
            yield MonthWork(
                fact=fact,
                month=month,
                touched=frozenset((day.pharmacy, day.day) for day in touched),
                live=again,
                files={r: verified(named[r]) for r in sorted(receipts) if r in named},
                parent=parent,
            )

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


def _facts(feed: str) -> list[Fact]:
    return [fact for fact in PUBLISHED.values() if fact.feed == feed]


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
