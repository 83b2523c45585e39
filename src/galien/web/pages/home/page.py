"""Accueil: is everything there, then how the month went."""

from __future__ import annotations

from galien.web.pages.home.views import home
from galien.web.registry import Page

PAGE = Page(
    slug="home",
    title="Accueil",
    section="Accueil",
    path="",
    view=home,
    order=0,
    keywords="tableau de bord indicateurs calendrier des données",
)
