"""The catalogue: searching it, a product's sheet, the codes it lacks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from galien.usecases import products
from galien.usecases.services import current
from galien.web.pages.catalogue import sheet as sheets
from galien.web.pages.catalogue import shown
from galien.web.shell.context import page_response, viewer


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """Search the catalogue."""
    asked = request.GET.get("q", "")[:200]
    found = products.search(asked, services=current())
    context = {
        "asked": asked,
        "size": products.size(current()),
        "table": shown.products(found) if found else None,
    }
    return page_response(request, "pages/catalogue/page.html", context)


@require_safe
def product(request: HttpRequest, code: str) -> HttpResponse:
    """Show a product: what it is, its prices, the viewer's sales of it."""
    found = products.sheet(code, viewer(request), services=current())
    return page_response(request, "pages/catalogue/product.html", sheets.page(found))


@require_safe
def unknown(request: HttpRequest) -> HttpResponse:
    """List the codes sold that no catalogue knows."""
    rows = products.unknown_codes(viewer(request), services=current())
    context = {"table": shown.unknown(rows) if rows else None}
    return page_response(request, "pages/catalogue/unknown.html", context)
