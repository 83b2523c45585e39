"""Writing a contract in the browser: a new one, or changes to one; parts are added by buttons."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from galien.kernel.errors import InvalidInput, NotAllowed
from galien.records.models import Organisation, Pharmacy
from galien.usecases.contracts import book
from galien.usecases.contracts.importing import in_catalogue
from galien.usecases.contracts.kinds import Place
from galien.usecases.contracts.plain import from_plain, to_plain
from galien.usecases.duties import UNKNOWN
from galien.usecases.services import current
from galien.web.pages.contracts import draft as drafts
from galien.web.pages.contracts import shown
from galien.web.pages.contracts.form import MOST_CLAUSES, contract_form
from galien.web.shell.context import page_response, viewer

# What people call the keys of a contract, for errors.
KEYS = {
    "reference": "référence",
    "supplier": "fournisseur",
    "lab": "laboratoire",
    "since": "début",
    "until": "fin",
    "signed_on": "signé le",
    "rate": "taux",
    "minimum": "seuil",
    "paid": "unités payées",
    "free": "unités offertes",
    "products": "produits",
    "generic_groups": "groupes génériques",
    "excluded": "produits laissés de côté",
    "payment_days": "délai de paiement",
    "shipping_fee": "port",
    "free_shipping_from": "franco",
    "credit_rate": "taux de crédit des retours",
    "days": "délai des retours",
    "order_cost": "coût d’une commande",
    "invoice_cost": "coût d’une facture",
    "dispute_cost": "coût d’un litige",
    "yearly_fee": "cotisation annuelle",
    "joining_fee": "droit d’entrée",
}
EMPTY: drafts.Plain = {
    "clauses": [{"kind": "invoice_discount"}],
    "commitments": [],
    "conditions": {},
}


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Show an empty form; on POST, add or take out a part of it, or keep the contract."""
    mine = book.writable(viewer(request))
    if not mine:
        raise NotAllowed(UNKNOWN, code="UNKNOWN_PAGE")
    if request.method != "POST":
        return _form(request, EMPTY, None, mine)
    return _posted(request, None, mine)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, key: int) -> HttpResponse:
    """Show the form of a contract; on POST, add or take out a part of it, or keep the changes."""
    reader = viewer(request)
    kept = book.writable_one(key, reader)
    if len(kept.contract.clauses) > MOST_CLAUSES:
        messages.info(
            request,
            f"Ce contrat a plus de {MOST_CLAUSES} clauses : téléchargez-le en YAML, changez-le, "
            "puis importez-le ; il prendra la place de celui-ci.",
        )
        return redirect("contracts:one", key=key)
    mine = [each for each in book.writable(reader) if each.pk == kept.organisation_key]
    if request.method != "POST":
        held: drafts.Plain = {"clauses": [], "commitments": [], "conditions": {}}
        return _form(request, held | drafts.of_contract(kept.contract), kept, mine)
    return _posted(request, kept, mine)


def _posted(request: HttpRequest, kept: book.Kept | None, mine: list[Organisation]) -> HttpResponse:
    draft = drafts.of_post(cast("Any", request.POST))
    act = request.POST.get("do", "save")
    if act != "save":
        return _form(request, drafts.edited(draft, act), kept, mine)
    services = current()
    try:
        payments = to_plain(kept.contract).get("payments") if kept else None
        place = Place(words=KEYS)
        contract = from_plain(drafts.as_plain(draft, payments), place)
        done = book.save(
            in_catalogue(contract, services=services),
            viewer(request),
            services=services,
            organisation=None if kept else _chosen(request, mine),
            key=kept.key if kept else None,
        )
    except InvalidInput as wrong:
        return _form(request, draft, kept, mine, error=wrong.message)
    messages.success(
        request,
        f"Contrat « {done.contract.reference} » enregistré. Il comptera dans le prix net-net à la "
        "prochaine publication.",
    )
    return redirect("contracts:one", key=done.key)


def _chosen(request: HttpRequest, mine: list[Organisation]) -> int:
    asked = request.POST.get("organisation", "")
    return int(asked) if asked.isdecimal() and len(asked) < 12 else mine[0].pk


def _form(
    request: HttpRequest,
    draft: drafts.Plain,
    kept: book.Kept | None,
    mine: list[Organisation],
    *,
    error: str = "",
) -> HttpResponse:
    pharmacies = Pharmacy.objects.filter(group__in=mine).order_by("name")
    context = {
        "form": contract_form(
            draft,
            mine,
            request.POST.get("organisation", ""),
            {each.finess: each.name for each in pharmacies},
        ),
        "kept": kept,
        "error": error,
        "back": f"{shown.PATH}/{kept.key}" if kept else shown.PATH,
        "full": len(draft["clauses"]) >= MOST_CLAUSES,
    }
    return page_response(
        request, "pages/contracts/form.html", context, status=400 if error else 200
    )
