"""The margins of each category, and down to the free-price products of one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from galien.analytics.question import Filter
from galien.kernel.errors import NotAllowed, NotAvailable
from galien.usecases.prices import margins as use
from galien.usecases.prices.network import compared_products
from galien.web.components.models import Empty
from galien.web.lists import paged
from galien.web.pages.price_margins import shown
from galien.web.shell.context import page_response
from galien.web.simulators import exports, file_response
from galien.web.stock_choice import StockChoice, stock_choice

CATEGORY = "categorie"
PAGE = "pages/price_margins/page.html"


@require_safe
def margins(request: HttpRequest) -> HttpResponse:
    """Show margins by category, or the free prices of the category asked; or give them as a file."""
    chosen = stock_choice(request)
    by = chosen.form.one_of("par", "Marges par", shown.DIMENSIONS)
    category = chosen.form.given.get(CATEGORY, "")[:200]
    context: dict[str, object] = {
        "choices": chosen.form.of("pharmacie", "par"),
        "path": request.path,
        "bare": False,
    }
    try:
        if category:
            return _products(request, chosen, Filter(by, (category,)), context)
        whole, rows = use.margins_by(chosen.viewer, chosen.pharmacies, by, services=chosen.services)
    except (NotAllowed, NotAvailable) as error:
        context |= {
            "head": shown.head(chosen.name),
            "empty": Empty("Aucune marge à montrer", error.message),
        }
        return page_response(request, PAGE, context)
    chosen.note("Marges par catégorie")
    even = use.break_even(chosen.viewer, chosen.pharmacy)
    if chosen.style:
        return file_response("marges", [shown.table(whole, rows, by, even)], chosen.style)
    page, pages = paged(request, rows, noun=("ligne", "lignes"))
    context |= {
        "head": shown.head(chosen.name, exports(chosen.form, request.path)),
        "headlines": shown.headlines(whole, rows, even),
        "table": shown.table(
            whole,
            page,
            by,
            even,
            pages=pages,
            href=lambda key: chosen.form.href(request.path, categorie=key),
        ),
        "even": even is not None,
        "no_contract": whole.supplier_rebates == 0,
    }
    return page_response(request, PAGE, context)


def _products(
    request: HttpRequest, chosen: StockChoice, kept: Filter, context: dict[str, object]
) -> HttpResponse:
    found = use.free_prices(chosen.viewer, chosen.pharmacies, kept, services=chosen.services)
    compared = compared_products(viewer=chosen.viewer, services=chosen.services)
    chosen.note("Prix libres d’une catégorie")
    if chosen.style:
        return file_response("prix-libres", [shown.products(found, compared)], chosen.style)
    page, pages = paged(request, found, noun=("produit", "produits"))
    back = chosen.form.href(request.path)
    files = {name: chosen.form.href(request.path, categorie=kept.values[0], format=name)
             for name in ("csv", "xlsx")}  # fmt: skip
    context |= {
        "head": shown.category_head(chosen.name, kept.values[0], back, files),
        "table": shown.products(page, compared, pages=pages),
        "bare": not found,
    }
    return page_response(request, PAGE, context)
