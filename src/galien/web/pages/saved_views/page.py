"""Vues enregistrées: analyses kept under a name, one's own or shared."""

from __future__ import annotations

from galien.web.pages.saved_views import views
from galien.web.registry import Page, Route

PAGE = Page(
    slug="saved_views",
    title="Vues enregistrées",
    section="",
    path="vues/",
    view=views.views,
    order=900,
    routes=(
        Route("vues/<int:key>", views.view, "one"),
        Route("vues/<int:key>/supprimer", views.delete, "delete"),
        Route("vues/<int:key>/partager", views.share, "share"),
    ),
    keywords="favoris",
)
