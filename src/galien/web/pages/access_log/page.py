"""Journal des accès: who looked at, exported or sent what."""

from __future__ import annotations

from galien.web.pages.access_log import views
from galien.web.registry import Page

PAGE = Page(
    slug="access_log",
    title="Journal des accès",
    section="Administration",
    path="administration/acces",
    view=views.access_log,
    roles=frozenset({"administrator"}),
    order=830,
    keywords="audit consultations exports",
)
