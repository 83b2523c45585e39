"""The free prices of a pharmacy: margins by category, and what is in doubt."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from galien.analytics.answer import Answer
from galien.analytics.question import Filter, Question
from galien.kernel.errors import NotAllowed, NotAvailable
from galien.usecases.ask import ask
from galien.usecases.prices.checking import ShopPrices, check_shop
from galien.web.components.models import Empty
from galien.web.lists import paged
from galien.web.pages.price_check import shown
from galien.web.shell.context import page_response
from galien.web.simulators import exports, file_response
from galien.web.stock_choice import StockChoice, stock_choice

MEASURES = ("sales_excl", "adjusted_margin", "margin_rate")


@require_safe
def prices(request: HttpRequest) -> HttpResponse:
    """List prices in doubt, the most sold first, under the margins of each category."""
    chosen = stock_choice(request, one=True)
    by = chosen.form.one_of("par", "Marges par", shown.DIMENSIONS)
    context: dict[str, object] = {
        "choices": chosen.form.of("pharmacie", "par"),
        "path": request.path,
    }
    try:
        found, margins = _read(chosen, by)
    except (NotAllowed, NotAvailable) as error:
        context |= {
            "head": shown.head(chosen.name),
            "empty": Empty("Aucun prix à montrer", error.message, icon="search"),
        }
        return page_response(request, "pages/price_check/page.html", context)
    chosen.note("Contrôle des prix")
    if chosen.style:
        tables = [shown.doubts(found.found), shown.margins(margins, by)]
        return file_response("controle-des-prix", tables, chosen.style)
    page, pages = paged(request, found.found, noun=("constat", "constats"))
    context |= {
        "head": shown.head(chosen.name, exports(chosen.form, request.path)),
        "headlines": shown.headlines(found),
        "doubts": shown.doubts(page, pages=pages),
        "bare": not found.found,
        "margins": shown.margins(margins, by),
    }
    return page_response(request, "pages/price_check/page.html", context)


def _read(chosen: StockChoice, by: str) -> tuple[ShopPrices, Answer]:
    where = (Filter("pharmacy", (chosen.pharmacy,)),) if chosen.pharmacy else ()
    asked = Question("sales", MEASURES, (by,), compare="none", where=where, order="-sales_excl")
    margins = ask(asked, chosen.viewer, services=chosen.services)
    return check_shop(chosen.viewer, chosen.pharmacy, services=chosen.services), margins
