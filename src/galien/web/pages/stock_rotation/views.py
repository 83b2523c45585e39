"""The rotation of the stock of the pharmacies chosen, and its shares by VAT rate."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from galien.kernel.errors import NotAllowed, NotAvailable
from galien.usecases.stock.rotations import Rotations, rotations, vat_shares
from galien.web.pages.stock_rotation import shown
from galien.web.shell.context import page_response
from galien.web.simulators import exports, file_response
from galien.web.stock_choice import StockChoice, nothing, stock_choice


@require_safe
def rotation(request: HttpRequest) -> HttpResponse:
    """Tell days and turns by a dimension, or give them as a file."""
    chosen = stock_choice(request)
    by = chosen.form.one_of("par", "Par", shown.DIMENSIONS)
    period = chosen.period()
    context: dict[str, object] = {
        "choices": chosen.form.of("pharmacie", "par", "periode"),
        "path": request.path,
    }
    found, missing = _read(chosen, by, period)
    if found is None or not found.lines:
        text = missing or "Aucun stock reçu sur cette période : changez de période."
        context |= {"head": shown.head(chosen.name, None), "empty": nothing(text)}
        return page_response(request, "pages/stock_rotation/page.html", context)
    chosen.note("Rotation du stock")
    shares = vat_shares(
        chosen.viewer, pharmacies=chosen.pharmacies, period=period, services=chosen.services
    )
    table, vat = shown.table(found), shown.vat_table(shares)
    if chosen.style:
        return file_response("rotation-du-stock", [table, vat], chosen.style)
    context |= {
        "head": shown.head(chosen.name, found, exports(chosen.form, request.path)),
        "headlines": shown.headlines(found),
        "chart": shown.chart(found),
        "table": table,
        "vat": vat,
        "note": shown.note(found),
    }
    return page_response(request, "pages/stock_rotation/page.html", context)


def _read(chosen: StockChoice, by: str, period: str) -> tuple[Rotations | None, str]:
    """Return the rotation, or why there is none."""
    try:
        return rotations(
            chosen.viewer,
            by=by,
            pharmacies=chosen.pharmacies,
            period=period,
            services=chosen.services,
        ), ""
    except (NotAllowed, NotAvailable) as error:
        return None, error.message
