"""The warehouse's ledger kept in Django's database, on SQLite as on PostgreSQL.

Every write is one transaction that first locks the ledger's counter, so writers come one after the
other whatever the database; what it commits is the only moment of visibility.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.db import transaction
from django.db.models import Max, Q

from galien.kernel.errors import InternalError, InvalidInput, NotAvailable
from galien.kernel.period import Period
from galien.records import receipt_rows as rows
from galien.records import versions
from galien.records.models import Job, LiveDay, Pointer, Receipt, Release, ReleaseLease, Resend
from galien.records.models.counters import LEDGER, current_value, locked, next_value
from galien.records.models.jobs import JobState
from galien.warehouse.ledger import Fragment, ReceiptRecord, ReceiptStatus, ReleaseRecord
from galien.warehouse.ledger import LiveDay as LiveDayRecord

P = ParamSpec("P")
T = TypeVar("T")


def _one_transaction(
    method: Callable[Concatenate[DjangoLedger, P], T],
) -> Callable[Concatenate[DjangoLedger, P], T]:
    """Run a write in one transaction, serialised and refused to a worker that lost its job."""

    @wraps(method)
    def run(ledger: DjangoLedger, /, *args: P.args, **kwargs: P.kwargs) -> T:
        with transaction.atomic():
            locked(LEDGER)
            ledger.check_fence()
            return method(ledger, *args, **kwargs)

    return run


class DjangoLedger:
    """Receipts, versions of days, releases and leases, in Django's tables.

    Args:
        job: the job and the attempt this ledger writes for; a later attempt closes it (fencing).
    """

    def __init__(self, job: tuple[str, int] | None = None) -> None:
        self.job = job

    def check_fence(self) -> None:
        """Refuse to write for a job that another worker has taken over; InternalError."""
        if self.job is None:
            return
        key, attempt = self.job
        if not Job.objects.filter(pk=key, attempt=attempt, state=JobState.RUNNING).exists():
            raise InternalError(
                "Cette tâche a été reprise par un autre processus : rien n’a été enregistré.",
                code="FENCED",
            )

    @_one_transaction
    def record_receipt(self, receipt: ReceiptRecord) -> ReceiptRecord:
        """Insert a receipt and, when accepted, make its days live; see the protocol."""
        known = rows.same_delivery(receipt)
        if known is not None:
            return self._note_resend(known, receipt)
        numbered = replace(receipt, sequence=next_value(LEDGER))
        row = rows.insert(numbered)
        if receipt.status is not ReceiptStatus.ACCEPTED:
            return numbered
        numbered = replace(numbered, replaced_days=versions.add(numbered))
        if versions.overtaken(numbered):
            numbered = replace(numbered, issues=(versions.STALE, *numbered.issues))
        rows.update(row, numbered)
        return numbered

    def _note_resend(self, known: Receipt, again: ReceiptRecord) -> ReceiptRecord:
        """Answer with the first receipt; a later export time only moves its versions forward.

        What was held or refused is told again, with its reasons.
        """
        Resend.objects.create(
            receipt=known,
            sha256=again.sha256,
            filename=again.filename,
            sender=again.sender,
            received_at=again.received_at,
            exported_at=again.exported_at,
        )
        if known.status != ReceiptStatus.ACCEPTED:
            return rows.record(known, issues=True)
        moved: tuple[dt.date, ...] = ()
        if again.exported_at is not None:
            moved = versions.move_forward(known.receipt, again.exported_at, next_value(LEDGER))
        first = rows.record(known)
        return replace(
            first,
            status=ReceiptStatus.DUPLICATE,
            code="DUPLICATE",
            received=again.received,
            accepted=0,
            quarantined=0,
            duplicates=again.received,
            replaced_days=moved,
        )

    def receipt(self, receipt: str) -> ReceiptRecord:
        """Return a receipt with its issues; NotAvailable when unknown."""
        return rows.record(rows.find(receipt), issues=True)

    def receipts(self, *, pharmacies: Sequence[str] | None = None) -> Sequence[ReceiptRecord]:
        """Return receipts, newest first, of these pharmacies or of all (without their issues)."""
        found = Receipt.objects.all()
        if pharmacies is not None:
            found = found.filter(pharmacy__in=list(pharmacies))
        return [rows.record(row) for row in found]

    def duplicate_of(
        self, *, sha256: str, content_hash: str, pharmacy: str, feed: str
    ) -> str | None:
        """Return the accepted receipt of the same bytes or content for that pharmacy and feed."""
        same = Q(sha256=sha256)
        if content_hash:
            same |= Q(content_hash=content_hash)
        return (
            Receipt.objects.filter(
                same, pharmacy=pharmacy, feed=feed, status=ReceiptStatus.ACCEPTED
            )
            .order_by("sequence")
            .values_list("receipt", flat=True)
            .first()
        )

    @_one_transaction
    def change_status(self, receipt: str, status: ReceiptStatus) -> ReceiptRecord:
        """Release (`accepted`) or discard a held receipt; releasing makes its days live."""
        row = rows.find(receipt)
        if row.status != ReceiptStatus.HELD:
            raise InvalidInput(
                f"Le récépissé {receipt} n’est pas en attente (état : {row.status}) : "
                "seul un fichier en attente peut être libéré ou écarté.",
                code="NOT_HELD",
            )
        record = rows.record(row, issues=True)
        accepted = status is ReceiptStatus.ACCEPTED
        if accepted:
            self._refuse_second(record)
            record = replace(record, replaced_days=versions.add(record))
        record = replace(record, status=status, code="" if accepted else record.code)
        row.status, row.code = status.value, record.code
        row.replaced_days = [day.isoformat() for day in record.replaced_days]
        row.save(update_fields=["status", "code", "replaced_days"])
        return record

    def _refuse_second(self, record: ReceiptRecord) -> None:
        other = self.duplicate_of(
            sha256=record.sha256,
            content_hash=record.content_hash,
            pharmacy=record.pharmacy,
            feed=record.feed,
        )
        if other is not None:
            raise InvalidInput(
                f"Le contenu du récépissé {record.receipt} a été reçu et chargé depuis "
                f"(récépissé {other}). Écartez celui-ci.",
                code="DUPLICATE",
            )

    @_one_transaction
    def replace_receipt(self, receipt: str, replacement: ReceiptRecord) -> ReceiptRecord:
        """Put a replay's result in the place of a receipt, keeping its order among versions."""
        row = rows.find(receipt)
        kept = replace(
            replacement,
            receipt=row.receipt,
            sequence=row.sequence,
            received_at=row.received_at,
            exported_at=row.exported_at or replacement.exported_at,
            append=row.append,
        )
        order_at = versions.remove(row.receipt)
        rows.update(row, kept)
        if kept.status is ReceiptStatus.ACCEPTED:
            kept = replace(kept, replaced_days=versions.add(kept, order_at=order_at))
        return kept

    def live_days(
        self, *, since_sequence: int = 0, within: Period | None = None
    ) -> Sequence[LiveDayRecord]:
        """Return live days, or only those changed after a ledger sequence or in a period, ordered."""
        found = LiveDay.objects.filter(sequence__gt=since_sequence)
        if within is not None:
            found = found.filter(day__range=(within.first, within.last))
        return [
            LiveDayRecord(pharmacy=pharmacy, feed=feed, day=day, receipts=tuple(receipts))
            for pharmacy, feed, day, receipts in found.values_list(
                "pharmacy", "feed", "day", "receipts"
            ).iterator(chunk_size=5_000)
        ]

    def fragments(self, receipts: Sequence[str]) -> Mapping[str, tuple[Fragment, ...]]:
        """Return the stored fragments of receipts."""
        return rows.fragments(receipts)

    def sequence(self) -> int:
        """Return the number of the last change of the ledger."""
        return current_value(LEDGER)

    @_one_transaction
    def record_release(self, release: ReleaseRecord, *, expected_parent: str | None) -> bool:
        """Insert a release and make it current if `expected_parent` still is; False otherwise."""
        pointer, _ = Pointer.objects.select_for_update().get_or_create(id=1)
        if pointer.release_id != expected_parent:
            return False
        row = Release.objects.filter(release=release.release).first()
        if row is None:
            last = Release.objects.aggregate(last=Max("number"))["last"] or 0
            row = Release.objects.create(
                release=release.release,
                number=last + 1,
                parent=release.parent or "",
                manifest_sha256=release.manifest_sha256,
                published_at=release.published_at,
                facts=rows.plain(release.facts),
                ledger_sequence=release.ledger_sequence,
            )
        else:
            row.ledger_sequence = max(row.ledger_sequence, release.ledger_sequence)
            row.manifest_sha256 = release.manifest_sha256
            row.bad = False
            row.save(update_fields=["ledger_sequence", "manifest_sha256", "bad"])
        _point(pointer, row)
        return True

    def releases(self) -> Sequence[ReleaseRecord]:
        """Return releases, newest first."""
        current = Pointer.objects.values_list("release_id", flat=True).first()
        return [_release(row, current) for row in Release.objects.all()]

    def current_release(self) -> ReleaseRecord | None:
        """Return the current release, if any."""
        pointer = Pointer.objects.select_related("release").first()
        if pointer is None or pointer.release is None:
            return None
        return _release(pointer.release, pointer.release_id)

    @_one_transaction
    def make_current(self, release: str) -> ReleaseRecord:
        """Make an earlier release current (rollback); NotAvailable when unknown or damaged."""
        row = Release.objects.filter(release=release).first()
        if row is None:
            raise NotAvailable(
                f"Publication {release} inconnue. « galien releases » en donne la liste.",
                code="UNKNOWN_RELEASE",
            )
        if row.bad:
            raise NotAvailable(
                f"La publication {release} est endommagée : elle ne peut pas servir.",
                code="BAD_RELEASE",
            )
        pointer, _ = Pointer.objects.select_for_update().get_or_create(id=1)
        _point(pointer, row)
        return _release(row, row.release)

    @_one_transaction
    def mark_bad(self, release: str) -> ReleaseRecord | None:
        """Mark a damaged release and return the one that serves from now on."""
        Release.objects.filter(release=release).update(bad=True)
        pointer, _ = Pointer.objects.select_for_update().get_or_create(id=1)
        if pointer.release_id == release:
            _point(pointer, Release.objects.filter(bad=False).order_by("-number").first())
        if pointer.release is None:
            return None
        return _release(pointer.release, pointer.release_id)

    def lease(self, release: str, holder: str, until: dt.datetime) -> None:
        """Take or extend a lease on a release, so that its files are not swept."""
        with transaction.atomic():
            ReleaseLease.objects.update_or_create(
                release=release, holder=holder, defaults={"until": until}
            )

    def leased(self, at: dt.datetime) -> frozenset[str]:
        """Return the releases leased at that moment."""
        return frozenset(
            ReleaseLease.objects.filter(until__gt=at).values_list("release", flat=True)
        )


def _point(pointer: Pointer, row: Release | None) -> None:
    pointer.release = row
    pointer.moves += 1
    pointer.save()


def _release(row: Release, current: str | None) -> ReleaseRecord:
    return ReleaseRecord(
        release=row.release,
        number=row.number,
        parent=row.parent or None,
        manifest_sha256=row.manifest_sha256,
        published_at=row.published_at,
        facts=tuple(row.facts),
        ledger_sequence=row.ledger_sequence,
        current=row.release == current,
        bad=row.bad,
    )
