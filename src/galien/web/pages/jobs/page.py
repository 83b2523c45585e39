"""Tâches: the long work a person asked for, its progress and its outcome."""

from __future__ import annotations

from galien.web.pages.jobs import views
from galien.web.registry import Page, Route

PAGE = Page(
    slug="jobs",
    title="Mes tâches",
    section="",
    path="taches",
    view=views.jobs,
    routes=(
        Route("taches/<str:key>", views.job, "one"),
        Route("taches/<str:key>/avancement", views.progress, "progress"),
        Route("taches/<str:key>/annuler", views.cancel, "cancel"),
    ),
)
