"""Contrôle des prix: margins by category, and the free prices that do not hold together."""

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
    keywords="marge catégorie cohérence quartiles prix libres",
)
