"""Writing a policy in the browser: a form whose lines are added by buttons, errors beside the fields."""

from __future__ import annotations

import copy
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from galien.kernel.errors import InvalidInput, NotAllowed
from galien.usecases.prices import book
from galien.usecases.prices.choices import choices
from galien.usecases.prices.margins import group_break_even
from galien.usecases.prices.policy_text import policy_text
from galien.usecases.products import labels
from galien.usecases.services import current
from galien.web.components.models import Field, Option
from galien.web.pages.price_policies import draft as drafts
from galien.web.pages.price_policies.check import checked
from galien.web.pages.price_policies.form import MOST_CATEGORIES, Known, policy_form
from galien.web.shell.context import page_response, viewer


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Show an example to begin from; on POST, add or take out a line, or keep the policy and try it."""
    if not book.writable(viewer(request)):
        raise NotAllowed("Cette page n’existe pas.", code="UNKNOWN_PAGE")
    if request.method == "POST":
        return _posted(request, None)
    return _form(request, copy.deepcopy(drafts.EXAMPLE), None, {})


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, key: int) -> HttpResponse:
    """Show the form of a policy; on POST, add or take out a line, or keep the changes and try it."""
    kept = book.writable_one(key, viewer(request))
    if request.method == "POST":
        return _posted(request, kept)
    try:
        return _form(request, drafts.of_policy(kept.written), kept, {})
    except InvalidInput as wrong:
        messages.error(request, wrong.message)
        return redirect("price-policies:text", key=key)


@require_POST
def delete(request: HttpRequest, key: int) -> HttpResponse:
    """Take a policy out of the list; what it decided stays in the history."""
    kept = book.delete(key, viewer(request), services=current())
    messages.success(request, f"Politique « {kept.name} » supprimée. Ses passages restent.")
    return redirect("price-policies")


def _posted(request: HttpRequest, kept: book.KeptPolicy | None) -> HttpResponse:
    draft = drafts.of_post(cast("Any", request.POST))
    act = request.POST.get("do", "save")
    known = choices(viewer(request), services=current())
    written, errors = checked(draft, known)
    if act != "save":
        if act != "look":
            # A line just added is blank: what is wrong is said when the form is looked at or kept.
            errors = {key: said for key, said in errors.items() if "-add-" in key}
        return _form(request, drafts.edited(draft, act), kept, errors)
    if written is None:
        return _form(request, draft, kept, errors)
    asked = request.POST.get("organisation", "")
    try:
        saved = book.save(
            policy_text(written),
            viewer(request),
            services=current(),
            organisation=int(asked) if asked.isdecimal() and len(asked) < 12 else None,
            key=kept.key if kept else None,
        )
    except InvalidInput as wrong:
        return _form(request, draft, kept, {"name": wrong.message})
    messages.success(request, f"Politique « {saved.name} » enregistrée : la voici essayée.")
    return redirect("price-policies:one", key=saved.key)


def _form(
    request: HttpRequest, draft: drafts.Plain, kept: book.KeptPolicy | None, errors: dict[str, str]
) -> HttpResponse:
    reader, services = viewer(request), current()
    known = choices(reader, services=services)
    written, _ = checked(draft, known)
    codes = [row["code"] for row in draft["products"] if row.get("code")]
    group = group_break_even(reader)
    own = written.break_even if written else None
    form = policy_form(
        draft,
        errors,
        Known(
            known,
            labels(codes, services=services) if codes else {},
            own or (group.rate if group else None),
        ),
        written,
    )
    context = {
        "form": form,
        "kept": kept,
        "errors": len(errors),
        "organisation": None if kept else whose(request),
        "full": len(form.categories) >= MOST_CATEGORIES,
        "group": group,
        "own": own,
    }
    status = 400 if errors else 200
    return page_response(request, "pages/price_policies/form.html", context, status=status)


def whose(request: HttpRequest) -> Field | None:
    """Return the field of whose policy it is; None for who writes for one organisation."""
    asked = request.POST.get("organisation", "")
    options = tuple(
        Option(str(each.pk), each.name, chosen=str(each.pk) == asked)
        for each in book.writable(viewer(request))
    )
    if len(options) < 2:
        return None
    return Field("organisation", "Pour", kind="select", required=True, options=options)
