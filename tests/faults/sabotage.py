"""Saboteurs: each switches one safety off, so that the fault tests can be seen to fail without it."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa

from galien.warehouse import durable, sweeping
from galien.warehouse import store as stores
from galien.warehouse.commit import store_fragments
from galien.warehouse.ledger import Ledger, ReceiptRecord, ReceiptStatus
from galien.warehouse.store import Store
from tests.builders import ledger as ledgers
from tests.builders import warehouse


def _sync_by(fsync: Callable[[int], None]) -> None:
    """Make the warehouse's files sync so."""
    spoiled: Any = durable
    spoiled.os = SimpleNamespace(**vars(os) | {"fsync": fsync})


def _without_sync(*callers: str) -> Callable[[], None]:
    """Skip the syncs asked by a function, named with the one that called it."""

    def fsync(descriptor: int) -> None:
        frame, names = sys._getframe(1), []
        for _ in callers:
            names.append(frame.f_code.co_name)
            frame = frame.f_back or frame
        if tuple(names) != callers:
            os.fsync(descriptor)

    return lambda: _sync_by(fsync)


def _sync_again() -> None:
    """Try a failed sync a second time on the same descriptor."""

    def fsync(descriptor: int) -> None:
        try:
            os.fsync(descriptor)
        except OSError:
            os.fsync(descriptor)

    _sync_by(fsync)


def _failed_sync_unseen() -> None:
    """Go on after a sync that failed as if it had not."""

    def fsync(descriptor: int) -> None:
        with contextlib.suppress(OSError):
            os.fsync(descriptor)

    _sync_by(fsync)


def _named_before_synced() -> None:
    """Give a file its name, then sync it; and take a file that is there for a whole one."""

    def write_file(final: Path, chunks: Iterable[bytes | memoryview], *, tmp: Path) -> None:
        draft = durable.draft_name(tmp)
        draft.write_bytes(b"".join(chunks))
        durable.name_file(draft.replace(final), final)

    spoiled: Any = stores
    spoiled.write_file = write_file
    spoiled.Store._whole = lambda store, sha256: store.path(sha256).exists()


def _receipt_before_rows() -> None:
    """Make a delivery's days live, then put its rows away."""

    def record_delivery(
        receipt: ReceiptRecord, facts: Mapping[str, pa.Table], *, ledger: Ledger, store: Store
    ) -> ReceiptRecord:
        with tempfile.TemporaryDirectory() as folder:
            elsewhere = Store(Path(folder))
            fragments = store_fragments(facts, feed=receipt.feed, store=elsewhere)
        kept = ledger.record_receipt(replace(receipt, fragments=fragments))
        store_fragments(facts, feed=receipt.feed, store=store)
        return kept

    spoiled: Any = warehouse
    spoiled.record_delivery = record_delivery


def _sweep_forgets_receipts() -> None:
    """Sweep the rows of deliveries as if no receipt needed them."""
    spoiled: Any = sweeping
    spoiled._DROPPED = set(ReceiptStatus)


def _journal_not_synced() -> None:
    """Let the end of a transaction, which is a name taken away, not be synced."""
    ledgers.SYNCHRONOUS = "full"


# By what they switch off: how, and the kind of fault that then must be seen.
SABOTAGES: dict[str, tuple[Callable[[], None], str]] = {
    "bytes not synced": (_without_sync("write_file"), "power"),
    "names not synced": (_without_sync("sync_folder", "write_file"), "power"),
    "folders not synced": (_without_sync("sync_folder", "_make_folder"), "power"),
    "journal not synced": (_journal_not_synced, "power"),
    "named before synced": (_named_before_synced, "power-named"),
    "receipt before rows": (_receipt_before_rows, "kill"),
    "sweep forgets receipts": (_sweep_forgets_receipts, "kill"),
    "synced again": (_sync_again, "eio"),
    "failed sync unseen": (_failed_sync_unseen, "power-after-eio"),
}
