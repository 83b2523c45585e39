"""Dépôt d'un fichier: sending a pharmacy's files from the browser."""

from __future__ import annotations

from galien.web.pages.deposit import views
from galien.web.registry import Page

PAGE = Page(
    slug="deposit",
    title="Dépôt d’un fichier",
    section="Données",
    path="donnees/depot",
    view=views.deposit,
    roles=frozenset({"administrator", "network_manager", "owner", "team_member"}),
    order=710,
    keywords="envoyer charger importer upload",
)
