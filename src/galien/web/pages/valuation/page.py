"""Valorisation: what a pharmacy is worth, by five methods."""

from __future__ import annotations

from galien.web.gestion import SECTION
from galien.web.pages.valuation import views
from galien.web.registry import Page

PAGE = Page(
    slug="valuation",
    title="Valorisation",
    section=SECTION,
    path="gestion/valorisation",
    view=views.valuation_page,
    order=350,
    keywords="prix de cession vente fonds EBE multiple",
)
