"""The product search of the top bar."""

from __future__ import annotations

from galien.web.pages.search.views import search
from galien.web.registry import Page

PAGE = Page(slug="search", title="Recherche d’un produit", section="", path="produit", view=search)
