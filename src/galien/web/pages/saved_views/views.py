"""Saved views: the list, saving one from an analysis, opening, sharing and deleting it."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from galien.kernel.errors import InvalidInput
from galien.usecases import saved_views as usecase
from galien.web.pages.saved_views import shown
from galien.web.registry import discover
from galien.web.shell.context import page_response, person, viewer


@require_http_methods(["GET", "HEAD", "POST"])
def views(request: HttpRequest) -> HttpResponse:
    """List the views; on POST, save one (page, query, name, shared)."""
    if request.method == "POST":
        return _save(request)
    me = person(request)
    rows = [shown.entry(each, me) for each in usecase.listed(viewer(request))]
    return page_response(request, "pages/saved_views/page.html", {"rows": rows})


def _save(request: HttpRequest) -> HttpResponse:
    page = "/" + request.POST.get("page", "").strip("/")
    if page not in {f"/{each.path}" for each in discover() if each.open_to(viewer(request))}:
        raise InvalidInput("Cette page n’est pas de celles qu’une vue peut garder.")
    order = usecase.ViewOrder(
        page=page,
        query=request.POST.get("query", ""),
        name=request.POST.get("name", ""),
        shared=request.POST.get("shared") in {"1", "true", "on"},
    )
    saved = usecase.save(order, person(request))
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"id": saved.pk, "name": saved.name, "href": f"/vues/{saved.pk}"})
    messages.success(request, f"Vue «\u00a0{saved.name}\u00a0» enregistrée.")
    return redirect("saved_views")


@require_safe
def view(request: HttpRequest, key: int) -> HttpResponse:
    """Open a view: its page and state, with the rights of whoever opens it."""
    found = usecase.found(key, viewer(request))
    path = urlsplit(found.page).path
    return redirect(f"{path}?{found.query}" if found.query else path)


@require_POST
def delete(request: HttpRequest, key: int) -> HttpResponse:
    """Delete a view of one's own."""
    usecase.delete(key, person(request))
    messages.success(request, "Vue supprimée.")
    return redirect("saved_views")


@require_POST
def share(request: HttpRequest, key: int) -> HttpResponse:
    """Share a view of one's own, or take it back."""
    shared = request.POST.get("shared") == "1"
    saved = usecase.share(key, person(request), shared=shared)
    text = f"partagée avec {saved.organisation}" if saved.organisation else "redevenue personnelle"
    messages.success(request, f"Vue «\u00a0{saved.name}\u00a0» {text}.")
    return redirect("saved_views")
