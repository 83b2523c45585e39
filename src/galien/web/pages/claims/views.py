"""The list of claims, one claim with its state, its letter and its workbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from galien.kernel.errors import InvalidInput, NotAllowed
from galien.usecases import access_log
from galien.usecases.claims import book, documents
from galien.usecases.claims.book import claimed_already, unclaimed
from galien.usecases.claims.credits import WAITING
from galien.usecases.invoices.audits import examine
from galien.usecases.invoices.reading import listed as listed_invoices
from galien.usecases.invoices.receive import may_receive
from galien.usecases.services import current
from galien.web.pages.claims import shown
from galien.web.shell.context import page_response, viewer
from galien.web.shell.downloads import attached

HOME = "/achats/reclamations"
LOOKED_BACK = dt.timedelta(days=366)
_MEDIA = {
    "pdf": ("application/pdf", documents.pdf),
    "xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        documents.xlsx,
    ),
}


@require_safe
def claims(request: HttpRequest) -> HttpResponse:
    """Show the claims, and what no claim asks yet, by supplier."""
    reader, services = viewer(request), current()
    kept = list(book.listed(reader))
    since = services.clock.today() - LOOKED_BACK
    rows = list(listed_invoices(reader, since=since))
    examined = examine(rows, reader, services=services)
    asked = {p: claimed_already(p) for p in {each.pharmacy_id for each in rows}}
    free = [pair for each in examined for pair in unclaimed([each], asked[each.row.pharmacy_id])]
    pharmacies = {each.pharmacy_id for each in kept} | {each.row.pharmacy_id for each, _ in free}
    if pharmacies:
        access_log.note(
            access_log.VIEW, "Réclamations", reader, services=services, pharmacies=pharmacies
        )
    context = {
        "headlines": shown.headlines(kept, free),
        "table": shown.table(request, kept),
        "waiting": shown.to_prepare(free, lambda pharmacy: may_receive(reader, pharmacy)),
    }
    return page_response(request, "pages/claims/page.html", context)


@require_POST
def prepare(request: HttpRequest) -> HttpResponse:
    """Make a claim of what a supplier owes a pharmacy."""
    reader, services = viewer(request), current()
    today = services.clock.today()
    scope = book.Scope(
        pharmacy=request.POST.get("pharmacie", ""),
        supplier=request.POST.get("fournisseur", ""),
        first_day=today - LOOKED_BACK,
        last_day=today + dt.timedelta(days=366),
    )
    try:
        claim = book.gather(scope, reader, services=services)
    except InvalidInput as wrong:
        messages.error(request, wrong.message)
        return redirect(HOME)
    messages.success(request, f"Réclamation {claim.reference} préparée : relisez-la avant l’envoi.")
    return redirect(f"{HOME}/{claim.pk}")


@require_safe
def one(request: HttpRequest, key: int) -> HttpResponse:
    """Show a claim: what it asks, its state, the credit notes that answer."""
    reader = viewer(request)
    claim = book.claim_of(key, reader)
    access_log.note(
        access_log.VIEW, f"Réclamation {claim.reference}", reader, services=current(),
        pharmacies=[claim.pharmacy_id],
    )  # fmt: skip
    context = {
        "head": shown.head(claim),
        "headlines": shown.own_headlines(claim),
        "findings": shown.findings(claim),
        "facts": shown.facts(claim),
        "linked": book.linked_credits(claim),
        "open": book.open_credits(claim),
        "claim": claim,
        "may_write": may_receive(reader, claim.pharmacy_id),
        "waiting": claim.state in WAITING,
        "dropped": claim.state == claim.State.DROPPED,
    }
    return page_response(request, "pages/claims/detail.html", context)


@require_POST
def change(request: HttpRequest, key: int) -> HttpResponse:
    """Send a claim, give it up, take it up, put a credit note to it or take one away."""
    reader, services = viewer(request), current()
    claim = book.claim_of(key, reader)
    number = request.POST.get("avoir", "")
    acts: dict[str, Callable[[], None]] = {
        "envoyer": lambda: book.send(claim, reader, services=services),
        "abandonner": lambda: book.drop(claim, reader, services=services),
        "reprendre": lambda: book.take_up(claim, reader, services=services),
        "rapprocher": lambda: book.answer(claim, number, reader, services=services),
        "detacher": lambda: book.answer(claim, number, reader, services=services, remove=True),
    }
    act = acts.get(request.POST.get("geste", ""))
    if act is None:
        raise NotAllowed("Cette page n’existe pas.", code="UNKNOWN_PAGE")
    try:
        act()
    except InvalidInput as wrong:
        messages.error(request, wrong.message)
    else:
        messages.success(
            request, f"Réclamation {claim.reference} : {shown.state_of(claim).lower()}."
        )
    return redirect(f"{HOME}/{key}")


@require_safe
def document(request: HttpRequest, key: int, ending: str) -> HttpResponse:
    """Give the letter (pdf) or the workbook (xlsx) of a claim."""
    reader = viewer(request)
    claim = book.claim_of(key, reader)
    if ending not in _MEDIA:
        raise NotAllowed("Cette page n’existe pas.", code="UNKNOWN_PAGE")
    media, write = _MEDIA[ending]
    name = f"reclamation_{claim.pharmacy_id}_{claim.reference}.{ending}"
    access_log.note(
        access_log.EXPORT, f"Réclamation : {name}", reader, services=current(),
        pharmacies=[claim.pharmacy_id],
    )  # fmt: skip
    return attached(write(claim), media, name)
