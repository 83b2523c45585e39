"""Indicateurs: the baskets, the weight of prescriptions and the value added of a pharmacy and a year."""

from __future__ import annotations

from galien.web.pages.indicators import entry, views
from galien.web.registry import Page, Route

PAGE = Page(
    slug="indicators",
    title="Indicateurs",
    section="Gestion",
    path="gestion/indicateurs",
    view=views.indicators,
    order=320,
    routes=(
        Route("gestion/indicateurs/export.csv", views.export, "export"),
        Route("gestion/indicateurs/courbe", views.drawing, "drawing"),
        Route("gestion/indicateurs/activite", entry.activity, "activity"),
    ),
    keywords="panier moyen pmo pmc pmvc vo vho valeur ajoutée activité lgo pcg",
)
