"""État: is the installation well."""

from __future__ import annotations

from galien.web.pages.status import views
from galien.web.registry import Page, Route

PAGE = Page(
    slug="status",
    title="État de l’installation",
    section="Administration",
    path="etat",
    view=views.status,
    roles=frozenset({"administrator"}),
    order=850,
    routes=(Route("etat/controler", views.check, "check"),),
    keywords="santé disque worker version",
)
