"""Stock, ruptures: what was not delivered within 72 hours, what it cost, what could replace it."""

from __future__ import annotations

from galien.web.pages.stock_shortages import views
from galien.web.registry import Page
from galien.web.stock_choice import SECTION

PAGE = Page(
    slug="stock-shortages",
    title="Ruptures",
    section=SECTION,
    path="stock/ruptures",
    view=views.missing_products,
    order=257,
    right="stock",
    keywords="rupture manquant non livré 72 heures déclaration substitut ventes perdues",
)
