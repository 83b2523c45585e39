"""Inventaire belge: the inventory of 31/08/2025 under both methods, and the lock of the method."""

from __future__ import annotations

from galien.model.country import BELGIUM
from galien.web.pages.belgian_inventory import views
from galien.web.registry import Page, Route
from galien.web.stock_choice import SECTION

PAGE = Page(
    slug="belgian-inventory",
    title="Inventaire du 31/08/2025",
    section=SECTION,
    path="stock/inventaire-belge",
    view=views.inventory,
    order=257,
    right="stock",
    country=BELGIUM,
    routes=(
        Route("stock/inventaire-belge/arreter", views.lock_method, "lock"),
        Route("stock/inventaire-belge/modele.csv", views.model, "model"),
        Route("stock/inventaire-belge/<str:method>.<str:style>", views.summary, "summary"),
    ),
    keywords="Belgique méthode fiscale coût moyen pondéré changement de méthode comptable CNK",
)
