"""How saved views are printed."""

from __future__ import annotations

from dataclasses import dataclass

from galien.records.models import SavedView, User
from galien.web.registry import discover


@dataclass(frozen=True)
class Entry:
    """A view of the list: where it leads, whose it is, whether the reader may change it."""

    key: int
    name: str
    href: str
    page: str
    owner: str
    shared_with: str
    mine: bool


def entry(view: SavedView, me: User) -> Entry:
    """Return a view as the list prints it."""
    titles = {f"/{page.path}": f"{page.section} · {page.title}" for page in discover()}
    return Entry(
        key=view.pk,
        name=view.name,
        href=f"/vues/{view.pk}",
        page=titles.get(view.page, view.page),
        owner="Vous" if view.owner_id == me.pk else str(view.owner),
        shared_with=str(view.organisation) if view.organisation else "",
        mine=view.owner_id == me.pk,
    )
