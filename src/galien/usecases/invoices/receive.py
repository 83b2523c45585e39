"""Receiving suppliers' invoices of a pharmacy: read, kept once, and credit notes put to their claim."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from django.db import transaction

from galien.intake import InvoiceReading, read_invoices
from galien.kernel.errors import NotAllowed
from galien.model.viewer import Viewer
from galien.records.models import Pharmacy, Role, SupplierInvoice
from galien.records.scope import visible_to
from galien.usecases import access_log
from galien.usecases.claims.credits import settle
from galien.usecases.duties import duties
from galien.usecases.invoices.kept import kept_invoice, row_of, same_content
from galien.usecases.services import Services

PURCHASES = "purchases"


class Outcome(StrEnum):
    """What became of an invoice."""

    KEPT = "kept"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    REFUSED = "refused"


@dataclass(frozen=True)
class Received:
    """What became of an invoice of a file, with a sentence; `invoice` is the one kept."""

    filename: str
    outcome: Outcome
    message: str
    invoice: SupplierInvoice | None = None


def may_receive(viewer: Viewer, pharmacy: str) -> bool:
    """Tell whether a viewer may bring a pharmacy's invoices and claim on them.

    Those who send its files may, and the buyers of the group to whom it opens its purchases.
    """
    if viewer.everything:
        return True
    opened = {grant.pharmacy for grant in viewer.grants if PURCHASES in grant.feeds}
    if pharmacy not in opened:
        return False
    return viewer.role == Role.BUYER or pharmacy in duties(viewer).sends_for


def check_may_receive(viewer: Viewer, pharmacy: str) -> None:
    """Let through who may bring a pharmacy's invoices; NotAllowed otherwise."""
    if not may_receive(viewer, pharmacy):
        raise NotAllowed(
            "Cette pharmacie n’est pas de celles dont vous apportez les factures.",
            code="UNKNOWN_PHARMACY",
        )


def receivable(viewer: Viewer) -> list[Pharmacy]:
    """Return the pharmacies whose invoices a viewer may bring, by name."""
    return [p for p in visible_to(viewer).pharmacies() if may_receive(viewer, p.finess)]


def receive(
    source: BinaryIO | Path,
    filename: str,
    pharmacy: str,
    viewer: Viewer,
    *,
    services: Services,
) -> tuple[Received, ...]:
    """Read a file of invoices and keep each once; return what became of each.

    Raises NotAllowed when the viewer does not bring that pharmacy's invoices.
    """
    check_may_receive(viewer, pharmacy)
    if not Pharmacy.objects.filter(pk=pharmacy).exists():
        raise NotAllowed("Cette pharmacie n’existe pas.", code="UNKNOWN_PHARMACY")
    today = services.clock.today()
    readings = read_invoices(source, filename=filename, today=today)
    found = tuple(_keep(each, pharmacy, viewer, services) for each in readings)
    kept = sum(each.outcome is Outcome.KEPT for each in found)
    if kept:
        access_log.note(
            access_log.SEND, f"Factures reçues : {kept}", viewer, services=services,
            pharmacies=[pharmacy],
        )  # fmt: skip
    return found


@transaction.atomic
def delete(row: SupplierInvoice, viewer: Viewer, *, services: Services) -> None:
    """Take an invoice away; NotAllowed when it is not the viewer's to change."""
    check_may_receive(viewer, row.pharmacy_id)
    access_log.note(
        access_log.CHANGE, f"Facture supprimée : {row}", viewer, services=services,
        pharmacies=[row.pharmacy_id],
    )  # fmt: skip
    row.delete()


def _keep(reading: InvoiceReading, pharmacy: str, viewer: Viewer, services: Services) -> Received:
    invoice = reading.invoice
    if invoice is None:
        return Received(reading.filename, Outcome.REFUSED, reading.issues[0].message)
    row = row_of(reading, invoice, pharmacy)
    known = SupplierInvoice.objects.filter(pharmacy=pharmacy, supplier=row.supplier, kind=row.kind)
    with transaction.atomic():
        before = known.select_for_update().filter(number=row.number).first()
        if before is not None:
            same = before.sha256 == row.sha256 or same_content(kept_invoice(before), invoice)
            return _already(reading, before, same=same)
        row.received_at, row.received_by = services.clock.now(), viewer.name[:150]
        row.save()
        claim = settle(row)
    remarks = f", {len(reading.issues)} remarque(s)" if reading.issues else ""
    told = f" Répond à la réclamation {claim.reference}." if claim else ""
    return Received(
        reading.filename,
        Outcome.KEPT,
        f"{row.get_kind_display()} {row.number} de {row.supplier} {_received(row)}{remarks}.{told}",
        row,
    )


def _already(reading: InvoiceReading, before: SupplierInvoice, *, same: bool) -> Received:
    name, received = f"{before.get_kind_display()} {before.number}", _received(before)
    if same:
        message = f"{name} : déjà {received}, rien n’a changé."
        return Received(reading.filename, Outcome.DUPLICATE, message, before)
    message = (
        f"{name} de {before.supplier} : déjà {received} avec un autre contenu, qui est gardé. Supprimez-le "
        "d’abord si le nouveau est le bon."
    )
    return Received(reading.filename, Outcome.CONFLICT, message, before)


def _received(row: SupplierInvoice) -> str:
    return "reçue" if row.kind == SupplierInvoice.Kind.INVOICE else "reçu"
