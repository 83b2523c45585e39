"""Publications: the releases everybody reads, what each changed, publishing, going back."""

from __future__ import annotations

from galien.web.pages.releases import views
from galien.web.registry import Page, Route

PAGE = Page(
    slug="releases",
    title="Publications",
    section="Données",
    path="donnees/publications",
    view=views.releases,
    order=750,
    routes=(
        Route("donnees/publications/publier", views.publish, "publish"),
        Route("donnees/publications/<str:release>", views.release, "one"),
        Route("donnees/publications/<str:release>/revenir", views.rollback, "rollback"),
    ),
    keywords="publier version retour arrière snapshot",
)
