"""Rapport annuel: what a year was, in one page and in a PDF."""

from __future__ import annotations

from galien.model.accounts import ACCOUNTS
from galien.web.gestion import SECTION
from galien.web.pages.report import views
from galien.web.registry import Page, Route

PAGE = Page(
    slug="report",
    title="Rapport annuel",
    section=SECTION,
    path="gestion/rapport",
    view=views.report,
    order=390,
    routes=(Route("gestion/rapport/rapport.pdf", views.document, "pdf"),),
    keywords="rapport PDF forces vigilance bilan exercice",
    right=ACCOUNTS,
)
