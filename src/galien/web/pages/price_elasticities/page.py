"""Élasticités: how volumes answered the network's own price changes, universe by universe."""

from __future__ import annotations

from galien.web.pages.price_elasticities import views
from galien.web.registry import Page

PAGE = Page(
    slug="price-elasticities",
    title="Élasticités",
    section="Prix",
    path="prix/elasticites",
    view=views.elasticities,
    order=282,
    right="sales",
    keywords="élasticité volumes sensibilité aux prix changement de prix",
)
