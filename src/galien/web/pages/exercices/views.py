"""The list of years with the sending form, a year's remarks, a year typed by hand."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from galien.kernel.errors import InvalidInput
from galien.usecases.accounts.reading import ledger_from
from galien.usecases.accounts.reading import years as seen_years
from galien.usecases.accounts.writing import delete_year, enter_by_hand, may_write
from galien.usecases.services import current
from galien.web.gestion import PHARMACY, YEAR, choice
from galien.web.pages.deposit.uploads import takes_files
from galien.web.pages.exercices import forms, shown
from galien.web.shell.context import page_response, viewer


@takes_files
def years(request: HttpRequest) -> HttpResponse:
    """Show the years received and the form, or take the ledger files sent."""
    chosen, reader = choice(request), viewer(request)
    sending = forms.Sending(chosen.pharmacy)
    if request.method == "POST":
        sending = forms.send(request, reader, current())
        for year in sending.received:
            messages.success(request, shown.received(year))
        if not sending.errors:
            query = urlencode({PHARMACY: sending.pharmacy})
            return redirect(f"/gestion/exercices?{query}")
    context = {
        "choice": chosen,
        "table": shown.years_table(seen_years(reader)),
        "sending": forms.fields(sending, reader),
        "errors": sending.errors,
    }
    status = 400 if sending.errors else 200
    return page_response(request, "pages/exercices/page.html", context, status=status)


@require_safe
def detail(request: HttpRequest) -> HttpResponse:
    """Show a year: what was counted, and each remark on its file."""
    chosen = choice(request)
    if chosen.year is None:
        return redirect(f"/gestion/exercices?{chosen.query}")
    context = {
        "head": shown.head(chosen),
        "facts": shown.facts(chosen.year, ledger_from(chosen.year)),
        "counts": shown.counts(chosen.year),
        "issues": shown.issues(chosen.year),
        "may_write": may_write(viewer(request), chosen.pharmacy),
        "query": chosen.query,
        "manual": chosen.year.origin == chosen.year.Origin.MANUAL,
    }
    return page_response(request, "pages/exercices/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def by_hand(request: HttpRequest) -> HttpResponse:
    """Show the form of a year typed by hand, or keep it."""
    chosen, reader = choice(request), viewer(request)
    typed = forms.first_typed(chosen, new=YEAR not in request.GET)
    error = ""
    if request.method == "POST":
        typed = {str(key): str(value) for key, value in request.POST.items()}
        try:
            year = enter_by_hand(
                forms.typed_ledger_of(typed), chosen.pharmacy, reader, services=current()
            )
        except InvalidInput as wrong:
            error = wrong.message
        else:
            messages.success(request, shown.received(year))
            query = urlencode({PHARMACY: chosen.pharmacy, YEAR: year.last_day.isoformat()})
            return redirect(f"/gestion/sig?{query}")
    context = {
        "head": shown.by_hand_head(chosen),
        "sections": forms.sections(typed),
        "days": forms.day_fields(typed),
        "error": error,
        "action": f"{request.path}?{chosen.query}",
        "may_write": may_write(reader, chosen.pharmacy),
    }
    status = 400 if error else 200
    return page_response(request, "pages/exercices/by_hand.html", context, status=status)


@require_POST
def delete(request: HttpRequest) -> HttpResponse:
    """Take a year away."""
    chosen = choice(request)
    delete_year(viewer(request), chosen.pharmacy, chosen.last_day, services=current())
    messages.success(request, f"Exercice {chosen.when} supprimé.")
    return redirect(f"/gestion/exercices?{urlencode({PHARMACY: chosen.pharmacy})}")
