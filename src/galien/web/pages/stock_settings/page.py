"""Stock, réglages: minima, maxima, duty stock, multiples, what must be held, events known to come."""

from __future__ import annotations

from galien.web.pages.stock_settings import views
from galien.web.registry import Page, Route
from galien.web.stock_choice import SECTION

PAGE = Page(
    slug="stock-settings",
    title="Réglages de stock",
    section=SECTION,
    path="stock/reglages",
    view=views.settings,
    order=258,
    routes=(
        Route("stock/reglages/produit", views.product, "product"),
        Route("stock/reglages/evenement", views.event, "event"),
        Route("stock/reglages/importer", views.bring, "bring"),
        Route("stock/reglages/<str:kind>.csv", views.document, "document"),
    ),
    keywords="minimum maximum garde multiple épidémie campagne publicité évènement à tenir",
    right="stock",
)
