"""TVA: sales and purchases by rate, and what method B declares."""

from __future__ import annotations

from galien.web.gestion import SECTION
from galien.web.pages.vat import views
from galien.web.registry import Page

PAGE = Page(
    slug="vat",
    title="TVA",
    section=SECTION,
    path="gestion/tva",
    view=views.vat,
    order=345,
    keywords="méthode B taux collectée déductible répartition",
)
