"""Contrats: what is agreed with suppliers and what labs offer, as data that everything else reads."""

from __future__ import annotations

from galien.web.pages.contracts import bringing, views, writing
from galien.web.registry import Page, Route

PAGE = Page(
    slug="contracts",
    title="Contrats et offres",
    section="Achats",
    path="achats/contrats",
    view=views.contracts,
    order=140,
    heading="Contrats",
    right="purchases",
    routes=(
        Route("achats/contrats/nouveau", writing.new, "new"),
        Route("achats/contrats/import", bringing.bring, "bring"),
        Route("achats/contrats/<int:key>", views.contract, "one"),
        Route("achats/contrats/<int:key>/modifier", writing.change, "change"),
        Route("achats/contrats/<int:key>/yaml", views.as_yaml, "yaml"),
        Route("achats/contrats/<int:key>/fin", views.end, "end"),
        Route("achats/contrats/<int:key>/retirer", views.withdraw, "withdraw"),
    ),
    keywords="remises fournisseurs laboratoires plafonds CGV paliers engagements",
)
