"""Classification: the pharmacies a viewer may see, classed by both sets, on one picture."""

from __future__ import annotations

from galien.web.pages.classification import views
from galien.web.registry import Page, Route

PAGE = Page(
    slug="classification",
    title="Classification",
    section="Gestion",
    path="gestion/classification",
    view=views.classification,
    order=330,
    routes=(
        Route("gestion/classification/nuage", views.drawing, "drawing"),
        Route("gestion/classification/<slug:which>.csv", views.export, "export"),
    ),
    keywords="panel positive négative intermédiaire modèle libéral commercial mixte",
)
