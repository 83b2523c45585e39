"""The frame of a page: menu by job, scope, freshness of the data, account."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from galien.web.components.models import Link, Notice

ICONS = {
    "Accueil": "home",
    "Achats": "cart",
    "Ventes": "chart",
    "Stock": "box",
    "Prix": "tag",
    "Gestion": "ledger",
    "Campagnes": "flag",
    "Données": "database",
    "Administration": "shield",
    "Aide": "help",
}


@dataclass(frozen=True)
class MenuItem:
    """An entry of the menu; `keywords` are other words it is found by, `heading` the part it is in."""

    label: str
    href: str
    current: bool = False
    keywords: str = ""
    heading: str = ""


@dataclass(frozen=True)
class MenuGroup:
    """A job and its pages; a group of one page whose title is the group's is a plain entry."""

    label: str
    items: tuple[MenuItem, ...]

    @property
    def icon(self) -> str:
        """Return the name of the group's icon."""
        return ICONS.get(self.label, "dot")

    @property
    def current(self) -> bool:
        """Tell whether the page shown is in this group."""
        return any(item.current for item in self.items)

    @property
    def single(self) -> MenuItem | None:
        """Return the only page of a group that needs no folding."""
        return self.items[0] if len(self.items) == 1 else None


@dataclass(frozen=True)
class Freshness:
    """How far the data go, and how many pharmacies are up to date."""

    text: str
    state: str = "complete"
    """`complete`, `partial` or `late`."""
    href: str = ""


@dataclass(frozen=True)
class Frame:
    """Everything around the content of a page. `scope_links` change the scope, `account` is the menu."""

    menu: tuple[MenuGroup, ...] = ()
    scope: str = ""
    scope_note: str = ""
    scope_links: tuple[Link, ...] = ()
    freshness: Freshness | None = None
    user: str = ""
    role: str = ""
    account: tuple[Link, ...] = ()
    logout_href: str = ""
    search_href: str = ""
    home_href: str = "/"
    notices: tuple[Notice, ...] = ()

    @property
    def initials(self) -> str:
        """Return one or two letters for the account's button."""
        words = self.user.replace("-", " ").split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"


def menu(sections: Iterable[tuple[str, Iterable[MenuItem]]]) -> tuple[MenuGroup, ...]:
    """Return the groups of the menu, empty ones left out."""
    groups = (MenuGroup(label, tuple(items)) for label, items in sections)
    return tuple(group for group in groups if group.items)
