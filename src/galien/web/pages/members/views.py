"""The people of a group: inviting, changing a role, taking somebody out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from galien.usecases import administration as usecase
from galien.usecases.services import current
from galien.web.lists import paged
from galien.web.pages.members import shown
from galien.web.shell.context import page_response, viewer


@require_safe
def members(request: HttpRequest) -> HttpResponse:
    """List the members and offer to invite one."""
    return page_response(request, "pages/members/page.html", _context(request))


@require_POST
def invite(request: HttpRequest) -> HttpResponse:
    """Invite a person; their first password is shown this once."""
    given = request.POST
    organisation, _, role = given.get("role", "").partition(":")
    order = usecase.NewMember(
        username=given.get("username", ""),
        display_name=given.get("display_name", ""),
        email=given.get("email", ""),
        organisation=int(organisation) if organisation.isascii() and organisation.isdigit() else 0,
        role=role,
    )
    invited = usecase.invite(order, viewer(request), services=current())
    context = {**_context(request), "invited": invited}
    return page_response(request, "pages/members/page.html", context)


@require_POST
def role(request: HttpRequest, key: int) -> HttpResponse:
    """Change a member's role."""
    changed = usecase.change_role(
        key, request.POST.get("role", ""), viewer(request), services=current()
    )
    messages.success(request, f"{changed.user}\u00a0: {changed.get_role_display()}.")
    return redirect("members")


@require_POST
def remove(request: HttpRequest, key: int) -> HttpResponse:
    """Take a member out."""
    usecase.remove(key, viewer(request), services=current())
    messages.success(request, "Membre retiré\u00a0: il n’a plus accès.")
    return redirect("members")


def _context(request: HttpRequest) -> dict[str, Any]:
    reader = viewer(request)
    rows, pages = paged(request, usecase.members(reader), noun=("membre", "membres"))
    return {
        "rows": [shown.line(each, reader) for each in rows],
        "pages": pages,
        "fields": shown.fields(usecase.organisations(reader)),
        "invited": None,
    }
