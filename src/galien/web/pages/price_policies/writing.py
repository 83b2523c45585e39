"""Writing a policy in the browser: its text, errors said beside it, an example to begin from."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from galien.kernel.errors import InvalidInput, NotAllowed
from galien.usecases.prices import book
from galien.usecases.services import current
from galien.web.components.models import Field, Option
from galien.web.shell.context import page_response, viewer

EXAMPLE = """\
name: Prix libres
rounding:
  - {from: 0, ending: five_cents}
  - {from: 10, ending: x9}
categories:
  - name: Parapharmacie
    where: {product_type: [Parapharmacie]}
    margin: 34 %
    floor_margin: 15 %
  - name: Médication familiale
    where: {universe_1: [Santé familiale]}
    bands:
      - {from: 0, factor: 1.8}
      - {from: 10, margin: 35 %}
"""


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Show the example to begin from; on POST, keep the policy and try it."""
    if not book.writable(viewer(request)):
        raise NotAllowed("Cette page n’existe pas.", code="UNKNOWN_PAGE")
    return _written(request, None, EXAMPLE)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, key: int) -> HttpResponse:
    """Show the text of a policy; on POST, keep the changes and try it again."""
    kept = book.writable_one(key, viewer(request))
    return _written(request, kept, kept.text)


@require_POST
def delete(request: HttpRequest, key: int) -> HttpResponse:
    """Take a policy out of the list; what it decided stays in the history."""
    kept = book.delete(key, viewer(request), services=current())
    messages.success(request, f"Politique « {kept.name} » supprimée. Ses passages restent.")
    return redirect("price-policies")


def _written(request: HttpRequest, kept: book.KeptPolicy | None, text: str) -> HttpResponse:
    error, organisation = "", request.POST.get("organisation", "")
    if request.method == "POST":
        text = request.POST.get("text", "")
        try:
            saved = book.save(
                text,
                viewer(request),
                services=current(),
                organisation=int(organisation) if organisation.isdecimal() else None,
                key=kept.key if kept else None,
            )
        except InvalidInput as refused:
            error = refused.message
        else:
            messages.success(request, f"Politique « {saved.name} » enregistrée : la voici essayée.")
            return redirect("price-policies:one", key=saved.key)
    mine = book.writable(viewer(request)) if kept is None else []
    options = tuple(
        Option(str(each.pk), each.name, chosen=str(each.pk) == organisation) for each in mine
    )
    whose = Field("organisation", "Pour", kind="select", required=True, options=options)
    context = {
        "kept": kept,
        "text": Field("text", "Politique", kind="area", value=text, required=True, error=error),
        "organisation": whose if len(options) > 1 else None,
    }
    return page_response(
        request, "pages/price_policies/form.html", context, status=400 if error else 200
    )
