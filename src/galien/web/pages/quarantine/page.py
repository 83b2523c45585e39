"""Quarantaine: lines set aside, why, and reading them again."""

from __future__ import annotations

from galien.web.pages.quarantine import views
from galien.web.registry import Page, Route

PAGE = Page(
    slug="quarantine",
    title="Quarantaine",
    section="Données",
    path="donnees/quarantaine",
    view=views.quarantine,
    order=720,
    routes=(Route("donnees/quarantaine/relire", views.replay, "replay"),),
    keywords="rejets anomalies lignes écartées rejouer",
)
