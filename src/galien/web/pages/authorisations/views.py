"""The authorisations of a group: recorded when signed, withdrawn at once."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from galien.kernel.errors import InvalidInput
from galien.usecases import authorisations as usecase
from galien.usecases.services import current
from galien.web.lists import paged
from galien.web.pages.authorisations import shown
from galien.web.shell.context import page_response, viewer


@require_safe
def authorisations(request: HttpRequest) -> HttpResponse:
    """List the authorisations and offer to record one."""
    reader = viewer(request)
    rows, pages = paged(
        request, usecase.administered(reader), noun=("autorisation", "autorisations")
    )
    context = {
        "rows": [shown.line(each) for each in rows],
        "pages": pages,
        "fields": shown.fields(reader, current().clock.today()),
    }
    return page_response(request, "pages/authorisations/page.html", context)


@require_POST
def grant(request: HttpRequest) -> HttpResponse:
    """Record a signed authorisation."""
    given = request.POST
    order = usecase.Grant(
        pharmacy=given.get("pharmacy", ""),
        organisation=_number(given.get("organisation", "")),
        feeds=given.getlist("feeds"),
        signed_by=given.get("signed_by", ""),
        signed_on=_day(given.get("signed_on", "")) or current().clock.today(),
        valid_from=_day(given.get("valid_from", "")),
        valid_to=_day(given.get("valid_to", "")),
        document=given.get("document", ""),
    )
    made = usecase.record(order, viewer(request), services=current())
    messages.success(
        request, f"Autorisation enregistrée\u00a0: {made.pharmacy} → {made.organisation}."
    )
    return redirect("authorisations")


@require_POST
def withdraw(request: HttpRequest, key: int) -> HttpResponse:
    """Withdraw an authorisation."""
    done = usecase.withdraw(key, viewer(request), services=current())
    messages.success(request, f"Autorisation retirée\u00a0: {done.pharmacy} → {done.organisation}.")
    return redirect("authorisations")


def _number(given: str) -> int:
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0


def _day(given: str) -> dt.date | None:
    if not given:
        return None
    try:
        return dt.date.fromisoformat(given)
    except ValueError:
        raise InvalidInput(
            f"«\u00a0{given[:20]}\u00a0» n’est pas une date\u00a0: choisissez-la."
        ) from None
