"""Scenarios: keeping a choice, the list, two or more side by side, sharing and deleting one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from galien.kernel.errors import InvalidInput
from galien.usecases.services import current
from galien.usecases.simulator import scenarios as usecase
from galien.usecases.simulator import studies
from galien.usecases.simulator.asked import read_asked
from galien.usecases.simulator.gather import ground_of
from galien.usecases.simulator.labs import choose, light
from galien.usecases.simulator.pairs import rank
from galien.web.pages.scenarios import shown
from galien.web.shell.context import page_response, person, viewer

KIND, NAME, SHARED, CHOSEN = "sorte", "nom", "partage", "choix"


@require_http_methods(["GET", "HEAD", "POST"])
def scenarios(request: HttpRequest) -> HttpResponse:
    """List the scenarios and compare those ticked; on POST, keep one."""
    if request.method == "POST":
        return _keep(request)
    reader, services = viewer(request), current()
    sources = usecase.sources_now(reader, services=services)
    found = usecase.listed(reader, services=services, sources=sources)
    ticked = {key for key in request.GET.getlist(CHOSEN) if key.isdecimal()}
    compared = [each for each in found if str(each.key) in ticked]
    return page_response(request, "pages/scenarios/page.html", shown.page(found, compared))


def _keep(request: HttpRequest) -> HttpResponse:
    asked = read_asked(
        (str(name), str(value)) for name in request.POST for value in request.POST.getlist(name)
    )
    ground = ground_of(asked, viewer(request), services=current())
    if request.POST.get(KIND) == usecase.PAIR:
        answer = usecase.answer_of_pair(rank(ground, asked))
    else:
        done = studies.finished(studies.job_of(ground, asked, viewer(request)))
        if done is None and not light(ground):
            raise InvalidInput("Lancez d’abord l’étude de ce choix : il n’est pas encore calculé.")
        answer = usecase.answer_of_labs(choose(ground, asked, done))
    order = usecase.Keeping(
        request.POST.get(NAME, ""),
        asked,
        answer,
        ground.release,
        usecase.sources_now(viewer(request), services=current()),
        shared=bool(request.POST.get(SHARED)),
    )
    kept = usecase.keep(order, person(request))
    messages.success(request, f"Scénario «\u00a0{kept.name}\u00a0» gardé.")
    return redirect("scenarios")


@require_POST
def delete(request: HttpRequest, key: int) -> HttpResponse:
    """Delete a scenario of one's own."""
    usecase.delete(key, person(request))
    messages.success(request, "Scénario supprimé.")
    return redirect("scenarios")


@require_POST
def share(request: HttpRequest, key: int) -> HttpResponse:
    """Share a scenario of one's own, or take it back."""
    kept = usecase.share(key, person(request), shared=request.POST.get(SHARED) == "1")
    text = f"partagé avec {kept.organisation}" if kept.organisation else "redevenu personnel"
    messages.success(request, f"Scénario «\u00a0{kept.name}\u00a0» {text}.")
    return redirect("scenarios")
