"""Pharmacies: those of the group, and what they open."""

from __future__ import annotations

from galien.web.pages.pharmacies import views
from galien.web.registry import Page

PAGE = Page(
    slug="pharmacies",
    title="Pharmacies",
    section="Administration",
    path="administration/pharmacies",
    view=views.pharmacies,
    roles=frozenset({"administrator"}),
    order=810,
    keywords="officines membres FINESS",
)
