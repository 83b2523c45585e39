"""Marges par catégorie: what each one leaves, its share of free prices, beside the break-even margin."""

from __future__ import annotations

from galien.web.pages.price_margins import views
from galien.web.registry import Page

PAGE = Page(
    slug="price-margins",
    title="Marges par catégorie",
    section="Prix",
    path="prix/marges",
    view=views.margins,
    order=276,
    right="sales",
    keywords="taux de marge univers famille laboratoire TVA prix libres marge d’équilibre",
)
