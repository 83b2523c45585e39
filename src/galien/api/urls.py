"""Addresses of the API: version 1, its OpenAPI description and its documentation page."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern, URLResolver, path, re_path
from django.views.decorators.csrf import csrf_exempt

from galien.api.build import VERSION_1
from galien.api.errors import NO_ADDRESS, NO_METHOD, told
from galien.api.known import unknown_name

Pattern = URLPattern | URLResolver


@csrf_exempt
def nowhere(_: HttpRequest) -> HttpResponse:
    """Answer an address that the API does not have."""
    return told(404, "UNKNOWN_ADDRESS", NO_ADDRESS)


def _strict(pattern: Pattern) -> Pattern:
    """Have an address tell in French the methods it takes, and the names it does not know."""
    if not isinstance(pattern, URLPattern):
        return pattern
    view = pattern.callback

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wrong = unknown_name(request)
        if wrong:
            return told(400, "UNKNOWN_NAME", wrong)
        response: HttpResponse = view(request, *args, **kwargs)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        refused = told(405, "METHOD", f"{NO_METHOD} {response['Allow']}.")
        refused["Allow"] = response["Allow"]
        return refused

    pattern.callback = answered
    return pattern


_PATTERNS, _APP, _NAMESPACE = VERSION_1.urls
urlpatterns = [
    path("v1/", ([_strict(each) for each in _PATTERNS], _APP, _NAMESPACE)),
    re_path("", nowhere),
]
