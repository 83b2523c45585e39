"""Valeur du stock: at a date, by four methods side by side."""

from __future__ import annotations

from galien.web.pages.stock_value import views
from galien.web.registry import Page
from galien.web.stock_choice import SECTION

PAGE = Page(
    slug="stock-value",
    title="Valeur du stock",
    section=SECTION,
    path="stock/valeur",
    view=views.stock_value,
    order=256,
    right="stock",
    keywords="inventaire PAMP FIFO dernier prix méthode fiscale bilan",
)
