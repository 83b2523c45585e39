"""The shortages of a pharmacy over a year, their cost and their substitutes, as a page or a file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from galien.kernel.errors import NotAllowed, NotAvailable
from galien.usecases.stock.missing import missing
from galien.web.lists import paged
from galien.web.pages.stock_shortages import shown
from galien.web.shell.context import page_response
from galien.web.simulators import exports, file_response
from galien.web.stock_choice import nothing, stock_choice

TEMPLATE = "pages/stock_shortages/page.html"


@require_safe
def missing_products(request: HttpRequest) -> HttpResponse:
    """Show the shortages of a pharmacy, or give their declarations as a file."""
    chosen = stock_choice(request, one=True)
    view = chosen.form.one_of("vue", "Montrer", shown.VIEWS)
    day = chosen.day()
    context: dict[str, object] = {
        "choices": chosen.form.of("pharmacie", "vue", "au"),
        "path": request.path,
    }
    try:
        if not chosen.pharmacy:
            raise NotAllowed("Aucune pharmacie ne vous est ouverte.")
        found = missing(chosen.viewer, chosen.pharmacy, on=day, services=chosen.services)
    except (NotAllowed, NotAvailable) as error:
        context |= {"head": shown.head(chosen.name, None), "empty": nothing(error.message)}
        return page_response(request, TEMPLATE, context)
    chosen.note("Ruptures")
    rows = shown.kept(found, view)
    if chosen.style:
        tables = [shown.table(rows, chosen.names, declared=True), shown.labs(found)]
        return file_response("ruptures", tables, chosen.style)
    page, pages = paged(request, rows, noun=("rupture", "ruptures"))
    context |= {
        "head": shown.head(chosen.name, found, exports(chosen.form, request.path)),
        "headlines": shown.headlines(found),
        "table": shown.table(page, chosen.names, pages=pages),
        "labs": shown.labs(found),
        "bare": not found.found,
    }
    return page_response(request, TEMPLATE, context)
