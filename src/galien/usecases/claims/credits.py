"""Credit notes put to the claims they answer, by what they name or by their amount, or by hand."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import QuerySet, Sum

from galien.calculators.discounts.audit.holding import same_firm
from galien.records.models import Claim, SupplierInvoice
from galien.usecases.invoices.kept import kept_invoice

CENT = Decimal("0.01")
State = Claim.State
WAITING = (State.OPEN, State.SENT, State.PARTIAL)


def settle(row: SupplierInvoice) -> Claim | None:
    """Put a credit note that just came to the claim it answers; None when none is recognised.

    It names the claim, or an invoice claimed on; or its amount is exactly what is still owed.
    """
    if row.total_excl >= 0:
        return None
    waiting = [
        each
        for each in Claim.objects.filter(pharmacy=row.pharmacy_id, state__in=WAITING)
        if same_firm(each.supplier, row.supplier)
    ]
    claim = _named(row, waiting) or _of_amount(row, waiting)
    if claim is not None:
        link(claim, row)
    return claim


def link(claim: Claim, row: SupplierInvoice) -> None:
    """Put a credit note to a claim and count what it brings; twice changes nothing."""
    if row.number not in claim.credits:
        claim.credits = [*claim.credits, row.number]
    recount(claim)
    if claim.state == State.RECOVERED:
        claim.closed_on = row.issued_on
    claim.save()


def unlink(claim: Claim, number: str) -> None:
    """Take a credit note away from a claim."""
    claim.credits = [each for each in claim.credits if each != number]
    recount(claim)
    claim.save()


def recount(claim: Claim) -> None:
    """Set what a claim recovered, never more than it asks, and its state."""
    notes = credit_notes(claim.pharmacy_id, claim.supplier).filter(number__in=claim.credits)
    brought = -(notes.aggregate(total=Sum("total_excl"))["total"] or Decimal(0))
    claim.recovered = min(brought, claim.claimed)
    if claim.state == State.DROPPED:
        return
    if claim.recovered >= claim.claimed - CENT:
        claim.state = State.RECOVERED
    elif claim.recovered > 0:
        claim.state = State.PARTIAL
    else:
        claim.state = State.SENT if claim.sent_on else State.OPEN
    if claim.state != State.RECOVERED:
        claim.closed_on = None


def credit_notes(pharmacy: str, supplier: str) -> QuerySet[SupplierInvoice]:
    """Return the credit notes of a supplier to a pharmacy, the last first."""
    found = SupplierInvoice.objects.filter(pharmacy=pharmacy, total_excl__lt=0)
    names = found.values_list("supplier", flat=True).distinct()
    same = [each for each in names if same_firm(each, supplier)]
    return found.filter(supplier__in=same).order_by("-issued_on", "number")


def _named(row: SupplierInvoice, claims: Iterable[Claim]) -> Claim | None:
    note = kept_invoice(row)
    named = {*note.preceding, *note.references}
    for each in claims:
        if each.reference in named or named & {one["invoice"] for one in each.findings}:
            return each
    return None


def _of_amount(row: SupplierInvoice, claims: Iterable[Claim]) -> Claim | None:
    owed = [each for each in claims if abs(each.claimed - each.recovered + row.total_excl) <= CENT]
    return owed[0] if len(owed) == 1 else None
