"""Quarantine: what was set aside, and replaying the kept bytes with today's mapping and catalogue."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Count, QuerySet

from galien.intake import Delivery, mapping, read_delivery
from galien.kernel.errors import GalienError, NotAllowed, NotAvailable
from galien.model.viewer import Viewer
from galien.records.models import Job, QuarantineRow, Receipt, User
from galien.records.scope import visible_to
from galien.usecases.duties import duties
from galien.usecases.jobs import submit
from galien.usecases.load import LIMITS
from galien.usecases.progress import Progress, silent
from galien.usecases.services import Services
from galien.usecases.terms import terms_of
from galien.warehouse.commit import store_fragments
from galien.warehouse.ledger import ReceiptRecord, ReceiptStatus

SET_ASIDE = "error"


@dataclass(frozen=True)
class Replayed:
    """What a replay did to one receipt; `sentence` tells why when nothing could be done."""

    receipt: str
    before: int
    quarantined: int
    accepted: int
    sentence: str = ""


def listed(viewer: Viewer, *, receipt: str | None = None) -> QuerySet[QuarantineRow]:
    """Return the rows set aside that the viewer may see, of one receipt or of all.

    Raises NotAvailable when the receipt is unknown or not the viewer's.
    """
    visible = visible_to(viewer)
    rows = visible.quarantine().filter(severity=SET_ASIDE)
    if receipt is None:
        return rows
    if not visible.receipts().filter(receipt=receipt).exists():
        raise NotAvailable(f"Récépissé {receipt} inconnu.", code="UNKNOWN_RECEIPT")
    return rows.filter(receipt=receipt)


def narrowed(viewer: Viewer, *, code: str = "", pharmacy: str = "") -> QuerySet[QuarantineRow]:
    """Return the rows set aside that the viewer may see, of one reason or pharmacy when given."""
    wanted = {"code": code, "receipt__pharmacy": pharmacy}
    return listed(viewer).filter(**{name: value for name, value in wanted.items() if value})


def by_code(viewer: Viewer) -> dict[str, int]:
    """Count the rows set aside that the viewer may see, by reason, the commonest first."""
    rows = listed(viewer).order_by().values("code").annotate(rows=Count("id"))
    return {row["code"]: row["rows"] for row in rows.order_by("-rows", "code")}


def may_replay(viewer: Viewer) -> bool:
    """Tell whether the viewer sends files, hence may have them read again."""
    return bool(duties(viewer).sends_for)


def ask_replay(viewer: Viewer, user: User) -> Job:
    """Queue the replay of the receipts with rows set aside that the viewer sends; NotAllowed else."""
    mine = duties(viewer).sends_for
    if not mine:
        raise NotAllowed("Cette page n’existe pas.", code="UNKNOWN_PAGE")
    receipts = (
        visible_to(viewer)
        .receipts()
        .filter(
            pharmacy__in=mine,
            status__in=(ReceiptStatus.ACCEPTED, ReceiptStatus.HELD),
            quarantined__gt=0,
        )
    )
    keys = list(receipts.order_by("sequence").values_list("receipt", flat=True))
    return submit("replay", {"receipts": keys}, user=user)


def replay(
    *, services: Services, receipts: Iterable[str] | None = None, progress: Progress = silent
) -> list[Replayed]:
    """Read again the kept bytes of receipts that have rows set aside, with today's mapping.

    A receipt keeps its number and its rank among versions. Bytes no longer kept are told, not raised.
    """
    wanted = list(receipts) if receipts is not None else _with_rows_aside()
    done = []
    for number, receipt in enumerate(wanted):
        progress(number / len(wanted), f"Relecture de {receipt}")
        done.append(_replay_one(receipt, services))
    return done


def _with_rows_aside() -> list[str]:
    return list(
        Receipt.objects.filter(
            status__in=(ReceiptStatus.ACCEPTED, ReceiptStatus.HELD), quarantined__gt=0
        )
        .order_by("sequence")
        .values_list("receipt", flat=True)
    )


def _replay_one(receipt: str, services: Services) -> Replayed:
    before = services.ledger.receipt(receipt)
    try:
        delivery = _read_again(before, services)
        after = _put_back(before, delivery, services)
    except GalienError as error:
        return Replayed(
            receipt, before.quarantined, before.quarantined, before.accepted, error.message
        )
    return Replayed(receipt, before.quarantined, after.quarantined, after.accepted)


def _read_again(receipt: ReceiptRecord, services: Services) -> Delivery:
    # The vault's bytes stay in memory: a decrypted copy is never written.
    content = io.BytesIO(b"".join(services.vault.read(receipt.receipt)))
    return read_delivery(
        content,
        feed=receipt.feed,
        mapping=mapping(receipt.mapping, services.workspace.path),
        terms=terms_of(receipt.pharmacy, services),
        limits=LIMITS,
        filename=receipt.filename,
        drafts=services.store.places.tmp,
    )


def _put_back(before: ReceiptRecord, delivery: Delivery, services: Services) -> ReceiptRecord:
    """A replay only improves: a file that would now be refused keeps what it had."""
    if delivery.status is ReceiptStatus.REFUSED:
        raise NotAvailable(
            f"Récépissé {before.receipt} : relu, le fichier serait refusé ({delivery.code}). "
            "Rien n’a changé.",
            code=delivery.code,
        )
    accepted_before = before.status is ReceiptStatus.ACCEPTED
    replacement = replace(
        before,
        content_hash=delivery.content_hash,
        status=ReceiptStatus.ACCEPTED if accepted_before else delivery.status,
        code=delivery.code,
        received=delivery.received,
        accepted=delivery.accepted,
        quarantined=delivery.quarantined,
        duplicates=delivery.duplicates,
        days=delivery.days,
        issues=delivery.issues,
        sums=delivery.sums,
        dropped_columns=delivery.dropped_columns,
        fragments=store_fragments(delivery.facts, feed=before.feed, store=services.store),
    )
    return services.ledger.replace_receipt(before.receipt, replacement)
