"""Acquisition: the seven-year plan of a pharmacy one would buy."""

from __future__ import annotations

from galien.web.gestion import SECTION
from galien.web.pages.acquisition import views
from galien.web.registry import Page

PAGE = Page(
    slug="acquisition",
    title="Acquisition",
    section=SECTION,
    path="gestion/acquisition",
    view=views.acquisition,
    order=355,
    keywords="achat rachat installation emprunt plan prévisionnel trésorerie",
)
