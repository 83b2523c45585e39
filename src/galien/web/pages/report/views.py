"""The report on a page, and the same as a PDF."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from galien.usecases import access_log
from galien.usecases.report import pdf, report_of
from galien.usecases.report.sections import sections
from galien.usecases.services import current
from galien.web.components.models import Action, PageHead
from galien.web.gestion import Choice, choice
from galien.web.shell.context import page_response, viewer
from galien.web.shell.downloads import attached

TITLE = "Rapport annuel"


@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """Show the report of the year chosen."""
    chosen = choice(request)
    if chosen.year is None:
        context = {"choice": chosen, "head": PageHead(TITLE, when=chosen.name), "report": None}
        return page_response(request, "pages/report/page.html", context)
    made = report_of(viewer(request), chosen.pharmacy, chosen.last_day, services=current())
    context = {"choice": chosen, "head": _head(chosen), "report": sections(made)}
    return page_response(request, "pages/report/page.html", context)


@require_safe
def document(request: HttpRequest) -> HttpResponse:
    """Give the report of the year chosen as a PDF."""
    chosen, reader = choice(request), viewer(request)
    made = report_of(reader, chosen.pharmacy, chosen.last_day, services=current())
    name = f"rapport_{chosen.pharmacy}_{chosen.last_day}.pdf"
    access_log.note(
        access_log.EXPORT,
        f"Rapport annuel : {name}",
        reader,
        services=current(),
        pharmacies=[chosen.pharmacy],
    )
    return attached(pdf(made), "application/pdf", name)


def _head(chosen: Choice) -> PageHead:
    href = f"/gestion/rapport/rapport.pdf?{chosen.query}"
    return PageHead(
        TITLE,
        when=f"{chosen.name} · {chosen.when}",
        actions=(Action("Télécharger le PDF", href=href, icon="download", primary=True),),
    )
