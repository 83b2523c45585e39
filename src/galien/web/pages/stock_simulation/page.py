"""Stock, simulation: a past year replayed with a policy, beside what happened and simpler policies."""

from __future__ import annotations

from galien.web.pages.stock_simulation import views
from galien.web.registry import Page, Route
from galien.web.stock_choice import SECTION

PAGE = Page(
    slug="stock-simulation",
    title="Simulation",
    section=SECTION,
    path="stock/simulation",
    view=views.simulation,
    order=257,
    routes=(
        Route("stock/simulation/lancer", views.launch, "launch"),
        Route("stock/simulation/produit", views.find, "find"),
        Route("stock/simulation/produit/<str:code>", views.product, "product"),
    ),
    keywords="rejouer politique taux de service rupture stock moyen trésorerie seuil couverture",
    right="stock",
)
