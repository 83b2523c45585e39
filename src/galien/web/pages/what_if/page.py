"""Gestion, essai de loi: what a proposed scale, fee or ceiling would change."""

from __future__ import annotations

from galien.web.pages.what_if.views import what_if
from galien.web.registry import Page

PAGE = Page(
    slug="what-if",
    title="Essai de loi",
    section="Gestion",
    path="gestion/loi/essai",
    view=what_if,
    order=352,
    keywords="simulation réforme barème marge honoraire plafond remise proposition",
)
