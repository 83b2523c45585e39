"""Autorisations: what an owner's pharmacies have opened, to whom, and who looked."""

from __future__ import annotations

from galien.web.pages.trust import views
from galien.web.registry import Page, Route

PAGE = Page(
    slug="trust",
    title="Autorisations",
    section="",
    path="autorisations",
    view=views.trust,
    roles=frozenset({"owner", "administrator"}),
    order=900,
    routes=(Route("autorisations/<int:key>/retirer", views.withdraw, "withdraw"),),
)
