"""Autorisations: what each pharmacy opens to whom, recorded and withdrawn."""

from __future__ import annotations

from galien.web.pages.authorisations import views
from galien.web.registry import Page, Route

PAGE = Page(
    slug="authorisations",
    title="Autorisations",
    section="Administration",
    path="administration/autorisations",
    view=views.authorisations,
    roles=frozenset({"administrator"}),
    order=820,
    routes=(
        Route("administration/autorisations/accorder", views.grant, "grant"),
        Route("administration/autorisations/<int:key>/retirer", views.withdraw, "withdraw"),
    ),
    keywords="droits accord signature retrait",
)
