"""The owner's trust page: what is open, to whom, who looked, and closing it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from galien.usecases import access_log, authorisations
from galien.usecases.receipts import pharmacy_names
from galien.usecases.services import current
from galien.web.pages.authorisations import shown
from galien.web.pages.trust.shown import looks
from galien.web.shell.context import page_response, viewer


@require_safe
def trust(request: HttpRequest) -> HttpResponse:
    """Show what one's pharmacies have opened, and who looked at their figures."""
    reader = viewer(request)
    names = pharmacy_names(reader)
    mine = authorisations.own_pharmacies(reader)
    context = {
        "rows": [shown.line(each) for each in authorisations.own(reader)],
        "looks": [(names.get(f, f), looks(access_log.about(reader, f)[:50])) for f in mine],
    }
    return page_response(request, "pages/trust/page.html", context)


@require_POST
def withdraw(request: HttpRequest, key: int) -> HttpResponse:
    """Withdraw an authorisation of one's own pharmacy."""
    done = authorisations.withdraw(key, viewer(request), services=current())
    messages.success(request, f"Autorisation retirée\u00a0: {done.organisation} n’a plus accès.")
    return redirect("trust")
