"""Receipts between the ledger's records and the database's rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django.db.models import Q

from galien.kernel.errors import NotAvailable
from galien.records.models import QuarantineRow, Receipt
from galien.warehouse.ledger import Fragment, Issue, ReceiptRecord, ReceiptStatus

MAX_KEPT_ISSUES = 100_000
BATCH = 1_000
PLAIN = (
    "receipt",
    "sha256",
    "content_hash",
    "feed",
    "pharmacy",
    "mapping",
    "filename",
    "sender",
    "code",
    "received",
    "accepted",
    "quarantined",
    "duplicates",
    "received_at",
    "exported_at",
    "append",
    "sequence",
)


def find(receipt: str) -> Receipt:
    """Return the row of a receipt; NotAvailable when unknown."""
    row = Receipt.objects.filter(receipt=receipt).first()
    if row is None:
        raise NotAvailable(
            f"Récépissé {receipt} inconnu dans cet espace de travail.", code="UNKNOWN_RECEIPT"
        )
    return row


def same_delivery(receipt: ReceiptRecord) -> Receipt | None:
    """Return the earlier receipt of the same delivery, if there is one.

    Accepted: the same bytes or the same content. Held or refused: the same bytes with the same
    outcome (another mapping may have changed it, and then it is another receipt).
    """
    mine = Receipt.objects.filter(pharmacy=receipt.pharmacy, feed=receipt.feed)
    same = Q(sha256=receipt.sha256)
    if receipt.content_hash:
        same |= Q(content_hash=receipt.content_hash)
    accepted = mine.filter(same, status=ReceiptStatus.ACCEPTED).order_by("sequence").first()
    if accepted is not None:
        return accepted
    if receipt.status is ReceiptStatus.ACCEPTED:
        return None
    return (
        mine.filter(
            sha256=receipt.sha256,
            status=receipt.status,
            code=receipt.code,
            mapping=receipt.mapping,
        )
        .order_by("sequence")
        .first()
    )


def insert(receipt: ReceiptRecord) -> Receipt:
    """Insert the row of a receipt and its issues."""
    row = Receipt(**_values(receipt))
    row.save(force_insert=True)
    _keep_issues(row, receipt.issues)
    return row


def update(row: Receipt, receipt: ReceiptRecord) -> None:
    """Put a replay's result in a receipt's row, its issues with it."""
    for name, value in _values(receipt).items():
        setattr(row, name, value)
    row.save()
    QuarantineRow.objects.filter(receipt=row).delete()
    _keep_issues(row, receipt.issues)


def record(row: Receipt, *, issues: bool = False) -> ReceiptRecord:
    """Return the ledger's record of a row, with its issues when asked."""
    return ReceiptRecord(
        **{name: getattr(row, name) for name in PLAIN},
        status=ReceiptStatus(row.status),
        replaced_days=_days(row.replaced_days),
        days=_days(row.days),
        issues=tuple(_issues(row)) if issues else (),
        sums={name: Decimal(value) for name, value in row.sums.items()},
        fragments=tuple(Fragment(**each) for each in row.fragments),
        dropped_columns=tuple(row.dropped_columns),
    )


def fragments(receipts: Sequence[str]) -> Mapping[str, tuple[Fragment, ...]]:
    """Return the stored fragments of receipts, by receipt."""
    wanted = list(dict.fromkeys(receipts))
    found: dict[str, tuple[Fragment, ...]] = {}
    for start in range(0, len(wanted), BATCH):
        rows = Receipt.objects.filter(receipt__in=wanted[start : start + BATCH])
        for receipt, kept in rows.values_list("receipt", "fragments"):
            found[receipt] = tuple(Fragment(**each) for each in kept)
    return found


def plain(facts: Iterable[Mapping[str, object]]) -> list[dict[str, Any]]:
    """Return facts as JSON can keep them: decimals as text would lose their type, so as numbers."""
    return [
        {key: float(value) if isinstance(value, Decimal) else value for key, value in fact.items()}
        for fact in facts
    ]


def _values(receipt: ReceiptRecord) -> dict[str, Any]:
    return {name: getattr(receipt, name) for name in PLAIN} | {
        "status": receipt.status.value,
        "replaced_days": [day.isoformat() for day in receipt.replaced_days],
        "days": [day.isoformat() for day in receipt.days],
        "first_day": min(receipt.days, default=None),
        "last_day": max(receipt.days, default=None),
        "sums": {name: str(value) for name, value in receipt.sums.items()},
        "fragments": [asdict(fragment) for fragment in receipt.fragments],
        "dropped_columns": list(receipt.dropped_columns),
    }


def _keep_issues(row: Receipt, issues: Sequence[Issue]) -> None:
    QuarantineRow.objects.bulk_create(
        (QuarantineRow(receipt=row, **asdict(issue)) for issue in issues[:MAX_KEPT_ISSUES]),
        batch_size=BATCH,
    )


def _issues(row: Receipt) -> Iterable[Issue]:
    for each in row.quarantine.all():
        yield Issue(
            line=each.line,
            column=each.column,
            code=each.code,
            message=each.message,
            severity=each.severity,
            extract=each.extract,
        )


def _days(texts: Iterable[str]) -> tuple[dt.date, ...]:
    return tuple(dt.date.fromisoformat(text) for text in texts)
