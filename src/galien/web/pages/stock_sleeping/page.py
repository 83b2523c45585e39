"""Stock dormant: what no longer sells, what is too much, what will expire, and where it may go."""

from __future__ import annotations

from galien.web.pages.stock_sleeping import views
from galien.web.registry import Page
from galien.web.stock_choice import SECTION

PAGE = Page(
    slug="stock-sleeping",
    title="Dormants et excédents",
    section=SECTION,
    path="stock/dormants",
    view=views.sleeping,
    order=254,
    right="stock",
    keywords="invendus surstock péremption retours transferts dépréciation",
)
