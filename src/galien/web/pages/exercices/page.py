"""Exercices comptables: the years received for each pharmacy, and how to bring one."""

from __future__ import annotations

from galien.model.accounts import ACCOUNTS
from galien.web.gestion import SECTION
from galien.web.pages.exercices import views
from galien.web.registry import Page, Route

PAGE = Page(
    slug="exercices",
    title="Exercices comptables",
    section=SECTION,
    path="gestion/exercices",
    view=views.years,
    order=390,
    routes=(
        Route("gestion/exercices/detail", views.detail, "one"),
        Route("gestion/exercices/saisie", views.by_hand, "by_hand"),
        Route("gestion/exercices/supprimer", views.delete, "delete"),
    ),
    keywords="FEC comptabilité exercice dépôt écritures saisie",
    right=ACCOUNTS,
)
