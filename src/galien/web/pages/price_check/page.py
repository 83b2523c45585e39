"""Contrôle des prix: the free prices that do not hold together, and those that shoppers compare."""

from __future__ import annotations

from galien.web.pages.price_check import views
from galien.web.registry import Page

PAGE = Page(
    slug="price-check",
    title="Contrôle des prix",
    section="Prix",
    path="prix/coherence",
    view=views.prices,
    order=280,
    right="sales",
    keywords="cohérence conseillé LPP comparés quartiles prix libres",
)
