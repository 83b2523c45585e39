"""Receipts: the files received for the pharmacies a viewer may read, and what became of each."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from galien.kernel.errors import NotAllowed
from galien.model.viewer import Viewer
from galien.records.models import Pharmacy, QuarantineRow, Receipt, Resend
from galien.records.scope import visible_to
from galien.usecases import load
from galien.usecases.duties import duties
from galien.usecases.services import Services
from galien.warehouse.ledger import ReceiptRecord, ReceiptStatus

STATUS_LABELS = {
    ReceiptStatus.ACCEPTED: "Accepté",
    ReceiptStatus.HELD: "En attente",
    ReceiptStatus.REFUSED: "Refusé",
    ReceiptStatus.DUPLICATE: "Déjà reçu",
    ReceiptStatus.DISCARDED: "Écarté",
}
UNKNOWN = "Ce récépissé n’existe pas."


@dataclass(frozen=True)
class ReceiptSheet:
    """A receipt with its problems and the resends of the same file.

    `may_decide` tells that the viewer may release or drop it, being held and theirs to send.
    """

    receipt: Receipt
    pharmacy: str
    issues: QuerySet[QuarantineRow]
    resends: QuerySet[Resend]
    may_decide: bool


def listed(
    viewer: Viewer, *, pharmacy: str = "", feed: str = "", status: str = ""
) -> QuerySet[Receipt]:
    """Return the receipts a viewer may see, newest first, narrowed by what is given."""
    wanted = {"pharmacy": pharmacy, "feed": feed, "status": status}
    narrowed = {name: value for name, value in wanted.items() if value}
    return visible_to(viewer).receipts().filter(**narrowed)


def pharmacy_names(viewer: Viewer) -> dict[str, str]:
    """Return the names of the pharmacies a viewer may see, by FINESS, in order of name."""
    return dict(visible_to(viewer).pharmacies().values_list("finess", "name"))


def sheet(receipt: str, viewer: Viewer) -> ReceiptSheet:
    """Return a receipt; NotAllowed, in the words of an absence, when it is not the viewer's."""
    found = _found(receipt, viewer)
    name = Pharmacy.objects.filter(pk=found.pharmacy).values_list("name", flat=True).first()
    held = found.status == ReceiptStatus.HELD
    return ReceiptSheet(
        receipt=found,
        pharmacy=name or found.pharmacy,
        issues=QuarantineRow.objects.filter(receipt=found),
        resends=Resend.objects.filter(receipt=found),
        may_decide=held and found.pharmacy in duties(viewer).sends_for,
    )


def release(receipt: str, viewer: Viewer, *, services: Services) -> ReceiptRecord:
    """Load a held file after all; NotAllowed when it is not the viewer's to decide."""
    return load.release_held(_decided(receipt, viewer), services=services)


def discard(receipt: str, viewer: Viewer, *, services: Services) -> ReceiptRecord:
    """Drop a held file; NotAllowed when it is not the viewer's to decide."""
    return load.discard_held(_decided(receipt, viewer), services=services)


def _found(receipt: str, viewer: Viewer) -> Receipt:
    found = visible_to(viewer).receipts().filter(receipt=receipt).first()
    if found is None:
        raise NotAllowed(UNKNOWN, code="UNKNOWN_RECEIPT")
    return found


def _decided(receipt: str, viewer: Viewer) -> str:
    found = _found(receipt, viewer)
    if found.pharmacy not in duties(viewer).sends_for:
        raise NotAllowed(UNKNOWN, code="UNKNOWN_RECEIPT")
    return found.receipt
