"""The inventory of a Belgian pharmacy: brought, shown under both methods, sent, locked."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from galien.calculators.stock.valuation import Method
from galien.kernel.errors import InvalidInput, NotAllowed
from galien.model.viewer import Viewer
from galien.usecases import access_log
from galien.usecases.services import current
from galien.usecases.stock.belgian_inventory import (
    KeptInventory,
    belgian_pharmacies,
    kept_inventory,
    lock,
    may_keep,
)
from galien.usecases.stock.change_of_method import COLUMNS
from galien.usecases.stock.inventory_documents import summary_file
from galien.web.lists import paged
from galien.web.pages.belgian_inventory import forms, shown
from galien.web.pages.deposit.uploads import takes_files
from galien.web.shell.context import page_response, viewer
from galien.web.shell.downloads import attached

HOME = "/stock/inventaire-belge"
TITLE = "Inventaire belge du changement de méthode"


@takes_files
def inventory(request: HttpRequest) -> HttpResponse:
    """Show the inventory kept and the form, or take the one sent."""
    reader = viewer(request)
    names = belgian_pharmacies(reader)
    given = request.POST if request.method == "POST" else request.GET
    pharmacy = _chosen(given.get(forms.PHARMACY, ""), names)
    error = ""
    if request.method == "POST":
        try:
            forms.send(request, pharmacy, reader, services=current())
        except InvalidInput as wrong:
            error = wrong.message
        else:
            messages.success(request, "Inventaire reçu : vérifiez-le, puis arrêtez la méthode.")
            return redirect(f"{HOME}?{forms.PHARMACY}={pharmacy}")
    found = kept_inventory(reader, pharmacy)
    _log(access_log.VIEW, TITLE, reader, pharmacy)
    context: dict[str, object] = {
        "head": shown.head(names[pharmacy], found),
        "choices": forms.choices(names, pharmacy),
        "pharmacy": pharmacy,
        "error": error,
        "found": found,
        "sending": forms.fields(request) if _open(found) and may_keep(reader, pharmacy) else (),
        "may_lock": found is not None and not found.locked and may_keep(reader, pharmacy),
    }
    if found is not None:
        page, pages = paged(request, shown.ranked(found), noun=("produit", "produits"))
        context |= {
            "headlines": shown.headlines(found),
            "summaries": shown.summaries(found, pharmacy),
            "products": shown.products(found, page, pages),
            "after": shown.after(found),
        }
    return page_response(
        request, "pages/belgian_inventory/page.html", context, status=400 if error else 200
    )


@require_safe
def summary(request: HttpRequest, method: str, style: str) -> HttpResponse:
    """Give the summary of a method as a file."""
    reader = viewer(request)
    names = belgian_pharmacies(reader)
    pharmacy = _chosen(request.GET.get(forms.PHARMACY, ""), names)
    found = kept_inventory(reader, pharmacy)
    if found is None or method not in (Method.FISCAL, Method.WEIGHTED):
        raise NotAllowed("Ce récapitulatif n’existe pas.", code="UNKNOWN_PAGE")
    made = summary_file(found.found, Method(method), style, pharmacy=pharmacy, name=names[pharmacy])
    _log(access_log.EXPORT, f"{TITLE} ({made.filename})", reader, pharmacy)
    return attached(made.content, made.media_type, made.filename)


@require_safe
def model(_request: HttpRequest) -> HttpResponse:
    """Give the header of the table to fill, and a line as an example."""
    text = f"{';'.join((*COLUMNS, 'label'))}\r\n{forms.EXAMPLE}\r\n"
    return attached(text.encode("utf-8-sig"), "text/csv; charset=utf-8", "inventaire-modele.csv")


@require_POST
def lock_method(request: HttpRequest) -> HttpResponse:
    """Lock the method of a pharmacy."""
    reader = viewer(request)
    pharmacy = _chosen(request.POST.get(forms.PHARMACY, ""), belgian_pharmacies(reader))
    try:
        lock(pharmacy, reader, services=current())
    except InvalidInput as wrong:
        messages.error(request, wrong.message)
    except NotAllowed as wrong:
        if wrong.code != "LOCKED":
            raise
        messages.info(request, wrong.message)
    else:
        messages.success(request, "Méthode arrêtée : l’inventaire ne change plus.")
    return redirect(f"{HOME}?{forms.PHARMACY}={pharmacy}")


def _open(found: KeptInventory | None) -> bool:
    return found is None or not found.locked


def _chosen(asked: str, names: dict[str, str]) -> str:
    """Return the pharmacy asked, the first one when none is; NotAllowed for one that is not theirs."""
    if (asked and asked not in names) or not names:
        raise NotAllowed("Cette pharmacie n’existe pas.", code="UNKNOWN_PHARMACY")
    return asked or next(iter(names))


def _log(action: str, subject: str, reader: Viewer, pharmacy: str) -> None:
    access_log.note(action, subject, reader, services=current(), pharmacies=(pharmacy,))
