"""The free prices of a pharmacy: what is in doubt, and what shoppers compare."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from galien.kernel.errors import NotAllowed, NotAvailable
from galien.usecases.prices.checking import check_shop
from galien.usecases.products import labels
from galien.web.components.models import Empty
from galien.web.lists import paged
from galien.web.pages.price_check import shown
from galien.web.shell.context import page_response
from galien.web.simulators import exports, file_response
from galien.web.stock_choice import stock_choice


@require_safe
def prices(request: HttpRequest) -> HttpResponse:
    """List prices in doubt, outliers first then the most sold, and the products shoppers compare."""
    chosen = stock_choice(request, one=True)
    context: dict[str, object] = {"choices": chosen.form.of("pharmacie"), "path": request.path}
    try:
        found = check_shop(chosen.viewer, chosen.pharmacy, services=chosen.services)
    except (NotAllowed, NotAvailable) as error:
        context |= {
            "head": shown.head(chosen.name),
            "empty": Empty("Aucun prix à montrer", error.message, icon="search"),
        }
        return page_response(request, "pages/price_check/page.html", context)
    chosen.note("Contrôle des prix")
    names = labels(found.compared, services=chosen.services)
    compared = shown.compared_table(found.compared, names)
    if chosen.style:
        tables = [shown.doubts(found.found, found.compared), compared]
        return file_response("controle-des-prix", tables, chosen.style)
    page, pages = paged(request, found.found, noun=("constat", "constats"))
    context |= {
        "head": shown.head(chosen.name, exports(chosen.form, request.path)),
        "headlines": shown.headlines(found),
        "doubts": shown.doubts(page, found.compared, pages=pages),
        "bare": not found.found,
        "compared": compared,
        "margins": f"{reverse('price-margins')}?{urlencode({'pharmacie': chosen.pharmacy})}",
    }
    return page_response(request, "pages/price_check/page.html", context)
