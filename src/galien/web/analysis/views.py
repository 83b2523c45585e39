"""The views of analysis pages: read the address, ask, print; exports and drawings by `format`."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from galien.kernel.errors import NotAvailable
from galien.records.scope import viewer_of
from galien.usecases.export import export
from galien.usecases.services import current
from galien.web.analysis.address import read_state
from galien.web.analysis.build import build_chart, build_view
from galien.web.analysis.declared import analysis_at
from galien.web.components.svg import chart_svg
from galien.web.shell.context import page_response


@require_safe
def analysis(request: HttpRequest, section: str, slug: str) -> HttpResponse:
    """Answer an analysis page, one of its exports, or its drawing."""
    page = analysis_at(section, slug)
    parameters = {name: request.GET.getlist(name) for name in request.GET}
    state = read_state(parameters)
    services = current()
    viewer = viewer_of(request.user, services.clock.today())
    wanted = request.GET.get("format", "")
    if wanted == "svg":
        card = build_chart(page, state, viewer, services)
        if card is None:
            raise NotAvailable("Rien à dessiner pour cette question : élargissez la période.")
        return HttpResponse(chart_svg(card.chart), content_type="image/svg+xml; charset=utf-8")
    if wanted:
        made = export(state.question(page), viewer, style=wanted, services=services, title=page.title)
        response = HttpResponse(made.content, content_type=made.media_type)
        response["Content-Disposition"] = f'attachment; filename="{made.filename}"'
        return response
    view = build_view(page, state, viewer, services)
    return page_response(request, "analysis/page.html", {"view": view, "analysis": page})
