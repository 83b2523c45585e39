"""The valuation of a pharmacy: figures of its accounts or typed, five methods, sensitivity."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from galien.calculators.accounting.valuation import Business, valuation
from galien.usecases.services import current
from galien.usecases.valuation import Known, business_of
from galien.web.gestion import Choice
from galien.web.pages.valuation import shown
from galien.web.shell.context import page_response, viewer
from galien.web.simulators import (
    asked_style,
    choice_or_none,
    exports,
    file_response,
    fixed,
    typed_form,
)


@require_safe
def valuation_page(request: HttpRequest) -> HttpResponse:
    """Value what the accounts and the form say, on today's references."""
    services, form, style = current(), typed_form(request), asked_style(request)
    choice = choice_or_none(request)
    known = _known(request, choice)
    business = shown.business(form, known.business if known else Business())
    found = valuation(business, services.law, on=services.clock.today())
    tables = shown.tables(found, form, request.path)
    if style:
        return file_response("valorisation", tables.all, style)
    context = {
        "head": shown.head(choice, exports(form, request.path)),
        "choice": choice,
        "groups": shown.groups(form),
        "wrong": form.wrong,
        "kept": fixed(choice),
        "path": request.path,
        "known": known,
        "headlines": shown.headlines(found),
        "tables": tables,
        "chart": shown.chart(found),
        "heat": shown.heat(found, form),
        "notes": shown.notes(found),
    }
    return page_response(request, "pages/valuation/page.html", context)


def _known(request: HttpRequest, choice: Choice | None) -> Known | None:
    if choice is None or choice.year is None:
        return None
    return business_of(viewer(request), choice.pharmacy, choice.last_day)
