"""The settings of a stock: shown for a pharmacy or its group, typed in a form, brought as a table."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from galien.kernel.errors import InvalidInput, NotAllowed
from galien.usecases import access_log
from galien.usecases.services import current
from galien.usecases.stock import by_hand_book as book
from galien.usecases.stock import by_hand_files as files
from galien.usecases.typed_csv import MAXIMUM_BYTES, TypedRow
from galien.web.pages.stock_settings import shown
from galien.web.shell.context import page_response, viewer
from galien.web.shell.downloads import attached
from galien.web.stock_choice import stock_choice

FORM = "formulaire"


@require_safe
def settings(request: HttpRequest) -> HttpResponse:
    """Show what is set for a pharmacy alone, or for its whole group."""
    chosen = stock_choice(request, one=True)
    whose = chosen.form.one_of("pour", "Réglages", shown.WHOSE)
    if not chosen.pharmacy:
        return page_response(request, shown.TEMPLATE, shown.closed())
    kept = book.book_of(chosen.viewer, chosen.pharmacy)
    if len(kept.parts) == 1:
        whose = shown.OWN
    part = kept.of(group=whose == shown.GROUP)
    chosen.note("Réglages de stock")
    names = ("pharmacie", "pour") if len(kept.parts) > 1 else ("pharmacie",)
    labels = book.labels([each.product_code for each in part.products], services=chosen.services)
    asked = request.GET.get("produit", "")
    context = shown.page(part, labels, (chosen.pharmacy, whose), asked)
    return page_response(
        request, shown.TEMPLATE,
        context | {"choices": chosen.form.of(*names), "path": request.path},
    )  # fmt: skip


@require_POST
def product(request: HttpRequest) -> HttpResponse:
    """Keep what is typed of a product, or forget it."""
    reader, services = viewer(request), current()
    pharmacy, group = _where(request)
    cells = _cells(request, files.PRODUCTS)
    try:
        if request.POST.get("geste") == "oter":
            code = cells["product_code"]
            book.drop_product(reader, pharmacy, code, group=group, services=services)
            messages.success(request, f"Produit {code} : plus rien n’est réglé.")
        else:
            given = files.product_of(TypedRow(1, cells), book.written_now(reader, services))
            book.set_products(reader, pharmacy, [given], group=group, services=services)
            messages.success(request, f"Produit {given.product_code} réglé.")
    except InvalidInput as wrong:
        messages.error(request, wrong.message)
    return redirect(shown.address(pharmacy, group=group))


@require_POST
def event(request: HttpRequest) -> HttpResponse:
    """Keep the event typed, or forget one."""
    reader, services = viewer(request), current()
    pharmacy, group = _where(request)
    try:
        if request.POST.get("geste") == "oter":
            key = request.POST.get("cle", "")
            book.drop_event(reader, pharmacy, key, group=group, services=services)
            messages.success(request, "Évènement ôté.")
        else:
            cells = _cells(request, files.EVENTS)
            cells["effect"] = f"{cells['effect'].rstrip('% ')} %"
            by = book.written_now(reader, services)
            given = files.event_of(TypedRow(1, cells), FORM, by)
            book.add_events(reader, pharmacy, [given], group=group, services=services)
            messages.success(request, f"Évènement « {given.name} » ajouté.")
    except InvalidInput as wrong:
        messages.error(request, wrong.message)
    return redirect(f"{shown.address(pharmacy, group=group)}#evenements")


@require_POST
def bring(request: HttpRequest) -> HttpResponse:
    """Read a table of products or of events, beside what is kept or in its place."""
    reader, services = viewer(request), current()
    pharmacy, group = _where(request)
    sent = request.FILES.get("fichier")
    try:
        if sent is None or not sent.name or (sent.size or 0) > MAXIMUM_BYTES:
            raise InvalidInput("Choisissez un fichier CSV de 5 Mo au plus.")
        whole = request.POST.get("remplacer") == "1"
        content, by = sent.read(), book.written_now(reader, services)
        if request.POST.get("quoi") == shown.EVENTS:
            events = files.read_events(content, sent.name, by)
            book.add_events(reader, pharmacy, events, group=group, services=services, whole=whole)
            done = f"Évènements lus : {len(events)}."
        else:
            found = files.read_products(content, sent.name, by)
            book.set_products(reader, pharmacy, found, group=group, services=services, whole=whole)
            done = f"Produits réglés : {len(found)}."
        messages.success(request, done)
    except InvalidInput as wrong:
        messages.error(request, wrong.message)
    return redirect(shown.address(pharmacy, group=group))


@require_safe
def document(request: HttpRequest, kind: str) -> HttpResponse:
    """Give what is set as the table that is read again."""
    chosen = stock_choice(request, one=True)
    if kind not in {shown.PRODUCTS, shown.EVENTS} or not chosen.pharmacy:
        raise NotAllowed("Cette page n’existe pas.", code="UNKNOWN_PAGE")
    group = request.GET.get("pour") == shown.GROUP
    part = book.book_of(chosen.viewer, chosen.pharmacy).of(group=group)
    content = (
        files.events_csv(part.events) if kind == shown.EVENTS else files.products_csv(part.products)
    )
    access_log.note(
        access_log.EXPORT, f"Réglages de stock : {kind}", chosen.viewer,
        services=chosen.services, pharmacies=[chosen.pharmacy],
    )  # fmt: skip
    return attached(content, "text/csv", f"{kind}.csv")


def _where(request: HttpRequest) -> tuple[str, bool]:
    return request.POST.get("pharmacie", ""), request.POST.get("pour") == shown.GROUP


def _cells(request: HttpRequest, names: tuple[str, ...]) -> dict[str, str]:
    given: Mapping[str, object] = request.POST
    return {name: str(given.get(name, "")).strip() for name in names}
