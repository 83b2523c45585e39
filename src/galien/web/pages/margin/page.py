"""Marge réglementée: a price taken apart by the law of a day, beside another day's."""

from __future__ import annotations

from galien.web.gestion import SECTION
from galien.web.pages.margin import views
from galien.web.registry import Page

PAGE = Page(
    slug="margin",
    title="Marge réglementée",
    section=SECTION,
    path="gestion/marge",
    view=views.margin,
    order=370,
    keywords="MDL PFHT prix fabricant public princeps générique grossiste taux de marque calculatrice",
)
