"""Receipts of the files received: what was accepted, set aside, refused, and why."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router

from galien.api.access import viewer
from galien.api.answers import answered
from galien.api.paging import Page
from galien.api.registry import Subject
from galien.kernel.errors import NotAvailable
from galien.records.models import Receipt
from galien.records.scope import visible_to
from galien.usecases.services import current

router = Router()


class ReceiptParameters(Page):
    """Which receipts to list."""

    pharmacy: str = Field("", description="FINESS d’une pharmacie.")
    feed: str = Field("", description="sales, purchases ou stock.")
    status: str = Field("", description="accepted, held, refused, discarded…")


@router.get("", summary="Récépissés")
def receipts(request: HttpRequest, asked: Query[ReceiptParameters]) -> HttpResponse:
    """Donne les récépissés ouverts à vos droits, les derniers d’abord, page par page."""
    asker = viewer(request, "receipts")
    found = visible_to(asker).receipts().order_by("-received_at", "-pk")
    wanted = {"pharmacy": asked.pharmacy, "feed": asked.feed, "status": asked.status}
    found = found.filter(**{name: value for name, value in wanted.items() if value})

    def made() -> dict[str, Any]:
        return {
            "count": found.count(),
            "limit": asked.limit,
            "offset": asked.offset,
            "rows": [_receipt(each) for each in found[asked.offset : asked.offset + asked.limit]],
        }

    return answered(request, asker, made)


@router.get("/{receipt}", summary="Un récépissé")
def one_receipt(request: HttpRequest, receipt: str) -> HttpResponse:
    """Donne un récépissé avec ce qui y a été relevé, ligne par ligne."""
    asker = viewer(request, "receipts")
    found = visible_to(asker).receipts().filter(receipt=receipt).first()
    if found is None:
        raise NotAvailable(f"Récépissé {receipt[:60]} inconnu.", code="UNKNOWN_RECEIPT")
    record = current().ledger.receipt(receipt)
    issues = [
        {"line": i.line, "column": i.column, "code": i.code, "message": i.message}
        for i in record.issues
    ]
    return answered(request, asker, lambda: _receipt(found) | {"issues": issues})


def _receipt(receipt: Receipt) -> dict[str, Any]:
    return {
        "receipt": receipt.receipt,
        "sha256": receipt.sha256,
        "pharmacy": receipt.pharmacy,
        "feed": receipt.feed,
        "status": receipt.status,
        "code": receipt.code,
        "received": receipt.received,
        "accepted": receipt.accepted,
        "quarantined": receipt.quarantined,
        "duplicates": receipt.duplicates,
        "received_at": receipt.received_at,
        "exported_at": receipt.exported_at,
    }


SUBJECT = Subject(
    "/receipts", "Données", router, order=20,
    about="Les fichiers reçus et leurs récépissés, les publications, le suivi des tâches.",
)  # fmt: skip
