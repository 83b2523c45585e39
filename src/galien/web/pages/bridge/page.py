"""Gestion, rapprochement: the till's year beside the accounts', every gap named."""

from __future__ import annotations

from galien.model.accounts import ACCOUNTS
from galien.web.gestion import SECTION
from galien.web.pages.bridge.views import bridge
from galien.web.registry import Page

PAGE = Page(
    slug="bridge",
    title="Caisse et comptabilité",
    section=SECTION,
    path="gestion/rapprochement",
    view=bridge,
    order=325,
    keywords="rapprochement écart caisse comptabilité marge commerciale brute résidu rétrocessions",
    right=ACCOUNTS,
)
