"""Every declared analysis, made a page of the menu."""

from __future__ import annotations

from functools import partial

from galien.web.analysis.build import SECTIONS
from galien.web.analysis.declared import ANALYSES, Analysis
from galien.web.analysis.views import analysis
from galien.web.registry import Page

FIRST = {"achats": 100, "ventes": 200}


def _page(declared: Analysis, order: int) -> Page:
    return Page(
        slug=f"{declared.section}-{declared.slug}",
        title=declared.menu,
        section=SECTIONS[declared.section],
        path=declared.path.lstrip("/"),
        view=partial(analysis, section=declared.section, slug=declared.slug),
        order=FIRST[declared.section] + order,
        keywords=declared.title,
    )


PAGES = tuple(_page(declared, order) for order, declared in enumerate(ANALYSES))
