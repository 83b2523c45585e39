"""Stock, commandes: what to order, from whom, why, and what was sent."""

from __future__ import annotations

from galien.web.pages.stock_orders import views
from galien.web.registry import Page, Route
from galien.web.stock_choice import SECTION

PAGE = Page(
    slug="stock-orders",
    title="Commandes",
    section=SECTION,
    path="stock/commandes",
    view=views.orders,
    order=256,
    routes=(
        Route("stock/commandes/proposer", views.propose, "propose"),
        Route("stock/commandes/<int:key>", views.one, "one"),
        Route("stock/commandes/<int:key>/changer", views.change, "change"),
        Route("stock/commandes/<int:key>/commande.<str:ending>", views.document, "document"),
    ),
    keywords="commander proposition réapprovisionnement fournisseur PharmaML franco grossiste",
    right="stock",
)
