"""The sleeping stock of a pharmacy, its cost, and what to do with each product."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from galien.calculators.stock.clearing import RESALE_FLAG
from galien.calculators.stock.sleeping import USUAL, Settings
from galien.kernel.errors import NotAllowed, NotAvailable
from galien.usecases.stock.sleepers import Sleepers, sleepers
from galien.web.lists import paged
from galien.web.pages.stock_sleeping import shown
from galien.web.shell.context import page_response
from galien.web.simulators import exports, file_response
from galien.web.stock_choice import StockChoice, nothing, stock_choice


@require_safe
def sleeping(request: HttpRequest) -> HttpResponse:
    """List the products of a view (dormant, excess, near expiry, transfers), or give them as a file."""
    chosen = stock_choice(request, one=True)
    view = chosen.form.one_of("vue", "Montrer", shown.VIEWS)
    settings = _settings(chosen)
    day = chosen.day()
    context: dict[str, object] = {
        "choices": chosen.form.of("pharmacie", "vue", "au"),
        "settings": [
            replace(each, required=True) for each in chosen.form.of("mois", "couverture", "argent")
        ],
        "path": request.path,
    }
    found, missing = _read(chosen, settings, day)
    if found is None or found.counted_on is None:
        text = (
            missing
            or "Aucun comptage dans les trois mois avant ce jour : choisissez un autre jour."
        )
        context |= {"head": shown.head(chosen.name, None), "empty": nothing(text)}
        return page_response(request, "pages/stock_sleeping/page.html", context)
    chosen.note("Stock dormant")
    rows = shown.kept(found, view)
    if chosen.style:
        tables = [shown.table(view, rows, chosen.names), shown.band_table(found)]
        return file_response("stock-dormant", tables, chosen.style)
    page, pages = paged(request, rows, noun=("produit", "produits"))
    context |= {
        "head": shown.head(chosen.name, found, exports(chosen.form, request.path)),
        "headlines": shown.headlines(found),
        "bands": shown.band_table(found),
        "chart": shown.chart(found),
        "table": shown.table(view, page, chosen.names, pages=pages),
        "bare": not rows,
        "flag": RESALE_FLAG if any(shown.moved(row) for row in page) else "",
        "notes": found.notes,
    }
    return page_response(request, "pages/stock_sleeping/page.html", context)


def _settings(chosen: StockChoice) -> Settings:
    """Read the settings; those that cannot be are the usual ones."""
    form = chosen.form
    months = form.whole("mois", "Mois sans vente", USUAL.months)
    days = form.amount("couverture", "Jours de stock voulus", USUAL.target_days, suffix="")
    money = form.percent("argent", "Coût de l’argent par an", USUAL.money_rate)
    return Settings(
        months=min(max(months or USUAL.months, 1), 120),
        target_days=USUAL.target_days if days is None else min(days, Decimal(3650)),
        money_rate=USUAL.money_rate if money is None else money,
    )


def _read(chosen: StockChoice, settings: Settings, day: dt.date) -> tuple[Sleepers | None, str]:
    """Return what sleeps, or why nothing is said."""
    if not chosen.pharmacy:
        return None, "Aucune pharmacie ne vous est ouverte."
    try:
        return sleepers(
            chosen.viewer,
            chosen.pharmacy,
            settings=settings,
            on=day,
            services=chosen.services,
        ), ""
    except (NotAllowed, NotAvailable) as error:
        return None, error.message
