"""The claims of pharmacies: gathered from audits, sent, dropped, read within the viewer's rights."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet

from galien.calculators.discounts.audit.found import Difference
from galien.calculators.discounts.audit.holding import same_firm
from galien.kernel.errors import InvalidInput, NotAllowed
from galien.model.viewer import Viewer
from galien.records.models import Claim, SupplierInvoice
from galien.records.scope import visible_to
from galien.usecases import access_log
from galien.usecases.claims.credits import WAITING, credit_notes, link, recount, unlink
from galien.usecases.invoices.audits import Examined, examine
from galien.usecases.invoices.reading import listed as invoices_of
from galien.usecases.invoices.receive import check_may_receive
from galien.usecases.services import Services

UNKNOWN = "Cette réclamation n’existe pas."
ZERO = Decimal(0)
State = Claim.State


@dataclass(frozen=True)
class Scope:
    """What a claim is about: a pharmacy, a supplier, the days of its invoices."""

    pharmacy: str
    supplier: str
    first_day: dt.date
    last_day: dt.date


def listed(viewer: Viewer, *, pharmacy: str = "", state: str = "") -> QuerySet[Claim]:
    """Return the claims a viewer may see, the last first."""
    found = visible_to(viewer).claims().select_related("pharmacy")
    if pharmacy:
        found = found.filter(pharmacy=pharmacy)
    return found.filter(state=state) if state else found


def claim_of(key: int, viewer: Viewer) -> Claim:
    """Return a claim by its key; NotAllowed, in the words of an absence, when it is not seen."""
    found = visible_to(viewer).claims().select_related("pharmacy").filter(pk=key).first()
    if found is None:
        raise NotAllowed(UNKNOWN, code="UNKNOWN_CLAIM")
    return found


def claimed_already(pharmacy: str) -> set[tuple[str, str, str, str]]:
    """Return what standing claims of a pharmacy ask: supplier, invoice, kind of difference, place."""
    standing = Claim.objects.filter(pharmacy=pharmacy).exclude(state=State.DROPPED)
    return {
        (each.supplier, one["invoice"], one["kind"], one["line"])
        for each in standing
        for one in each.findings
    }


def unclaimed(
    examined: Sequence[Examined], asked: set[tuple[str, str, str, str]]
) -> list[tuple[Examined, Difference]]:
    """Return the differences that no standing claim asks yet, with their invoice."""
    return [
        (each, one)
        for each in examined
        for one in each.audit.differences
        if (each.row.supplier, each.row.number, one.kind.value, place_of(one)) not in asked
    ]


def place_of(one: Difference) -> str:
    """Return the lines of a difference as a claim keeps them; empty for the foot of the invoice."""
    return ", ".join(one.lines)


@transaction.atomic
def gather(scope: Scope, viewer: Viewer, *, services: Services) -> Claim:
    """Make a claim of every difference of a supplier's invoices over some days, not claimed yet.

    Raises NotAllowed when the viewer does not claim for that pharmacy, InvalidInput when there is
    nothing to claim.
    """
    check_may_receive(viewer, scope.pharmacy)
    rows = list(
        invoices_of(
            viewer,
            pharmacy=scope.pharmacy,
            supplier=scope.supplier,
            since=scope.first_day,
            until=scope.last_day,
        )
    )
    found = unclaimed(examine(rows, viewer, services=services), claimed_already(scope.pharmacy))
    findings = [_finding(each, one) for each, one in found]
    if not findings:
        raise InvalidInput(
            f"Rien à réclamer à {scope.supplier} sur cette période : ses écarts sont déjà réclamés, ou ses "
            "factures sont conformes."
        )
    days = [each.row.issued_on for each, _ in found]
    claim = Claim.objects.create(
        pharmacy_id=scope.pharmacy,
        supplier=scope.supplier,
        reference=_reference(scope.pharmacy, services.clock.today()),
        first_day=min(days),
        last_day=max(days),
        claimed=sum((one.amount for _, one in found), ZERO),
        findings=sorted(findings, key=lambda each: (each["issued_on"], each["invoice"])),
        created_by=viewer.name[:150],
    )
    _note(f"Réclamation {claim.reference} préparée", claim, viewer, services)
    return claim


def send(claim: Claim, viewer: Viewer, *, services: Services) -> None:
    """Note that a claim went to its supplier; InvalidInput when it is over."""
    check_may_receive(viewer, claim.pharmacy_id)
    if claim.state not in WAITING:
        raise InvalidInput("Cette réclamation est close : elle ne s’envoie plus.")
    claim.sent_on = claim.sent_on or services.clock.today()
    recount(claim)
    claim.save()
    _note(f"Réclamation {claim.reference} envoyée", claim, viewer, services)


def drop(claim: Claim, viewer: Viewer, *, services: Services) -> None:
    """Give a claim up: what it asked may be claimed again."""
    check_may_receive(viewer, claim.pharmacy_id)
    claim.state, claim.closed_on = State.DROPPED, services.clock.today()
    claim.save()
    _note(f"Réclamation {claim.reference} abandonnée", claim, viewer, services)


def take_up(claim: Claim, viewer: Viewer, *, services: Services) -> None:
    """Take up a claim that was given up; InvalidInput when another asks the same since."""
    check_may_receive(viewer, claim.pharmacy_id)
    mine = {(claim.supplier, one["invoice"], one["kind"], one["line"]) for one in claim.findings}
    if mine & claimed_already(claim.pharmacy_id):
        raise InvalidInput("Une autre réclamation demande déjà ces écarts : suivez celle-là.")
    claim.state = State.OPEN
    recount(claim)
    claim.save()
    _note(f"Réclamation {claim.reference} reprise", claim, viewer, services)


def answer(
    claim: Claim, number: str, viewer: Viewer, *, services: Services, remove: bool = False
) -> None:
    """Put a credit note to a claim by hand, or take it away; InvalidInput when it is not its supplier's."""
    check_may_receive(viewer, claim.pharmacy_id)
    if remove:
        unlink(claim, number)
    else:
        note = next((each for each in open_credits(claim) if each.number == number), None)
        if note is None:
            raise InvalidInput(
                "Cet avoir n’est pas de ce fournisseur, ou répond à une autre réclamation."
            )
        link(claim, note)
    _note(f"Avoir {number}, réclamation {claim.reference}", claim, viewer, services)


def open_credits(claim: Claim) -> list[SupplierInvoice]:
    """Return the credit notes of the claim's supplier that answer no claim yet."""
    others = Claim.objects.filter(pharmacy=claim.pharmacy_id)
    used = {
        number
        for each in others
        if same_firm(each.supplier, claim.supplier)
        for number in each.credits
    }
    notes = credit_notes(claim.pharmacy_id, claim.supplier)
    return [each for each in notes if each.number not in used]


def linked_credits(claim: Claim) -> list[SupplierInvoice]:
    """Return the credit notes that answer a claim."""
    return list(credit_notes(claim.pharmacy_id, claim.supplier).filter(number__in=claim.credits))


def _finding(each: Examined, one: Difference) -> dict[str, str]:
    return {
        "invoice": each.row.number,
        "issued_on": each.row.issued_on.isoformat(),
        "kind": one.kind.value,
        "line": place_of(one),
        "product_code": one.product_code,
        "name": one.name,
        "measure": one.measure.value,
        "expected": str(one.expected),
        "found": str(one.found),
        "amount": str(one.amount),
        "contract": one.contract,
        "clause": one.clause,
        "sentence": one.sentence,
    }


def _reference(pharmacy: str, today: dt.date) -> str:
    """Number the claims of a pharmacy year by year."""
    head = f"R{today.year}-"
    numbers = Claim.objects.filter(pharmacy=pharmacy, reference__startswith=head)
    taken = [int(each.rpartition("-")[2]) for each in numbers.values_list("reference", flat=True)]
    return f"{head}{max(taken, default=0) + 1:03d}"


def _note(subject: str, claim: Claim, viewer: Viewer, services: Services) -> None:
    access_log.note(
        access_log.CHANGE, subject, viewer, services=services, pharmacies=[claim.pharmacy_id]
    )
