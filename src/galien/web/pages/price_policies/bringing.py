"""A policy as a YAML file: brought in, changed as a text, taken away."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from galien.kernel.errors import InvalidInput, NotAllowed
from galien.usecases.prices import book
from galien.usecases.services import current
from galien.web.components.models import Field
from galien.web.pages.deposit.uploads import takes_files
from galien.web.pages.price_policies.writing import whose
from galien.web.shell.context import page_response, viewer
from galien.web.shell.downloads import attached

TEMPLATE = "pages/price_policies/text.html"


@takes_files
def bring(request: HttpRequest) -> HttpResponse:
    """Ask for a YAML file, or its text; on POST, keep it, in the place of the policy of its name."""
    if not book.writable(viewer(request)):
        raise NotAllowed("Cette page n’existe pas.", code="UNKNOWN_PAGE")
    return _written(request, None, "")


@require_http_methods(["GET", "HEAD", "POST"])
def text(request: HttpRequest, key: int) -> HttpResponse:
    """Show the text of a policy; on POST, keep the changes and try it again."""
    kept = book.writable_one(key, viewer(request))
    return _written(request, kept, kept.text)


@require_safe
def download(request: HttpRequest, key: int) -> HttpResponse:
    """Answer a policy as a YAML file."""
    kept = book.found(key, viewer(request))
    name = slugify(kept.name) or "politique-de-prix"
    return attached(kept.text.encode(), "application/yaml", f"{name}.yaml")


def _written(request: HttpRequest, kept: book.KeptPolicy | None, shown: str) -> HttpResponse:
    error, asked = "", request.POST.get("organisation", "")
    if request.method == "POST":
        files = request.FILES.getlist("file")
        shown = request.POST.get("text", "")
        if files:
            shown = files[0].read(book.LONGEST + 1).decode("utf-8-sig", errors="replace")
        try:
            if not shown.strip():
                raise InvalidInput("Choisissez un fichier YAML, ou collez son texte.")
            saved = book.save(
                shown,
                viewer(request),
                services=current(),
                organisation=int(asked) if asked.isdecimal() and len(asked) < 12 else None,
                key=kept.key if kept else None,
                replace=kept is None,
            )
        except InvalidInput as refused:
            error = refused.message
        else:
            messages.success(request, f"Politique « {saved.name} » enregistrée : la voici essayée.")
            return redirect("price-policies:one", key=saved.key)
    context = {
        "kept": kept,
        "file": None if kept else Field("file", "Fichier", kind="file", accept=".yaml,.yml"),
        "text": Field("text", "Texte de la politique", kind="area", value=shown, required=kept is not None,
                      error=error),
        "organisation": None if kept else whose(request),
    }  # fmt: skip
    return page_response(request, TEMPLATE, context, status=400 if error else 200)
