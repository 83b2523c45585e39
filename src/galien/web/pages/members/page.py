"""Membres et rôles: the people of the group and what they do."""

from __future__ import annotations

from galien.web.pages.members import views
from galien.web.registry import Page, Route

PAGE = Page(
    slug="members",
    title="Membres et rôles",
    section="Administration",
    path="administration/membres",
    view=views.members,
    roles=frozenset({"administrator"}),
    order=800,
    routes=(
        Route("administration/membres/inviter", views.invite, "invite"),
        Route("administration/membres/<int:key>/role", views.role, "role"),
        Route("administration/membres/<int:key>/retirer", views.remove, "remove"),
    ),
    keywords="utilisateurs comptes inviter droits",
)
