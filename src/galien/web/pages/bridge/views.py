"""The page that leads from the till to the accounts: read what was typed, compare, print or export."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from galien.usecases import access_log
from galien.usecases.bridge import bridge as compare
from galien.usecases.services import current
from galien.web.gestion import Choice, choice
from galien.web.pages.bridge import shown
from galien.web.shell.context import page_response, viewer
from galien.web.simulators import asked_style, file_response, typed_form

TITLE = "De la caisse à la comptabilité"


@require_safe
def bridge(request: HttpRequest) -> HttpResponse:
    """Show both bridges of the year chosen, or give them as a file."""
    chosen, style = choice(request), asked_style(request)
    if chosen.year is None:
        context = {"choice": chosen, "head": shown.head(chosen)}
        return page_response(request, "pages/sig/empty.html", context)
    form = typed_form(request)
    typed = shown.read(form)
    report = compare(
        viewer(request), chosen.pharmacy, chosen.last_day, services=current(), typed=typed
    )
    _note(request, chosen, access_log.EXPORT if style else access_log.VIEW, report.release)
    if style:
        return file_response(f"rapprochement-{chosen.last_day}", shown.tables(report), style)
    context = {
        "choice": chosen,
        "head": shown.head(chosen, query=request.GET.urlencode()),
        **shown.page(report, chosen, form),
    }
    return page_response(request, "pages/bridge/page.html", context)


def _note(request: HttpRequest, chosen: Choice, action: str, release: str) -> None:
    access_log.note(
        action, f"{TITLE} {chosen.last_day}", viewer(request), services=current(),
        pharmacies=(chosen.pharmacy,), release=release,
    )  # fmt: skip
