"""Achats, scénarios: choices of labs kept under a name, side by side."""

from __future__ import annotations

from galien.web.labs_choice import SECTION
from galien.web.pages.scenarios import views
from galien.web.registry import Page, Route

PAGE = Page(
    slug="scenarios",
    title="Scénarios",
    section=SECTION,
    path="achats/scenarios",
    view=views.scenarios,
    order=162,
    heading="Négociation",
    routes=(
        Route("achats/scenarios/<int:key>/supprimer", views.delete, "delete"),
        Route("achats/scenarios/<int:key>/partager", views.share, "share"),
    ),
    keywords="scénario comparer laboratoire couple négociation",
    right="purchases",
)
