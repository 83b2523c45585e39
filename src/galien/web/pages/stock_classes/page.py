"""Classes ABC: what makes the sales, what makes the stock, and what does not match."""

from __future__ import annotations

from galien.web.pages.stock_classes import views
from galien.web.registry import Page
from galien.web.stock_choice import SECTION

PAGE = Page(
    slug="stock-classes",
    title="Classes ABC",
    section=SECTION,
    path="stock/classes",
    view=views.classes,
    order=250,
    right="stock",
    keywords="pareto 80 20 sorties références à tenir",
)
