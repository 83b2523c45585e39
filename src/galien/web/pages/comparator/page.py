"""Comparateur de remises: line by line, who is better than the present lab, and by how much."""

from __future__ import annotations

from galien.web.pages.comparator import views
from galien.web.registry import Page, Route

PAGE = Page(
    slug="comparator",
    title="Comparateur de remises",
    section="Achats",
    path="achats/comparateur",
    view=views.comparator,
    order=150,
    heading="Négociation",
    routes=(Route("achats/comparateur/produit", views.product, "product"),),
    keywords="laboratoire générique offre équivalent groupe NC remise meilleur gain",
    right="purchases",
)
