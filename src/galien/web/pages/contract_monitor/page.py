"""Suivi des contrats: commitments and tiers against what is bought, alerts first."""

from __future__ import annotations

from galien.web.pages.contract_monitor import views
from galien.web.registry import Page

PAGE = Page(
    slug="contract-monitor",
    title="Suivi des contrats",
    section="Achats",
    path="achats/suivi-contrats",
    view=views.watch,
    order=141,
    heading="Contrats",
    keywords="engagements paliers objectifs seuils remises fin d’année projection alerte",
    right="purchases",
)
