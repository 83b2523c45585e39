"""What every answer goes through: privacy headers, sign-in first, and errors told as sentences."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template import TemplateDoesNotExist

from galien.kernel.errors import GalienError
from galien.site.trouble import database_trouble
from galien.warehouse.reader import NO_RELEASE
from galien.web.shell.context import nothing_published

logger = logging.getLogger("galien.web")

# These doors ask for their own credentials, or need none.
OPEN_DOORS = ("/accounts/", "/api/", "/odata/", "/mcp/", "/health", "/static/", "/favicon.ico")
_UNAVAILABLE = 503
COME_BACK = 60  # seconds
PERMISSIONS = "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"


class PrivateAnswers:
    """No browser or proxy keeps an answer that holds figures."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Add the privacy headers to the answer."""
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        response.headers["Permissions-Policy"] = PERMISSIONS
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class SignInFirst(LoginRequiredMiddleware):
    """Everything needs a signed-in person, but the doors that have their own check."""

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Send strangers to the sign-in page."""
        if request.path.startswith(OPEN_DOORS):
            return None
        answer: HttpResponseBase | None = super().process_view(request, view, args, kwargs)
        return answer


class TradeErrors:
    """Turn Galien's errors into an answer: a status, a sentence, never a trace."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let the answer through."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        """Return the page (or the JSON) of an error of ours; log unknown ones under a number."""
        if isinstance(error, GalienError):
            if error.code == NO_RELEASE and (page := nothing_published(request)) is not None:
                return page
            return _answer(request, error.http_status, error.code, error.message)
        incident = uuid.uuid4().hex[:12]
        logger.error("incident %s", incident, exc_info=error)
        told = database_trouble(error)
        if told is not None:
            return _answer(request, _UNAVAILABLE, told.code, told.message)
        sentence = (
            f"Une erreur de notre côté a interrompu cette demande (incident {incident}). "
            "Réessayez ; si cela se répète, transmettez ce numéro à l’assistance."
        )
        return _answer(request, 500, "INTERNAL", sentence)


def _answer(request: HttpRequest, status: int, code: str, message: str) -> HttpResponse:
    response = _told(request, status, code, message)
    if status == _UNAVAILABLE:
        response.headers["Retry-After"] = str(COME_BACK)
    return response


def _told(request: HttpRequest, status: int, code: str, message: str) -> HttpResponse:
    if request.path.startswith("/api/") or "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"code": code, "message": message}, status=status)
    try:
        return render(
            request,
            "shell/error.html",
            {"status": status, "code": code, "message": message},
            status=status,
            using="jinja2",
        )
    except TemplateDoesNotExist:
        return HttpResponse(message, status=status, content_type="text/plain; charset=utf-8")
