"""Achats, factures: the invoices of suppliers, and what can be recovered on each."""

from __future__ import annotations

from galien.web.pages.supplier_invoices import views
from galien.web.registry import Page, Route

PAGE = Page(
    slug="supplier_invoices",
    title="Contrôle des factures",
    section="Achats",
    path="achats/factures",
    view=views.invoices,
    order=145,
    heading="Contrats",
    routes=(
        Route("achats/factures/<int:key>", views.one, "one"),
        Route("achats/factures/<int:key>/achats.csv", views.purchases, "purchases"),
        Route("achats/factures/<int:key>/supprimer", views.delete_one, "delete"),
    ),
    keywords="facture fournisseur Factur-X UBL CII audit écart remise oubliée avoir",
    right="purchases",
)
