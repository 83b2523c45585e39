"""Fichiers et récépissés: what was received, and what became of it."""

from __future__ import annotations

from galien.web.pages.receipts import views
from galien.web.registry import Page, Route

PAGE = Page(
    slug="receipts",
    title="Fichiers et récépissés",
    section="Données",
    path="donnees/fichiers",
    view=views.receipts,
    order=700,
    routes=(
        Route("donnees/fichiers/<str:receipt>", views.receipt, "one"),
        Route("donnees/fichiers/<str:receipt>/liberer", views.release, "release"),
        Route("donnees/fichiers/<str:receipt>/ecarter", views.discard, "discard"),
    ),
    keywords="récépissé import chargement rejet",
)
