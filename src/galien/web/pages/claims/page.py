"""Achats, réclamations: what was asked of suppliers, and what came back."""

from __future__ import annotations

from galien.web.pages.claims import views
from galien.web.registry import Page, Route

PAGE = Page(
    slug="claims",
    title="Réclamations",
    section="Achats",
    path="achats/reclamations",
    view=views.claims,
    order=146,
    heading="Contrats",
    routes=(
        Route("achats/reclamations/preparer", views.prepare, "prepare"),
        Route("achats/reclamations/<int:key>", views.one, "one"),
        Route("achats/reclamations/<int:key>/changer", views.change, "change"),
        Route("achats/reclamations/<int:key>/reclamation.<str:ending>", views.document, "document"),
    ),
    keywords="réclamation litige avoir recouvrer fournisseur écart facture",
    right="purchases",
)
