"""The values a filter may take: a fragment as one types, and a page to choose them; out of the menu."""

from __future__ import annotations

from galien.web.analysis.choosing import choose
from galien.web.analysis.views import filter_values
from galien.web.registry import Page, Route

PAGE = Page(
    slug="values",
    title="Valeurs d’un filtre",
    section="",
    path="valeurs",
    view=filter_values,
    routes=(Route("valeurs/choisir", choose, "choose"),),
)
