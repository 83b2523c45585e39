"""Every address of the site: the pages of the registry, accounts, the API, health."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from galien.site.health import health
from galien.web.registry import discover


def _pages() -> list[URLPattern | URLResolver]:
    return [route for page in discover() for route in page.urls()]


def _api() -> list[URLPattern | URLResolver]:
    """The API's addresses, when that interface is installed."""
    if find_spec("galien.api.urls") is None:
        return []
    return [path("api/", include("galien.api.urls"))]


urlpatterns = [
    *_pages(),
    path("accounts/", include("allauth.urls")),
    *_api(),
    path("health", health, name="health"),
]
