"""Droit: every regulated figure, its values by date, each with its source."""

from __future__ import annotations

from galien.web.gestion import SECTION
from galien.web.pages.law import views
from galien.web.registry import Page, Route

PAGE = Page(
    slug="law",
    title="Droit en vigueur",
    section=SECTION,
    path="gestion/loi",
    view=views.book,
    order=380,
    routes=(Route("gestion/loi/<slug:name>", views.one, "one"),),
    keywords="loi réglementation barème honoraire TVA plafond garde adjoint paramètre daté source",
)
