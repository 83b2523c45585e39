"""The keys of the people an administrator answers for, and revoking one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from galien.usecases import own_account as usecase
from galien.usecases.services import current
from galien.web.lists import paged
from galien.web.pages.account.shown import token_line
from galien.web.shell.context import page_response, viewer


@require_safe
def tokens(request: HttpRequest) -> HttpResponse:
    """List the keys."""
    found = usecase.administered_tokens(viewer(request))
    rows, pages = paged(request, found, noun=("clé", "clés"))
    now = current().clock.now()
    context = {"rows": [token_line(each, now) for each in rows], "pages": pages}
    return page_response(request, "pages/tokens/page.html", context)


@require_POST
def revoke(request: HttpRequest, key: int) -> HttpResponse:
    """Revoke a key."""
    token = usecase.revoke_administered(key, viewer(request), services=current())
    messages.success(request, f"Clé «\u00a0{token.name}\u00a0» de {token.user} révoquée.")
    return redirect("tokens")
