"""Bringing contracts in from a file: YAML or a price list in CSV, shown before anything is kept."""

from __future__ import annotations

import re

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from galien.kernel.errors import InvalidInput, NotAllowed, NotAvailable
from galien.model.contracts import Contract
from galien.records.models import Organisation
from galien.usecases import sealed
from galien.usecases.contracts import book
from galien.usecases.contracts.ceilings import check_ceilings
from galien.usecases.contracts.importing import (
    Brought,
    already_kept,
    keep_all,
    read_contracts,
)
from galien.usecases.duties import UNKNOWN
from galien.usecases.services import current
from galien.web.components.models import Field, Option, Row, TableModel
from galien.web.lists import count, counted, day, options, plain_table, text, wrapped
from galien.web.pages.contracts import shown, words
from galien.web.pages.deposit.uploads import takes_files
from galien.web.shell.context import page_response, viewer

DEFAULTS = ("lab", "supplier", "reference", "since", "until", "standing")
MOST_REJECTED = 100
_KEY = re.compile(r"[0-9a-f]{32}")


@takes_files
def bring(request: HttpRequest) -> HttpResponse:
    """Ask for a file, show what it holds, then keep it."""
    mine = book.writable(viewer(request))
    if not mine:
        raise NotAllowed(UNKNOWN, code="UNKNOWN_PAGE")
    if request.method != "POST":
        return _asked(request, mine)
    try:
        if request.POST.get("do") == "keep":
            return _keep(request, mine)
        files = request.FILES.getlist("file")
        if len(files) != 1:
            raise InvalidInput("Choisissez un fichier YAML ou CSV, un seul à la fois.")
        file = files[0]
        content, name = file.read(), file.name or "contrats.csv"
        key = sealed.seal([content], services=current())
        return _preview(request, mine, key, name, _read(request, content, name))
    except (InvalidInput, NotAvailable) as wrong:
        return _asked(request, mine, error=wrong.message)


def _read(request: HttpRequest, content: bytes, name: str) -> Brought:
    given = {key: request.POST.get(key, "").strip() for key in DEFAULTS}
    defaults = {key: each for key, each in given.items() if each}
    return read_contracts(content, name, services=current(), defaults=defaults)


def _keep(request: HttpRequest, mine: list[Organisation]) -> HttpResponse:
    services, key = current(), request.POST.get("key", "")
    if not _KEY.fullmatch(key):
        raise InvalidInput("Ce fichier n’est plus en attente : choisissez-le de nouveau.")
    content = b"".join(sealed.opened(key, services=services))
    found = _read(request, content, request.POST.get("name", "")[:200])
    organisation = _organisation(request, mine)
    kept = keep_all(
        found.contracts, viewer(request), services=services, organisation=organisation.pk
    )
    sealed.forget(key, services=services)
    messages.success(
        request,
        f"{counted(len(kept), 'contrat enregistré', 'contrats enregistrés')}. Ils compteront dans le "
        "prix net-net à la prochaine publication.",
    )
    return redirect(shown.PATH if len(kept) != 1 else f"{shown.PATH}/{kept[0].key}")


def _organisation(request: HttpRequest, mine: list[Organisation]) -> Organisation:
    asked = request.POST.get("organisation", "")
    return next((each for each in mine if str(each.pk) == asked), mine[0])


def _asked(request: HttpRequest, mine: list[Organisation], *, error: str = "") -> HttpResponse:
    typed = request.POST
    organisations = tuple(
        Option(str(each.pk), each.name, chosen=str(each.pk) == typed.get("organisation"))
        for each in mine
    )
    context = {
        "error": error,
        "file": Field("file", "Fichier", kind="file", accept=".yaml,.yml,.csv,.txt", required=True),
        "organisation": Field(
            "organisation", "Organisation", kind="select", options=organisations, required=True
        )
        if len(mine) > 1
        else None,
        "defaults": (
            Field("lab", "Laboratoire", value=typed.get("lab", "")),
            Field("supplier", "Fournisseur", value=typed.get("supplier", "")),
            Field("reference", "Référence", value=typed.get("reference", "")),
            Field("since", "Début", kind="date", value=typed.get("since", "")),
            Field("until", "Fin", kind="date", value=typed.get("until", "")),
            Field(
                "standing",
                "État",
                kind="select",
                required=True,
                options=options(
                    {key.value: label for key, label in words.STANDINGS.items()},
                    typed.get("standing", "offer"),
                ),
            ),
        ),
    }
    return page_response(
        request, "pages/contracts/import.html", context, status=400 if error else 200
    )


def _preview(
    request: HttpRequest, mine: list[Organisation], key: str, name: str, found: Brought
) -> HttpResponse:
    organisation = _organisation(request, mine)
    known = already_kept(found.contracts, viewer(request), organisation.pk)
    hidden = {name: request.POST.get(name, "") for name in DEFAULTS}
    shown_rows = [
        Row(cells=(each.line, wrapped(each.reason), each.text))
        for each in found.rejected[:MOST_REJECTED]
    ]
    rejected = plain_table(
        "Lignes laissées de côté",
        (count("line", "Ligne"), text("reason", "Pourquoi"), text("text", "Contenu")),
        shown_rows,
        noun=("ligne", "lignes"),
        identity="refusees",
    )
    context = {
        "name": name,
        "found": found,
        "table": _table(found.contracts, set(known)),
        "rejected": rejected,
        "more": max(0, len(found.rejected) - MOST_REJECTED),
        "organisation": organisation,
        "hidden": {**hidden, "key": key, "name": name, "organisation": str(organisation.pk)},
        "replaced": len(known),
    }
    return page_response(request, "pages/contracts/preview.html", context)


def _table(contracts: tuple[Contract, ...], known: set[str]) -> TableModel:
    columns = (
        text("reference", "Contrat"),
        text("party", "Fournisseur"),
        text("standing", "État"),
        day("since", "Début"),
        day("until", "Fin"),
        count("clauses", "Clauses"),
        text("ceilings", "Plafonds"),
        text("what", "Ce qui sera fait"),
    )
    rows = [
        Row(
            cells=(
                each.reference,
                each.supplier or each.lab,
                words.STANDINGS[each.standing],
                each.since,
                each.until,
                len(each.clauses),
                shown.excess_badge(check_ceilings(each, services=current())),
                "Remplace le contrat de même référence" if each.reference in known else "Nouveau",
            )
        )
        for each in contracts
    ]
    return plain_table("Contrats du fichier", columns, rows, noun=("contrat", "contrats"))
