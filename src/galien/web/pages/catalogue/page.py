"""Catalogue: products, their attributes and prices, and the codes sold that it lacks."""

from __future__ import annotations

from galien.web.pages.catalogue import views
from galien.web.registry import Page, Route

PAGE = Page(
    slug="catalogue",
    title="Catalogue",
    section="Données",
    path="donnees/catalogue",
    view=views.catalogue,
    order=740,
    routes=(
        Route("donnees/catalogue/inconnus", views.unknown, "unknown"),
        Route("donnees/catalogue/<str:code>", views.product, "one"),
    ),
    keywords="produits prix CIP BDPM fiche",
)
