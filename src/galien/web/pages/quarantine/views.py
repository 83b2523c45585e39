"""The lines set aside, by reason, and their replay."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from galien.usecases import quarantine as usecase
from galien.usecases.receipts import pharmacy_names
from galien.web.lists import choice, paged
from galien.web.pages.quarantine import shown
from galien.web.shell.context import page_response, person, viewer


@require_safe
def quarantine(request: HttpRequest) -> HttpResponse:
    """List the lines set aside, narrowed by reason and pharmacy."""
    reader = viewer(request)
    names = pharmacy_names(reader)
    codes = usecase.by_code(reader)
    code = choice(request, "code", codes)
    pharmacy = choice(request, "pharmacie", names)
    found = usecase.narrowed(reader, code=code, pharmacy=pharmacy)
    rows, pages = paged(request, found, noun=("ligne", "lignes"))
    context = {
        "fields": shown.fields(codes, code, names, pharmacy),
        "table": shown.table(rows, names, pages),
        "narrowed": bool(code or pharmacy),
        "may_replay": usecase.may_replay(reader),
        "total": sum(codes.values()),
    }
    return page_response(request, "pages/quarantine/page.html", context)


@require_POST
def replay(request: HttpRequest) -> HttpResponse:
    """Queue the replay of every receipt with lines set aside."""
    job = usecase.ask_replay(viewer(request), person(request))
    return redirect("jobs:one", key=job.pk)
