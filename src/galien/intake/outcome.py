"""What a reading gives: the delivery with its counts, its problems and the facts made from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from galien.intake.kept import KeptFacts
from galien.warehouse.ledger import Issue, ReceiptStatus


class Stop(Exception):
    """The whole file is refused; carries the issue told to the sender. Never leaves the intake."""

    def __init__(self, code: str, message: str, *, line: int = 0, column: str = "") -> None:
        super().__init__(code)
        self.issue = Issue(line=line, column=column, code=code, message=message, severity="stop")


@dataclass(frozen=True)
class LineCount:
    """Every physical line of the file, once: `physical` is the sum of the others.

    `continuation` counts the further lines of records that hold a line break inside quotes.
    """

    physical: int = 0
    header: int = 0
    structural: int = 0
    blank: int = 0
    records: int = 0
    continuation: int = 0


@dataclass(frozen=True)
class Delivery:
    """A file once read, `received = accepted + quarantined + duplicates`, and the facts kept of it.

    `sums` adds up the quantity and the amount of what is accepted, `set_aside` of what could be read of
    the quarantined rows. On `held` the counts and facts say what releasing the file would load; on
    `refused` they are 0.
    """

    status: ReceiptStatus
    code: str
    message: str
    feed: str
    pharmacy: str
    mapping: str
    received: int
    accepted: int
    quarantined: int
    duplicates: int
    sha256: str
    content_hash: str
    days: tuple[dt.date, ...] = ()
    issues: tuple[Issue, ...] = ()
    issue_counts: Mapping[str, int] = field(default_factory=dict)
    sums: Mapping[str, Decimal] = field(default_factory=dict)
    set_aside: Mapping[str, Decimal] = field(default_factory=dict)
    facts: KeptFacts = field(default_factory=KeptFacts)
    exported_at: dt.datetime | None = None
    dropped_columns: tuple[str, ...] = ()
    pharmacies: tuple[str, ...] = ()
    lines: LineCount = LineCount()


def refused(
    issue: Issue, *, feed: str, pharmacy: str, mapping: str, sha256: str, content_hash: str = ""
) -> Delivery:
    """Make the delivery of a refused file: no count, no fact, the reason and where."""
    return Delivery(
        status=ReceiptStatus.REFUSED,
        code=issue.code,
        message=issue.message,
        feed=feed,
        pharmacy=pharmacy,
        mapping=mapping,
        received=0,
        accepted=0,
        quarantined=0,
        duplicates=0,
        sha256=sha256,
        content_hash=content_hash,
        issues=(issue,),
        issue_counts={issue.code: 1},
        sums={"quantity": Decimal(0), "amount": Decimal(0)},
    )
