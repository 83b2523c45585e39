"""Correspondances: how each software's columns become Galien's, and the assistant that makes one."""

from __future__ import annotations

from galien.web.pages.mappings import views
from galien.web.registry import Page, Route

PAGE = Page(
    slug="mappings",
    title="Correspondances",
    section="Données",
    path="donnees/correspondances",
    view=views.mappings,
    roles=frozenset({"administrator", "network_manager", "owner", "team_member"}),
    order=730,
    routes=(
        Route("donnees/correspondances/nouvelle", views.begin, "begin"),
        Route("donnees/correspondances/brouillon/<str:key>", views.draft, "draft"),
        Route("donnees/correspondances/<str:name>", views.mapping, "one"),
    ),
    keywords="LGO logiciel colonnes assistant mapping",
)
