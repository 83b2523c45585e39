"""Prix net-net: what is really paid, step by step, each with its source and its confidence."""

from __future__ import annotations

from galien.web.pages.net_net import views
from galien.web.registry import Page

PAGE = Page(
    slug="net-net",
    title="Prix net-net",
    section="Achats",
    path="achats/net-net",
    view=views.ledger,
    order=130,
    heading="Contrats",
    keywords="remise escompte RFA coopération unités gratuites trois fois net catalogue facture",
    right="purchases",
)
