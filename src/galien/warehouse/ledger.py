"""The ledger of receipts, day versions, releases and leases: what it must do, whoever keeps it.

Its rows are the only moment of visibility: a file on disk that no row names does not exist. It is kept
in Django's database by `galien.records`; the warehouse knows this protocol alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from galien.kernel.period import Period


class ReceiptStatus(StrEnum):
    """What became of a file."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    HELD = "held"
    REFUSED = "refused"
    DISCARDED = "discarded"


@dataclass(frozen=True)
class Issue:
    """One problem of a file: where, what, and what to do, in French; never the value itself."""

    line: int
    column: str
    code: str
    message: str
    severity: str = "error"
    extract: str = ""


@dataclass(frozen=True)
class Fragment:
    """A stored table of a delivery: the fact it holds and the content-addressed file."""

    fact: str
    sha256: str
    rows: int
    bytes: int


@dataclass(frozen=True)
class ReceiptRecord:
    """A receipt, as the ledger keeps it. `received = accepted + quarantined + duplicates`."""

    receipt: str
    sha256: str
    content_hash: str
    feed: str
    pharmacy: str
    mapping: str
    filename: str
    sender: str
    status: ReceiptStatus
    code: str
    received: int
    accepted: int
    quarantined: int
    duplicates: int
    received_at: dt.datetime
    exported_at: dt.datetime | None
    append: bool = False
    replaced_days: tuple[dt.date, ...] = ()
    days: tuple[dt.date, ...] = ()
    issues: tuple[Issue, ...] = ()
    sums: Mapping[str, Decimal] = field(default_factory=dict)
    fragments: tuple[Fragment, ...] = ()
    dropped_columns: tuple[str, ...] = ()
    sequence: int = 0


@dataclass(frozen=True)
class LiveDay:
    """A (pharmacy, feed, day) and the receipts whose rows it is made of, first to last."""

    pharmacy: str
    feed: str
    day: dt.date
    receipts: tuple[str, ...]


@dataclass(frozen=True)
class ReleaseRecord:
    """A published release: its id is the hash of its content."""

    release: str
    number: int
    parent: str | None
    manifest_sha256: str
    published_at: dt.datetime
    facts: tuple[Mapping[str, object], ...]
    ledger_sequence: int
    current: bool
    bad: bool = False


class Ledger(Protocol):
    """Where receipts, day versions, releases and leases are kept, transactionally."""

    def record_receipt(self, receipt: ReceiptRecord) -> ReceiptRecord:
        """Insert a receipt and, when accepted, make its days live, in one transaction.

        Versions of a day are ordered by `exported_at` (then the time of receipt); a version older
        than the live one is kept as history and does not become live. `append` adds the receipt to the live
        version of each of its days. The returned record carries `sequence` and `replaced_days`.
        A second receipt with the sha256 of an accepted one is recorded as a duplicate.
        """
        ...

    def receipt(self, receipt: str) -> ReceiptRecord:
        """Return a receipt; NotAvailable when unknown."""
        ...

    def receipts(self, *, pharmacies: Sequence[str] | None = None) -> Sequence[ReceiptRecord]:
        """Return receipts, newest first, of these pharmacies or of all (without their issues)."""
        ...

    def duplicate_of(
        self, *, sha256: str, content_hash: str, pharmacy: str, feed: str
    ) -> str | None:
        """Return the accepted receipt of the same bytes or content for that pharmacy and feed."""
        ...

    def change_status(self, receipt: str, status: ReceiptStatus) -> ReceiptRecord:
        """Release or discard a held receipt; releasing makes its days live."""
        ...

    def replace_receipt(self, receipt: str, replacement: ReceiptRecord) -> ReceiptRecord:
        """Put the result of a replay in the place of a receipt, keeping its order among versions."""
        ...

    def live_days(
        self, *, since_sequence: int = 0, within: Period | None = None
    ) -> Sequence[LiveDay]:
        """Return live days, or only those changed after a ledger sequence or in a period, ordered.

        A changed day that no version makes live any more comes with no receipts.
        """
        ...

    def fragments(self, receipts: Sequence[str]) -> Mapping[str, tuple[Fragment, ...]]:
        """Return the stored fragments of receipts."""
        ...

    def sequence(self) -> int:
        """Return the number of the last change of live days."""
        ...

    def record_release(self, release: ReleaseRecord, *, expected_parent: str | None) -> bool:
        """Insert a release and make it current if `expected_parent` still is; False otherwise.

        The ledger numbers releases itself, one after the last. A release already known (published
        again after a rollback, or mended) becomes current again, takes this manifest hash and the
        higher ledger sequence, and is no longer bad: its files were written anew.
        """
        ...

    def releases(self) -> Sequence[ReleaseRecord]:
        """Return releases, newest first."""
        ...

    def current_release(self) -> ReleaseRecord | None:
        """Return the current release, if any."""
        ...

    def make_current(self, release: str) -> ReleaseRecord:
        """Make an earlier release current (rollback); NotAvailable when unknown."""
        ...

    def mark_bad(self, release: str) -> ReleaseRecord | None:
        """Mark a damaged release and return the one that serves from now on."""
        ...

    def lease(self, release: str, holder: str, until: dt.datetime) -> None:
        """Take or extend a lease on a release, so that its files are not swept."""
        ...

    def leased(self, at: dt.datetime) -> frozenset[str]:
        """Return the releases leased at that moment."""
        ...
