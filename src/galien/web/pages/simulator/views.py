"""The ranking of pairs of labs, and the products of each part of one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from galien.usecases import access_log
from galien.usecases.export import Download
from galien.usecases.simulator.pairs import lines, lines_file, rank, ranking_file, searched
from galien.web.labs_choice import Choosing, choosing, empty, log
from galien.web.lists import paged
from galien.web.pages.simulator import shown
from galien.web.shell.context import page_response
from galien.web.shell.downloads import attached

TITLE = "Meilleur couple"
FIRST, SECOND, PART = "premier", "second", "part"


@require_safe
def ranking(request: HttpRequest) -> HttpResponse:
    """Show every ordered pair, best first; searched by lab, exported whole."""
    it = choosing(request)
    nothing = empty(it.ground)
    context = shown.frame(it, nothing)
    if nothing is None:
        ranked = rank(it.ground, it.asked)
        if style := request.GET.get("format"):
            return _file(request, it, ranking_file(ranked, shown.style(style)))
        typed = request.GET.get(FIRST, ""), request.GET.get(SECOND, "")
        rows, pages = paged(request, searched(ranked, *typed), noun=("couple", "couples"))
        context |= shown.ranking(it, ranked, rows, pages, typed)
        log(request, it, access_log.VIEW, TITLE)
    return page_response(request, "pages/simulator/page.html", context)


@require_safe
def couple(request: HttpRequest) -> HttpResponse:
    """Show the products of a part of a pair, or export those of its three parts."""
    it = choosing(request)
    ranked = rank(it.ground, it.asked)
    pair = ranked.pair(request.GET.get(FIRST, ""), request.GET.get(SECOND, ""))
    if style := request.GET.get("format"):
        return _file(request, it, lines_file(ranked, pair, shown.style(style)))
    part = request.GET.get(PART, FIRST)
    rows, pages = paged(request, lines(ranked, pair, part), noun=("produit", "produits"))
    log(request, it, access_log.VIEW, f"{TITLE} : {pair.pair.first_lab}, {pair.pair.second_lab}")
    context = shown.couple(it, ranked, pair, part, rows, pages)
    return page_response(request, "pages/simulator/couple.html", context)


def _file(request: HttpRequest, it: Choosing, made: Download) -> HttpResponse:
    log(request, it, access_log.EXPORT, f"{TITLE} ({made.filename})")
    return attached(made.content, made.media_type, made.filename)
