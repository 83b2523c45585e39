"""What the network's price changes say of volumes, with how sure it is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from galien.kernel.errors import NotAllowed, NotAvailable
from galien.usecases.prices.network import network_elasticities
from galien.web.components.models import Empty
from galien.web.pages.price_elasticities import shown
from galien.web.shell.context import page_response
from galien.web.simulators import exports, file_response
from galien.web.stock_choice import stock_choice

PAGE = "pages/price_elasticities/page.html"


@require_safe
def elasticities(request: HttpRequest) -> HttpResponse:
    """Show the elasticity of free prices, in all and by universe, with intervals; or give it as a file."""
    chosen = stock_choice(request)
    try:
        found = network_elasticities(viewer=chosen.viewer, services=chosen.services)
    except (NotAllowed, NotAvailable) as error:
        empty = Empty("Aucune élasticité à montrer", error.message, icon="search")
        return page_response(request, PAGE, {"head": shown.head(), "empty": empty})
    chosen.note("Élasticités du réseau")
    table = shown.table(found)
    if chosen.style:
        return file_response("elasticites", [table], chosen.style)
    context = {
        "head": shown.head(exports(chosen.form, request.path)),
        "headlines": shown.headlines(found),
        "refusal": found.whole.refusal,
        "table": table,
        "policies": reverse("price-policies"),
    }
    return page_response(request, PAGE, context)
