"""Mon compte: where one is signed in, and the keys of one's programs."""

from __future__ import annotations

from galien.web.pages.account import views
from galien.web.registry import Page, Route

PAGE = Page(
    slug="account",
    title="Mon compte",
    section="",
    path="compte",
    view=views.account,
    order=900,
    routes=(
        Route("compte/sessions/<int:key>/fermer", views.end_session, "end_session"),
        Route("compte/cles", views.make_token, "make_token"),
        Route("compte/cles/<int:key>/revoquer", views.revoke_token, "revoke_token"),
    ),
)
