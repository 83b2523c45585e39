"""Achats, meilleur couple: which two labs, in which order, bring the most."""

from __future__ import annotations

from galien.web.labs_choice import SECTION
from galien.web.pages.simulator import views
from galien.web.registry import Page, Route

PAGE = Page(
    slug="simulator",
    title="Meilleur couple",
    section=SECTION,
    path="achats/simulateur",
    view=views.ranking,
    order=160,
    heading="Négociation",
    routes=(Route("achats/simulateur/couple", views.couple, "pair"),),
    keywords="simulateur couple laboratoire premier second reliquat remise générique",
    right="purchases",
)
