"""Sweeping: files that no receipt, no kept release and no reader needs any more are deleted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from galien.kernel.clock import Clock
from galien.warehouse.ledger import Ledger, ReceiptStatus, ReleaseRecord
from galien.warehouse.manifest import read_manifest
from galien.warehouse.store import Store

KEPT_RELEASES = 30
GRACE = dt.timedelta(hours=24)
_DROPPED = {ReceiptStatus.REFUSED, ReceiptStatus.DISCARDED, ReceiptStatus.DUPLICATE}


@dataclass(frozen=True)
class Swept:
    """How many files a sweep deleted."""

    files: int
    derived: int


def sweep(
    *,
    ledger: Ledger,
    store: Store,
    clock: Clock,
    pinned: Collection[str] = (),
    kept: int = KEPT_RELEASES,
    grace: dt.timedelta = GRACE,
) -> Swept:
    """Delete what nothing needs: `grace` protects what is being written or read.

    Kept: the files of the last `kept` releases, of the current one, of leased and `pinned` ones, and of
    every receipt; the analytical files of the current release, of its parent and of leased ones.
    Manifests stay, so that releases can be listed and compared. Raises InternalError (DAMAGED) when the
    manifest of a kept release cannot be read: better sweep nothing.
    """
    now = clock.now()
    releases = ledger.releases()
    leased = ledger.leased(now)
    current = next((release for release in releases if release.current), None)
    good = [release for release in releases if not release.bad]
    needed = leased | set(pinned) | {r.release for r in good[:kept]}
    needed |= {current.release} if current else set()
    hashes = {
        sha256
        for release in good
        if release.release in needed
        for sha256 in read_manifest(store.places, release.release, release.manifest_sha256).hashes
    }
    hashes |= {
        fragment.sha256
        for receipt in ledger.receipts()
        if receipt.status not in _DROPPED
        for fragment in receipt.fragments
    }
    before = (now - grace).timestamp()
    serving = leased | _and_parent(current)
    return Swept(store.sweep(hashes, older_than=before), _sweep_derived(store, serving, before))


def _and_parent(current: ReleaseRecord | None) -> set[str]:
    if current is None:
        return set()
    return {current.release, current.parent or current.release}


def _sweep_derived(store: Store, serving: Collection[str], before: float) -> int:
    old = [
        path
        for path in store.places.derived.glob("*.*")
        if path.suffix in {".duckdb", ".json"}
        and path.stem not in serving
        and path.stat().st_mtime < before
    ]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
