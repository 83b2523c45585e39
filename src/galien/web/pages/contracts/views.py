"""Contracts: the list of them, one of them, its file, and how it ends."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from galien.kernel import french
from galien.kernel.errors import InvalidInput
from galien.records.scope import visible_to
from galien.usecases import access_log
from galien.usecases.contracts import book
from galien.usecases.contracts.ceilings import check_ceilings
from galien.usecases.contracts.yaml_form import dump_yaml
from galien.usecases.products import labels
from galien.usecases.services import current
from galien.web.components.models import Field
from galien.web.lists import choice, options
from galien.web.pages.contracts import shown
from galien.web.shell.context import page_response, viewer
from galien.web.shell.downloads import attached

IN_FORCE, OFFERS, SIGNED, ENDED, EVERY = "en-vigueur", "offres", "signes", "retires", "tous"
STATES = {
    IN_FORCE: "En vigueur (contrats et offres)",
    SIGNED: "Contrats signés",
    OFFERS: "Offres",
    ENDED: "Retirés",
    EVERY: "Tous, échus compris",
}
LIVING = ("offer", "signed")
_STANDINGS = {OFFERS: ("offer",), SIGNED: ("signed",), ENDED: ("ended",)}


@require_safe
def contracts(request: HttpRequest) -> HttpResponse:
    """List the contracts one may read, those in force first asked for."""
    services, reader = current(), viewer(request)
    today = services.clock.today()
    state = choice(request, "etat", STATES) or IN_FORCE
    day = _day(request.GET.get("jour", ""))
    standings = _STANDINGS.get(state, LIVING)
    on = day or (today if state == IN_FORCE else None)
    kept = book.contracts_of(reader, on=on, standings=standings)
    labs = sorted({each.contract.lab for each in kept if each.contract.lab})
    suppliers = sorted({each.contract.supplier for each in kept if each.contract.supplier})
    lab, supplier = request.GET.get("laboratoire", ""), request.GET.get("fournisseur", "")
    chosen = [
        each
        for each in kept
        if (not lab or each.contract.lab == lab)
        and (not supplier or each.contract.supplier == supplier)
    ]
    rows = [(each, check_ceilings(each.contract, services=services)) for each in chosen]
    context = {
        "table": shown.table(rows, today),
        "fields": (
            Field("etat", "État", kind="select", options=options(STATES, state), required=True),
            _select("laboratoire", "Laboratoire", labs, lab),
            _select("fournisseur", "Fournisseur", suppliers, supplier),
            Field("jour", "En vigueur le", kind="date", value=day.isoformat() if day else "",
                  required=True),
        ),
        "filtered": bool(request.GET),
        "writing": bool(book.writable(reader)),
    }  # fmt: skip
    return page_response(request, "pages/contracts/page.html", context)


@require_safe
def contract(request: HttpRequest, key: int) -> HttpResponse:
    """Show a contract part by part, and what passes the legal ceilings."""
    services, reader = current(), viewer(request)
    kept = book.found(key, reader)
    book.read_log(kept, reader, services=services)
    checked = check_ceilings(kept.contract, services=services)
    codes = [
        code for each in kept.contract.clauses for code in each.scope.products[: shown.SHOWN_CODES]
    ]
    pharmacies = visible_to(reader).pharmacies().filter(finess__in=kept.contract.members)
    may_write = book.may_write(kept, reader)
    context = {
        "head": shown.head(kept, may_write=may_write),
        "kept": kept,
        "standing": shown.standing(kept.contract, services.clock.today()),
        "ceilings": shown.ceilings(checked),
        "ceiling_day": french.day(checked.day),
        "signed": kept.contract.signed_on is not None,
        "excess": shown.excess_badge(checked),
        "sources": shown.sources(checked),
        "clauses": shown.clauses(kept.contract),
        "more_clauses": max(0, len(kept.contract.clauses) - shown.SHOWN_CLAUSES),
        "more_findings": max(0, len(checked.findings) - shown.SHOWN_FINDINGS),
        "commitments": shown.commitments(kept.contract),
        "payments": shown.payments(kept.contract),
        "conditions": shown.conditions(
            kept.contract, {each.finess: each.name for each in pharmacies}
        ),
        "products": shown.products(kept.contract, labels(codes, services=services)),
        "may_write": may_write and kept.contract.standing.value in LIVING,
        "today": services.clock.today().isoformat(),
    }
    return page_response(request, "pages/contracts/one.html", context)


@require_safe
def as_yaml(request: HttpRequest, key: int) -> HttpResponse:
    """Answer a contract as its YAML file."""
    services, reader = current(), viewer(request)
    kept = book.found(key, reader)
    subject = f"Contrat {kept.contract.reference} (YAML)"
    access_log.note(access_log.EXPORT, subject, reader, services=services)
    name = slugify(kept.contract.reference) or "contrat"
    media = "application/yaml; charset=utf-8"
    return attached(dump_yaml([kept.contract]), media, f"{name}.yaml")


@require_POST
def end(request: HttpRequest, key: int) -> HttpResponse:
    """Make a contract end on the day given."""
    services, reader = current(), viewer(request)
    day = _day(request.POST.get("day", ""))
    if day is None:
        book.found(key, reader)
        messages.error(request, "Donnez le dernier jour du contrat.")
        return redirect("contracts:one", key=key)
    try:
        kept = book.end(key, reader, on=day, services=services)
    except InvalidInput as wrong:
        messages.error(request, wrong.message)
        return redirect("contracts:one", key=key)
    messages.success(
        request,
        f"Le contrat finit le {french.day(day)} ; il compte pour ce qui est acheté jusque-là.",
    )
    return redirect("contracts:one", key=kept.key)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, key: int) -> HttpResponse:
    """Ask before withdrawing a contract; on POST, withdraw it."""
    services, reader = current(), viewer(request)
    kept = book.writable_one(key, reader)
    if request.method == "POST":
        book.delete(key, reader, services=services)
        messages.success(request, f"Contrat « {kept.contract.reference} » retiré.")
        return redirect("contracts")
    context = {"kept": kept, "path": f"{shown.PATH}/{key}"}
    return page_response(request, "pages/contracts/withdraw.html", context)


def _day(text: str) -> dt.date | None:
    if not text.strip():
        return None
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        raise InvalidInput(f"« {text[:20]} » n’est pas un jour : écrivez 2026-01-31.") from None


def _select(name: str, label: str, values: list[str], chosen: str) -> Field:
    found = {each: each for each in values} | ({chosen: chosen} if chosen else {})
    return Field(
        name, label, kind="select", options=options(found, chosen, first="Tous"), required=True
    )
