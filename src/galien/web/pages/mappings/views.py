"""The mappings, one of them, and the assistant: a sample, corrections, a preview, a name."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from galien.kernel.errors import InvalidInput
from galien.usecases import mapping_assistant as usecase
from galien.usecases.services import current
from galien.web.pages.deposit.uploads import takes_files
from galien.web.pages.mappings import forms, shown
from galien.web.shell.context import page_response, viewer


@require_safe
def mappings(request: HttpRequest) -> HttpResponse:
    """List the mappings."""
    services = current()
    table = shown.table(usecase.every(services), usecase.made_here(services))
    return page_response(request, "pages/mappings/page.html", {"table": table})


@require_safe
def mapping(request: HttpRequest, name: str) -> HttpResponse:
    """Show how a source's columns become ours, feed by feed."""
    found = usecase.one(name, services=current())
    return page_response(request, "pages/mappings/mapping.html", shown.one(found))


@takes_files
def begin(request: HttpRequest) -> HttpResponse:
    """Ask for a sample, or look at the one sent."""
    error = ""
    file = request.FILES.get("sample")
    if request.method == "POST" and file is None:
        error = "Choisissez un fichier d’exemple."
    elif file is not None:
        try:
            key = usecase.begin(
                file.read(), file.name or "exemple", request.POST.get("feed", ""),
                viewer(request), services=current(),
            )  # fmt: skip
            return redirect("mappings:draft", key=key)
        except InvalidInput as refusal:
            error = refusal.message
    context = {"fields": forms.begin_fields(request.POST.get("feed", "sales"), error)}
    return page_response(
        request, "pages/mappings/begin.html", context, status=400 if error else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, key: str) -> HttpResponse:
    """Show a proposal, its corrections previewed, and save it under its name."""
    reader, services = viewer(request), current()
    made = usecase.draft(key, reader, services=services)
    content = forms.content(request.POST, made) if request.POST else made.proposal.content
    try:
        if request.POST.get("act") == "save":
            saved = usecase.save(made, content, reader, services=services)
            messages.success(request, f"Correspondance «\u00a0{saved.label}\u00a0» enregistrée.")
            return redirect("mappings:one", name=saved.name)
        preview, error = usecase.previewed(made, content, reader, services=services), ""
    except InvalidInput as refusal:
        preview, error = None, refusal.message
    context = forms.page(made, content, preview, error)
    return page_response(request, "pages/mappings/draft.html", context)
