"""The balances beside those of the year before, and the lines accounts go to."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from galien.usecases.accounts import reading
from galien.usecases.accounts.mapping import correct, placed, proposals
from galien.usecases.accounts.medicines import medicine_parts
from galien.usecases.accounts.writing import may_write
from galien.usecases.services import current
from galien.web.gestion import choice
from galien.web.pages.sig import accounts, shown
from galien.web.shell.context import page_response, viewer
from galien.web.simulators import asked_style, file_response

ANNUALISED = "douze"


@require_safe
def balances(request: HttpRequest) -> HttpResponse:
    """Show the balances of the year chosen, or give them as a file."""
    chosen, style = choice(request), asked_style(request)
    if chosen.year is None:
        context = {"choice": chosen, "head": shown.head(chosen, None, annualised=False)}
        return page_response(request, "pages/sig/empty.html", context)
    annualised = request.GET.get(ANNUALISED) == "1"
    made = reading.statement_of(
        viewer(request), chosen.pharmacy, chosen.last_day, annualise=annualised
    )
    if style:
        return file_response(f"sig-{chosen.last_day}", shown.tables(made), style)
    year = chosen.year
    parts = medicine_parts(
        viewer(request), chosen.pharmacy, year.first_day, year.last_day, services=current()
    )
    context = {
        "choice": chosen,
        "head": shown.head(chosen, made, annualised=annualised),
        "notices": shown.notices(chosen, made, proposals(chosen.year), annualised=annualised),
        "headlines": shown.headlines(made),
        "lines": shown.lines(made),
        "beside": shown.beside(chosen, made),
        "turnover": shown.turnover_table(made),
        "medicines": shown.medicines_table(parts) if parts else None,
        "mapping_href": f"/gestion/sig/comptes?{chosen.query}",
    }
    return page_response(request, "pages/sig/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def mapping(request: HttpRequest) -> HttpResponse:
    """Show the line of each account of the year, or keep what is corrected."""
    chosen, reader = choice(request), viewer(request)
    if request.method == "POST":
        given = accounts.given(request.POST)
        correct(reader, chosen.pharmacy, given, services=current())
        messages.success(request, accounts.said(given))
        return redirect(f"{request.path}?{urlencode(dict(request.GET.items()))}")
    context = {
        "choice": chosen,
        "head": accounts.head(chosen),
        "rows": accounts.rows(placed(chosen.year)) if chosen.year else (),
        "may_write": may_write(reader, chosen.pharmacy),
        "lines": accounts.line_options(),
        "own": accounts.own(chosen.pharmacy),
        "sig_href": f"/gestion/sig?{chosen.query}",
        "action": f"{request.path}?{chosen.query}",
    }
    return page_response(request, "pages/sig/accounts.html", context)
