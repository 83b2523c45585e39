"""Cette affaire vaut-elle la peine: months of cover, cash, expiry, and what is left of the discount."""

from __future__ import annotations

from galien.web.pages.deal_check import views
from galien.web.registry import Page

PAGE = Page(
    slug="deal-check",
    title="Cette affaire vaut-elle la peine ?",
    section="Achats",
    path="achats/affaire",
    view=views.deal_check,
    order=180,
    heading="Négociation",
    keywords="unités gratuites UG palier offre stock péremption trésorerie point mort quantité",
    right="purchases",
)
