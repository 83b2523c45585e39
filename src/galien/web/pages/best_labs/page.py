"""Achats, meilleurs laboratoires: whom to sign with, what each member gains, what to negotiate."""

from __future__ import annotations

from galien.web.labs_choice import SECTION
from galien.web.pages.best_labs import views
from galien.web.registry import Page, Route

PAGE = Page(
    slug="best-labs",
    title="Meilleurs laboratoires",
    section=SECTION,
    path="achats/laboratoires",
    view=views.choice,
    order=161,
    heading="Négociation",
    routes=(
        Route("achats/laboratoires/etude", views.study, "study"),
        Route("achats/laboratoires/pharmacies", views.pharmacies, "members"),
        Route("achats/laboratoires/negociation.pdf", views.document, "pdf"),
        Route("achats/laboratoires/choix", views.export, "export"),
    ),
    keywords="laboratoire optimum signer négociation clause seuil palier exclusivité générique",
    right="purchases",
)
