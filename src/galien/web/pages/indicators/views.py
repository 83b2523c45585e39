"""The page of indicators, its table taken out, and its pictures for who has no scripts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from galien.kernel.errors import InvalidInput, NotAvailable
from galien.usecases import access_log
from galien.usecases.duties import duties
from galien.usecases.export.delimited import written
from galien.usecases.indicators import FOLLOWED
from galien.usecases.services import current
from galien.web.components.svg import chart_svg
from galien.web.pages.indicators import charts, shown
from galien.web.pages.indicators.reading import Read, read
from galien.web.shell.context import page_response, viewer
from galien.web.shell.downloads import attached


@require_safe
def indicators(request: HttpRequest) -> HttpResponse:
    """Show the indicators of a pharmacy and a year, beside references and the year before."""
    found = read(request)
    _noted(request, found, access_log.VIEW)
    may_enter = found.choice.pharmacy in duties(viewer(request)).sends_for
    context = {
        "choice": found.choice,
        "head": shown.head(found, may_enter=may_enter),
        "empty": shown.empty(found, may_enter=may_enter) if found.empty else None,
        "notices": shown.notices(found),
        "sources": shown.sources(found),
        "headlines": shown.headlines(found),
        "themes": shown.themes(found),
        "charts": charts.cards(found),
        "months": charts.months_table(found),
        "export": f"/gestion/indicateurs/export.csv?{found.choice.query}",
    }
    return page_response(request, "pages/indicators/page.html", context)


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Give the table of the year as CSV."""
    found = read(request, months=False)
    _noted(request, found, access_log.EXPORT)
    name = f"indicateurs_{found.choice.pharmacy}_{found.period.last.isoformat()}.csv"
    return attached(written(shown.export_rows(found)), "text/csv; charset=utf-8", name)


@require_safe
def drawing(request: HttpRequest) -> HttpResponse:
    """Draw the months of an indicator, named by `indicateur` in the address."""
    name = request.GET.get("indicateur", "")
    if name not in FOLLOWED:
        raise InvalidInput(f"L’indicateur « {name[:40]} » n’est pas suivi par mois.")
    found = read(request)
    if found.history is None:
        raise NotAvailable("Aucune vente reçue pour tracer cet indicateur.")
    model = charts.chart(found, found.history, name)
    return HttpResponse(
        chart_svg(model, width=360, height=charts.HEIGHT),
        content_type="image/svg+xml; charset=utf-8",
    )


def _noted(request: HttpRequest, found: Read, action: str) -> None:
    access_log.note(
        action,
        f"Indicateurs {found.period.label()}",
        viewer(request),
        services=current(),
        pharmacies=(found.choice.pharmacy,),
    )
