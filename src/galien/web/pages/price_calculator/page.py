"""Calcul d’un prix: from cost to price and back, with tax and rounding."""

from __future__ import annotations

from galien.web.pages.price_calculator import views
from galien.web.registry import Page

PAGE = Page(
    slug="price-calculator",
    title="Calcul d’un prix",
    section="Prix",
    path="prix/calcul",
    view=views.calculator,
    order=290,
    keywords="coefficient marge taux de marque TTC HT arrondi calculatrice",
)
