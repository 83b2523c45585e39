"""The gallery of components, at its address, out of the menu."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from galien.web.pages.gallery.samples import samples
from galien.web.registry import Page


def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component with typed figures."""
    return render(request, "pages/gallery/page.html", samples(), using="jinja2")


PAGE = Page(
    slug="gallery",
    title="Galerie des composants",
    section="",
    path="galerie",
    view=gallery,
)
