"""Reading the invoices kept, within the viewer's rights."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from galien.kernel.errors import NotAllowed
from galien.model.viewer import Viewer
from galien.records.models import SupplierInvoice
from galien.records.scope import visible_to

UNKNOWN = "Cette facture n’existe pas."


def listed(
    viewer: Viewer,
    *,
    pharmacy: str = "",
    supplier: str = "",
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> QuerySet[SupplierInvoice]:
    """Return the invoices and credit notes a viewer may see, the last first."""
    found = visible_to(viewer).invoices().select_related("pharmacy")
    if pharmacy:
        found = found.filter(pharmacy=pharmacy)
    if supplier:
        found = found.filter(supplier=supplier)
    if since:
        found = found.filter(issued_on__gte=since)
    if until:
        found = found.filter(issued_on__lte=until)
    return found.order_by("-issued_on", "supplier", "number")


def invoice_of(key: int, viewer: Viewer) -> SupplierInvoice:
    """Return an invoice by its key; NotAllowed, in the words of an absence, when it is not seen."""
    found = visible_to(viewer).invoices().select_related("pharmacy").filter(pk=key).first()
    if found is None:
        raise NotAllowed(UNKNOWN, code="UNKNOWN_INVOICE")
    return found
