"""Clés d'accès: those of the people an administrator answers for."""

from __future__ import annotations

from galien.web.pages.tokens import views
from galien.web.registry import Page, Route

PAGE = Page(
    slug="tokens",
    title="Clés d’accès",
    section="Administration",
    path="administration/cles",
    view=views.tokens,
    roles=frozenset({"administrator"}),
    order=840,
    routes=(Route("administration/cles/<int:key>/revoquer", views.revoke, "revoke"),),
    keywords="API jetons programmes",
)
