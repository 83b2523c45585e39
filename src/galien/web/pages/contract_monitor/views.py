"""The page of the contract monitor: follow, narrow, print or export."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from galien.usecases import access_log
from galien.usecases.contract_monitor import monitor
from galien.usecases.services import current
from galien.web.lists import choice, paged
from galien.web.pages.contract_monitor import shown
from galien.web.shell.context import page_response, viewer
from galien.web.simulators import asked_style, file_response


@require_safe
def watch(request: HttpRequest) -> HttpResponse:
    """Show the targets followed, alerts first, or give them as a file."""
    asker, style = viewer(request), asked_style(request)
    found = monitor(asker, services=current())
    contracts = {str(each.kept.key): each.kept.contract.reference for each in found.lines}
    pharmacies = {each.pharmacy: each.name for each in found.lines if each.pharmacy}
    chosen = {
        "contract": choice(request, "contrat", contracts),
        "pharmacy": choice(request, "pharmacie", pharmacies),
        "standing": choice(request, "etat", shown.STANDINGS),
    }
    lines = shown.narrowed(found.lines, **chosen)
    access_log.note(
        access_log.EXPORT if style else access_log.VIEW,
        shown.TITLE,
        asker,
        services=current(),
        pharmacies=found.scope,
        release=found.release,
    )
    if style:
        return file_response("suivi-contrats", [shown.table(lines)], style)
    rows, pages = paged(request, lines, noun=("objectif", "objectifs"))
    context = {
        "head": shown.head(found, request.GET.urlencode()),
        "headlines": shown.headlines(lines),
        "notices": shown.notices(found),
        "fields": shown.fields(contracts, pharmacies, **chosen),
        "table": shown.table(rows, pages) if rows else None,
        "empty": shown.empty(found, chosen) if not rows else None,
        "narrowed": any(chosen.values()),
    }
    return page_response(request, "pages/contract_monitor/page.html", context)
