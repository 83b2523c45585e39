"""Références: where a pharmacy stands in its sector, and what its accounts warn of."""

from __future__ import annotations

from galien.web.gestion import SECTION
from galien.web.pages.references import views
from galien.web.registry import Page

PAGE = Page(
    slug="references",
    title="Références et alertes",
    section=SECTION,
    path="gestion/references",
    view=views.references,
    order=340,
    keywords="moyennes secteur comparaison tranche alertes stock fournisseurs",
)
