"""The stock of a pharmacy at a date: four methods, and where they differ."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from galien.calculators.stock.valuation import Method
from galien.kernel.errors import NotAllowed, NotAvailable
from galien.usecases.stock.belgian_inventory import is_locked
from galien.usecases.stock.valued import StockValue, value_of
from galien.web.lists import paged
from galien.web.pages.stock_value import shown
from galien.web.shell.context import page_response
from galien.web.simulators import exports, file_response
from galien.web.stock_choice import StockChoice, nothing, stock_choice


@require_safe
def stock_value(request: HttpRequest) -> HttpResponse:
    """Value the stock by each method, and list products by what the methods differ by."""
    chosen = stock_choice(request, one=True)
    method = chosen.form.one_of("methode", "Comparer au coût moyen", shown.COMPARED)
    margin = chosen.form.percent("marge", "Marge théorique")
    day = chosen.day()
    context: dict[str, object] = {
        "choices": chosen.form.of("pharmacie", "au", "methode", "marge"),
        "path": request.path,
    }
    found, missing = _read(chosen, day, margin)
    if found is None or not found.rows:
        text = (
            missing
            or "Aucun comptage dans les trois mois avant ce jour : choisissez un autre jour."
        )
        context |= {"head": shown.head(chosen.name, None), "empty": nothing(text)}
        return page_response(request, "pages/stock_value/page.html", context)
    chosen.note("Valeur du stock")
    rows = shown.ranked(found, method)
    if chosen.style:
        tables = [shown.methods(found), shown.products(found, rows, method)]
        return file_response("valeur-du-stock", tables, chosen.style)
    page, pages = paged(request, rows, noun=("produit", "produits"))
    context |= {
        "head": shown.head(chosen.name, found, exports(chosen.form, request.path)),
        "headlines": shown.headlines(found),
        "methods": shown.methods(found),
        "products": shown.products(found, page, method, pages=pages),
        "over": _over(found, chosen.pharmacy, day),
    }
    return page_response(request, "pages/stock_value/page.html", context)


def _over(found: StockValue, pharmacy: str, day: dt.date) -> str:
    """Say that the fiscal method is over, where it is shown."""
    shows = found.total(Method.FISCAL).products
    return shown.over(day, locked=is_locked(pharmacy)) if shows else ""


def _read(
    chosen: StockChoice, day: dt.date, margin: Decimal | None
) -> tuple[StockValue | None, str]:
    """Return the stock valued, or why it is not."""
    if not chosen.pharmacy:
        return None, "Aucune pharmacie ne vous est ouverte."
    kept = margin if margin is not None and margin < 1 else None
    try:
        return value_of(
            chosen.viewer,
            chosen.pharmacy,
            on=day,
            theoretical_margin=kept,
            services=chosen.services,
        ), ""
    except (NotAllowed, NotAvailable) as error:
        return None, error.message
