"""The values a filter may take: a fragment, out of the menu."""

from __future__ import annotations

from galien.web.analysis.views import filter_values
from galien.web.registry import Page

PAGE = Page(
    slug="values", title="Valeurs d’un filtre", section="", path="valeurs", view=filter_values
)
