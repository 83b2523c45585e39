"""The activity summary of a year: typed, read from a file, or taken from the sales received."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from galien.kernel.errors import GalienError
from galien.usecases import activity as usecase
from galien.usecases.duties import may_send_for
from galien.usecases.services import current
from galien.web.gestion import Choice, choice
from galien.web.pages.indicators import forms
from galien.web.pages.indicators.reading import period_of
from galien.web.shell.context import page_response, viewer


@require_http_methods(["GET", "HEAD", "POST"])
def activity(request: HttpRequest) -> HttpResponse:
    """Show the summary of the year chosen, keep what is sent, or drop it."""
    chosen = choice(request)
    may_send_for(viewer(request), chosen.pharmacy)
    if request.method != "POST":
        return _page(request, chosen, _first_values(request, chosen))
    if "forget" in request.POST:
        usecase.forget(viewer(request), chosen.pharmacy, period_of(chosen, current()).last)
        messages.success(
            request, "Bilan d’activité supprimé\u00a0: les ventes reçues en tiennent lieu."
        )
        return _back(chosen)
    try:
        if request.FILES.get("file"):
            return _page(request, chosen, forms.from_file(request))
        usecase.save(forms.entry_of(request.POST, chosen.pharmacy), viewer(request))
    except GalienError as error:
        values = forms.typed(request.POST)
        return _page(request, chosen, values, error=error.message, status=400)
    messages.success(request, "Bilan d’activité enregistré.")
    return _back(chosen)


def _first_values(request: HttpRequest, chosen: Choice) -> forms.Values:
    """Return what the form begins with: the summary kept, the sales when asked, else nothing."""
    reader, services = viewer(request), current()
    period = period_of(chosen, services)
    kept = usecase.saved(reader, chosen.pharmacy, period.last)
    if request.GET.get("depuis") == "ventes":
        found = usecase.from_facts(reader, chosen.pharmacy, period, services=services)
        if found is not None:
            note = " ".join(
                ("D’après les ventes reçues, à vérifier avant d’enregistrer.", *found.notes)
            )
            return forms.values_of(found, note=note, kept=kept is not None)
        return forms.nothing(
            period, note="Aucune vente reçue sur cette période.", kept=kept is not None
        )
    if kept is not None:
        return forms.values_of(usecase.as_found(kept), kept=True)
    return forms.nothing(period)


def _back(chosen: Choice) -> HttpResponse:
    response = redirect("indicators")
    response["Location"] += f"?{chosen.query}"
    return response


def _page(
    request: HttpRequest,
    chosen: Choice,
    values: forms.Values,
    *,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    context = forms.page(chosen, values, error)
    return page_response(request, "pages/indicators/activity.html", context, status=status)
