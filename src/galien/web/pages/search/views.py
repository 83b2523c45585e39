"""The product search: one product leads to its sheet, several make a list."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from galien.usecases import products
from galien.usecases.services import current
from galien.web.pages.catalogue import shown
from galien.web.shell.context import page_response


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Find products by CIP13, EAN, scan or name."""
    asked = request.GET.get("q", "")[:200]
    found = products.search(asked, services=current())
    if len(found) == 1:
        return redirect("catalogue:one", code=found[0].code)
    context = {"asked": asked, "table": shown.products(found) if found else None}
    return page_response(request, "pages/search/page.html", context)
