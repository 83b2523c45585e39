"""Rotation: how long the stock lasts, by pharmacy, family, lab or VAT rate."""

from __future__ import annotations

from galien.web.pages.stock_rotation import views
from galien.web.registry import Page
from galien.web.stock_choice import SECTION

PAGE = Page(
    slug="stock-rotation",
    title="Rotation du stock",
    section=SECTION,
    path="stock/rotation",
    view=views.rotation,
    order=252,
    right="stock",
    keywords="jours de stock tours TVA typologie",
)
