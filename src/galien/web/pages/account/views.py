"""One's own account: sessions to close, keys to make and revoke."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from galien.kernel.errors import InvalidInput
from galien.usecases import own_account as usecase
from galien.usecases.services import current
from galien.web.pages.account import shown
from galien.web.shell.context import page_response, person


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Show one's account."""
    context = shown.page(person(request), request.session.session_key or "", current())
    return page_response(request, "pages/account/page.html", context)


@require_POST
def end_session(request: HttpRequest, key: int) -> HttpResponse:
    """Close a session of one's own."""
    usecase.end_session(key, person(request))
    messages.success(request, "Session fermée.")
    return redirect("account")


@require_POST
def make_token(request: HttpRequest) -> HttpResponse:
    """Make a key and show its secret, this once."""
    days = request.POST.get("days", "")
    if not (days.isascii() and days.isdigit() and len(days) < 5):
        raise InvalidInput("Choisissez la durée de la clé dans la liste.")
    made = usecase.make_token(
        request.POST.get("name", ""), request.POST.getlist("scope"), int(days),
        person(request), services=current(),
    )  # fmt: skip
    context = shown.page(person(request), request.session.session_key or "", current())
    return page_response(request, "pages/account/page.html", {**context, "made": made})


@require_POST
def revoke_token(request: HttpRequest, key: int) -> HttpResponse:
    """Revoke a key of one's own."""
    token = usecase.revoke_token(key, person(request), services=current())
    messages.success(request, f"Clé «\u00a0{token.name}\u00a0» révoquée.")
    return redirect("account")
