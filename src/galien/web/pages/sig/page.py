"""Soldes de gestion (SIG): a year's management balances, and the account table behind them."""

from __future__ import annotations

from galien.model.accounts import ACCOUNTS
from galien.web.gestion import SECTION
from galien.web.pages.sig import views
from galien.web.registry import Page, Route

PAGE = Page(
    slug="sig",
    title="Soldes de gestion",
    section=SECTION,
    path="gestion/sig",
    view=views.balances,
    order=300,
    routes=(Route("gestion/sig/comptes", views.mapping, "mapping"),),
    keywords="SIG marge valeur ajoutée EBE résultat comptes exercice",
    right=ACCOUNTS,
)
