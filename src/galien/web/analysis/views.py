"""The views of analysis pages: read the address, ask, print; exports and drawings by `format`."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from galien.kernel.errors import NotAvailable
from galien.usecases import access_log
from galien.usecases.ask import ask
from galien.usecases.export import download
from galien.usecases.services import current
from galien.usecases.values import values
from galien.web.analysis.address import State, read_state
from galien.web.analysis.build import build_chart, build_view
from galien.web.analysis.declared import Analysis, analysis_at
from galien.web.components.models import FilterField, Option
from galien.web.components.svg import chart_svg
from galien.web.shell.context import page_response, viewer
from galien.web.shell.downloads import attached

MAX_TYPED = 100


@require_safe
def analysis(request: HttpRequest, section: str, slug: str) -> HttpResponse:
    """Answer an analysis page, one of its exports, or its drawing."""
    page = analysis_at(section, slug)
    state = read_state({name: request.GET.getlist(name) for name in request.GET}, page.period)
    wanted = request.GET.get("format", "")
    if wanted == "svg":
        return _drawing(request, page, state)
    if wanted:
        return _export(request, page, state, wanted)
    view = build_view(page, state, viewer(request), current())
    access_log.note(
        access_log.VIEW,
        f"{page.title} {state.query()}".strip(),
        viewer(request),
        services=current(),
        pharmacies=view.scope,
        release=view.release,
    )
    return page_response(request, "analysis/page.html", {"view": view, "analysis": page})


@require_safe
def filter_values(request: HttpRequest) -> HttpResponse:
    """Answer the boxes of the values of a dimension that hold what was typed."""
    subject = request.GET.get("subject", "")[:MAX_TYPED]
    dimension = request.GET.get("dimension", "")[:MAX_TYPED]
    typed = request.GET.get("q", "")[:MAX_TYPED]
    found = values(subject, dimension, typed, viewer(request), services=current())
    field = FilterField(
        label=dimension,
        options=tuple(Option(f"{dimension}={each.key}", each.label) for each in found),
    )
    return render(request, "analysis/values.html", {"field": field}, using="jinja2")


def _drawing(request: HttpRequest, page: Analysis, state: State) -> HttpResponse:
    card = build_chart(page, state, viewer(request), current())
    if card is None:
        raise NotAvailable("Rien à dessiner pour cette question : élargissez la période.")
    return HttpResponse(chart_svg(card.chart), content_type="image/svg+xml; charset=utf-8")


def _export(request: HttpRequest, page: Analysis, state: State, style: str) -> HttpResponse:
    answer = ask(state.question(page), viewer(request), services=current())
    made = download(answer, style)
    access_log.note(
        access_log.EXPORT,
        f"{page.title} ({style}) {state.query()}".strip(),
        viewer(request),
        services=current(),
        pharmacies=answer.meta.scope,
        release=answer.meta.release,
    )
    return attached(made.content, made.media_type, made.filename)
