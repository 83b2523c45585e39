"""Marchés: product lists kept under a name, one's own or shared, then read as filters of analyses."""

from __future__ import annotations

from galien.web.pages.markets import views
from galien.web.registry import Page, Route

PAGE = Page(
    slug="markets",
    title="Marchés",
    section="Données",
    path="donnees/marches",
    view=views.markets,
    order=745,
    routes=(
        Route("donnees/marches/nouveau", views.new, "new"),
        Route("donnees/marches/<int:key>", views.market, "one"),
        Route("donnees/marches/<int:key>/supprimer", views.delete, "delete"),
    ),
    keywords="listes de produits panier codes",
)
