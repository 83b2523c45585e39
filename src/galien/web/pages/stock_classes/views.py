"""The ABC classes of the pharmacies chosen: the nine cells, the classes, the products."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from galien.kernel.errors import NotAllowed, NotAvailable
from galien.usecases.stock.classes import AbcReading, read_abc
from galien.web.lists import choice, paged
from galien.web.pages.stock_classes import shown
from galien.web.shell.context import page_response
from galien.web.simulators import exports, file_response
from galien.web.stock_choice import StockChoice, nothing, stock_choice


@require_safe
def classes(request: HttpRequest) -> HttpResponse:
    """Class products by what goes out and by what lies, or give them as a file."""
    chosen = stock_choice(request)
    period, cell = chosen.period(), choice(request, "classe", shown.CELLS)
    found, missing = _read(chosen, period)
    if found is None or not found.found.rows:
        text = missing or "Aucune vente ni stock sur cette période : changez de période."
        context = {"head": shown.head(chosen.name, None), "empty": nothing(text)}
        return page_response(request, "pages/stock_classes/page.html", {**context, **_form(chosen)})
    chosen.note("Classes ABC")
    rows = shown.kept(found, cell)
    if chosen.style:
        tables = [*shown.tables(found), shown.product_table(found, rows)]
        return file_response("classes-abc", tables, chosen.style)
    page, pages = paged(request, rows, noun=("produit", "produits"))
    context = {
        "head": shown.head(chosen.name, found, exports(chosen.form, request.path)),
        "headlines": shown.headlines(found),
        "tables": shown.tables(found),
        "cells": shown.cell_links(found, cell, chosen),
        "products": shown.product_table(found, page, pages=pages, cell=cell),
        "clear": chosen.form.href(request.path) if cell else "",
    }
    return page_response(request, "pages/stock_classes/page.html", {**context, **_form(chosen)})


def _form(chosen: StockChoice) -> dict[str, object]:
    return {"choices": chosen.form.of("pharmacie", "periode"), "path": chosen.request.path}


def _read(chosen: StockChoice, period: str) -> tuple[AbcReading | None, str]:
    """Return the classes, or why there are none."""
    try:
        return read_abc(
            chosen.viewer, *chosen.pharmacies, period=period, services=chosen.services
        ), ""
    except (NotAllowed, NotAvailable) as error:
        return None, error.message
