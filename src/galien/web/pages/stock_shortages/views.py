"""The shortages of a pharmacy over a year, their cost and their substitutes, as a page or a file."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from galien.kernel.errors import NotAllowed, NotAvailable
from galien.usecases.export.delimited import written
from galien.usecases.export.sheets import CSV_TYPE
from galien.usecases.stock.missing import Missing, missing
from galien.usecases.stock.running_out import about_to_run_out
from galien.web.lists import paged
from galien.web.pages.stock_shortages import listed, shown
from galien.web.shell.context import page_response
from galien.web.shell.downloads import attached
from galien.web.simulators import exports, file_response
from galien.web.stock_choice import StockChoice, nothing, stock_choice

FILE = "declarations-ruptures"
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
    if view == "nationale":
        return _national(request, chosen, found, context)
    rows = shown.kept(found, view)
    if chosen.style:
        return _file(chosen, found, rows)
    page, pages = paged(request, rows, noun=("rupture", "ruptures"))
    alert = about_to_run_out(chosen.viewer, on=day, services=chosen.services)
    context |= {
        "head": shown.head(chosen.name, found, exports(chosen.form, request.path)),
        "headlines": shown.headlines(found),
        "table": shown.table(page, chosen.names, pages=pages),
        "labs": shown.labs(found),
        "products": shown.products(found),
        "bare": not found.found,
        "alarm": listed.alarm(alert),
        "national": listed.table(found.national[: listed.FIRST_LISTED]),
        "national_note": listed.note(found),
        "national_href": chosen.form.href(request.path, vue="nationale"),
        "national_more": len(found.national) > listed.FIRST_LISTED,
    }
    return page_response(request, TEMPLATE, context)


def _national(
    request: HttpRequest, chosen: StockChoice, found: Missing, context: dict[str, object]
) -> HttpResponse:
    """Show all the products of the pharmacy that the national list names, or give them as a file."""
    if chosen.style:
        return file_response("liste-nationale", [listed.table(found.national)], chosen.style)
    page, pages = paged(request, found.national, noun=("produit", "produits"))
    context |= {
        "head": shown.head(chosen.name, found, exports(chosen.form, request.path)),
        "national": listed.table(page, pages),
        "national_note": listed.note(found),
        "whole": True,
    }
    return page_response(request, TEMPLATE, context)


def _file(chosen: StockChoice, found: Missing, rows: list[dict[str, Any]]) -> HttpResponse:
    """Give the declarations alone as CSV; a workbook has the history and the national list too."""
    declared = shown.declared(rows, chosen.names, (chosen.pharmacy, chosen.name))
    if chosen.style == "csv":
        heads = [
            f"{each.label} ({each.unit})" if each.unit else each.label for each in declared.columns
        ]
        cells = [[_plain(cell) for cell in row.cells] for row in declared.rows]
        return attached(written([heads, *cells]), CSV_TYPE, f"{FILE}.csv")
    tables = [declared, shown.labs(found), shown.products(found), listed.table(found.national)]
    return file_response(FILE, tables, chosen.style)


def _plain(cell: object) -> str | int | Decimal:
    """Return a cell as a file of one table writes it."""
    return cell if isinstance(cell, int | Decimal) else "" if cell is None else str(cell)
