"""Prix de référence: former advised prices and LPP limits that prices are compared to."""

from __future__ import annotations

from galien.web.pages.price_references import views
from galien.web.registry import Page, Route

PAGE = Page(
    slug="price-references",
    title="Prix de référence",
    section="Prix",
    path="prix/references",
    view=views.references,
    order=284,
    right="sales",
    routes=(
        Route("prix/references/importer", views.bring, "bring"),
        Route("prix/references/retirer", views.withdraw, "withdraw"),
    ),
    keywords="prix conseillé PVC LPP plafond limite import",
)
