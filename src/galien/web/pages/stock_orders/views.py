"""The orders of a pharmacy, one order with its lines to change, its files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from galien.kernel.errors import InvalidInput, NotAllowed, NotAvailable
from galien.usecases import access_log
from galien.usecases.services import current
from galien.usecases.stock import order_book, order_jobs
from galien.usecases.stock.national import national_list
from galien.usecases.stock.order_book import State
from galien.usecases.stock.order_files import Partner
from galien.web.lists import paged
from galien.web.pages.stock_orders import shown
from galien.web.shell.context import page_response, person, viewer
from galien.web.shell.downloads import attached
from galien.web.stock_choice import nothing, stock_choice

HOME = "/stock/commandes"
PAST = (State.SENT, State.DELIVERED, State.DROPPED)
LINES = 100


@require_safe
def orders(request: HttpRequest) -> HttpResponse:
    """Show the open proposals of a pharmacy by supplier, and the orders sent before."""
    chosen = stock_choice(request, one=True)
    context: dict[str, object] = {
        "choices": chosen.form.of("pharmacie"), "path": request.path, "pharmacy": chosen.pharmacy,
        "head": shown.head(chosen.name),
    }  # fmt: skip
    try:
        if not chosen.pharmacy:
            raise NotAllowed("Aucune pharmacie ne vous est ouverte.")
        given = {"services": chosen.services}
        open_ones = order_book.orders_of(
            chosen.viewer, chosen.pharmacy, states=(State.PROPOSED,), **given
        )
        past = order_book.orders_of(chosen.viewer, chosen.pharmacy, states=PAST, **given)
    except (NotAllowed, NotAvailable) as error:
        if request.GET.get("pharmacie"):
            raise
        return page_response(
            request, "pages/stock_orders/page.html", context | {"empty": nothing(error.message)}
        )
    chosen.note("Commandes")
    waiting = tuple(each for each in open_ones if each.waits)
    open_ones = tuple(each for each in open_ones if not each.waits)
    page, pages = paged(request, past, noun=("commande", "commandes"))
    context |= {
        "may_order": order_book.may_order(chosen.viewer, chosen.pharmacy),
        "headlines": shown.headlines(open_ones) if open_ones else (),
        "table": shown.open_table(open_ones),
        "waiting": shown.waiting_table(waiting) if waiting else None,
        "history": shown.history(page, pages) if past else None,
        **shown.task(order_jobs.job_of(chosen.viewer, chosen.pharmacy)),
    }
    return page_response(request, "pages/stock_orders/page.html", context)


@require_POST
def propose(request: HttpRequest) -> HttpResponse:
    """Propose today's orders of a pharmacy: at once when it is short, else as a task."""
    pharmacy = request.POST.get("pharmacie", "")
    reader, services = viewer(request), current()
    try:
        if order_jobs.light(reader, pharmacy, services=services):
            found = order_book.propose_orders(reader, pharmacy, services=services)
            messages.success(request, shown.proposed(found))
        else:
            order_jobs.ask_for(reader, pharmacy, person(request), services=services)
    except (InvalidInput, NotAvailable) as wrong:
        messages.error(request, wrong.message)
    return redirect(f"{HOME}?pharmacie={pharmacy}")


@require_safe
def one(request: HttpRequest, key: int) -> HttpResponse:
    """Show an order, each line with its reason; quantities to change while it is a proposal."""
    reader, services = viewer(request), current()
    kept = order_book.order_of(key, reader, services=services)
    access_log.note(
        access_log.VIEW, f"Commande {key}", reader, services=services,
        pharmacies=[kept.row.pharmacy_id],
    )  # fmt: skip
    may_order = order_book.may_order(reader, kept.row.pharmacy_id)
    editable = may_order and kept.row.state == State.PROPOSED
    usual, apart = shown.parted(kept)
    asked = request.GET.get("page", "1")
    page = Paginator(usual, LINES).get_page(asked if asked.isdigit() else 1)
    last = not page.has_next()
    given: dict[str, Any] = {"editable": editable, "national": national_list(services)}
    context = {
        "head": shown.own_head(kept),
        "headlines": shown.own_headlines(kept),
        "lines": shown.lines(kept, list(page.object_list), page=page, **given),
        "apart": shown.apart_lines(apart, **given) if apart and last else None,
        "kept": kept,
        "editable": editable,
        "number": page.number,
        "ends": shown.ends(kept),
    }
    return page_response(request, "pages/stock_orders/detail.html", context)


@require_POST
def change(request: HttpRequest, key: int) -> HttpResponse:
    """Keep the quantities typed, then send the order or give it up if that is what was asked."""
    reader, services = viewer(request), current()
    act = request.POST.get("geste", "")
    done = {
        "enregistrer": "quantités enregistrées",
        "envoyer": "notée comme envoyée",
        "abandonner": "abandonnée, ses produits peuvent être proposés de nouveau",
    }
    if act not in done:
        raise NotAllowed("Cette page n’existe pas.", code="UNKNOWN_PAGE")
    back = f"{HOME}/{key}"
    try:
        # Sent or given up, an order leaves the list that one goes through.
        pharmacy = order_book.order_of(key, reader, services=services).row.pharmacy_id
        if act == "abandonner":
            order_book.drop(key, reader, services=services)
        else:
            order_book.change(key, _quantities(request), reader, services=services)
        if act == "envoyer":
            order_book.send(key, reader, services=services)
    except InvalidInput as wrong:
        messages.error(request, wrong.message)
    else:
        messages.success(request, f"Commande G{key} : {done[act]}.")
        if act != "enregistrer":
            return redirect(f"{HOME}?pharmacie={pharmacy}")
    page = request.POST.get("page", "1")
    return redirect(f"{back}?page={page}" if page.isdigit() and page != "1" else back)


@require_safe
def document(request: HttpRequest, key: int, ending: str) -> HttpResponse:
    """Give an order as CSV, or as PharmaML between the two ends that the address names."""
    reader, services = viewer(request), current()
    kept = order_book.order_of(key, reader, services=services)
    if ending == "csv":
        content, media = order_book.csv_of(kept, services=services), "text/csv"
    elif ending == "xml":
        given = {name: request.GET.get(name, "").strip() for name in ("client", "societe", "code")}
        content = order_book.pharmaml_of(
            kept,
            Partner(given["client"], kept.row.pharmacy.name),
            Partner(given["societe"], kept.row.supplier, given["code"] or "00"),
            services=services,
        )
        media = "application/xml"
    else:
        raise NotAllowed("Cette page n’existe pas.", code="UNKNOWN_PAGE")
    name = f"commande_{kept.row.pharmacy_id}_G{key}.{ending}"
    access_log.note(
        access_log.EXPORT, f"Commande : {name}", reader, services=services,
        pharmacies=[kept.row.pharmacy_id],
    )  # fmt: skip
    return attached(content, media, name)


def _quantities(request: HttpRequest) -> dict[str, int]:
    """Read the quantities typed, one field a product; an empty one is nothing ordered."""
    found = {}
    for name, value in request.POST.items():
        if name.startswith("q-"):
            text = str(value).strip() or "0"
            if not (text.isascii() and text.isdigit() and len(text) < 6):
                raise InvalidInput(
                    f"Produit {name[2:]} : « {text[:20]} » n’est pas une quantité. Tapez un nombre entier."
                )
            found[name[2:]] = int(text)
    return found
