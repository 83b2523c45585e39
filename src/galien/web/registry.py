"""The registry of pages: each folder of `pages` declares one, and the site and its menu follow."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, wraps
from types import ModuleType
from typing import TYPE_CHECKING, Any

from galien.kernel.errors import NotAllowed
from galien.model.country import country_of
from galien.model.viewer import Viewer

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver


@dataclass(frozen=True)
class Route:
    """An address of a page beside its main one: a fragment, an export, an action."""

    path: str
    view: Callable[..., Any]
    name: str


@dataclass(frozen=True)
class Page:
    """A page: its place in the menu, its address, who it is for.

    `roles` empty means everybody signed in; `section` empty keeps the page out of the menu.
    `heading` parts a long section of the menu.
    `right` is a feed, or accounts: the page is for those to whom some pharmacy opens it; `country`
    keeps it to those who read a pharmacy of that country.
    `routes` are named `slug:name` in addresses made by name (`url("purchases:export")`).
    """

    slug: str
    title: str
    section: str
    path: str
    view: Callable[..., Any]
    roles: frozenset[str] = frozenset()
    order: int = 100
    heading: str = ""
    routes: tuple[Route, ...] = ()
    keywords: str = ""
    right: str = ""
    country: str = ""

    def urls(self) -> list[URLPattern | URLResolver]:
        """Return Django's patterns of the page, named after its slug."""
        from django.urls import include, path

        beside = [
            path(route.path, self.guarded(route.view), name=route.name) for route in self.routes
        ]
        main = path(self.path, self.guarded(self.view), name=self.slug)
        return [main, path("", include((beside, self.slug)))] if beside else [main]

    def guarded(self, view: Callable[..., Any]) -> Callable[..., Any]:
        """Return the view behind the page's roles: to others it is as if it did not exist."""
        if not self.roles and not self.right and not self.country:
            return view

        @wraps(view)
        def answer(request: Any, *args: Any, **kwargs: Any) -> Any:
            from galien.web.shell.context import viewer

            if not self.open_to(viewer(request)):
                raise NotAllowed("Cette page n’existe pas.", code="UNKNOWN_PAGE")
            return view(request, *args, **kwargs)

        return answer

    def open_to(self, viewer: Viewer) -> bool:
        """Tell whether the page is for this viewer's role and rights."""
        if viewer.everything:
            return True
        if self.right or self.country:
            opened = (each for each in viewer.grants if not self.right or self.right in each.feeds)
            if not any(self.country in {"", country_of(each.pharmacy)} for each in opened):
                return False
        return not self.roles or viewer.role in self.roles


@dataclass(frozen=True)
class Section:
    """A part of the menu and its pages, in order."""

    title: str
    pages: tuple[Page, ...]


@cache
def discover() -> tuple[Page, ...]:
    """Return every page, found as `galien.web.pages.*.page:PAGE` (or `PAGES`), in order."""
    try:
        pages = importlib.import_module("galien.web.pages")
    except ModuleNotFoundError:
        return ()
    found = [
        page
        for _, name, is_package in pkgutil.iter_modules(pages.__path__)
        if is_package
        for page in _declared(pages, name)
    ]
    return tuple(sorted(found, key=lambda page: (page.order, page.slug)))


def _declared(pages: ModuleType, name: str) -> tuple[Page, ...]:
    """Return the PAGE of a folder, or the PAGES of one that declares a family of them."""
    module = importlib.import_module(f"{pages.__name__}.{name}.page")
    one = getattr(module, "PAGE", None)
    declared: tuple[Any, ...] = getattr(module, "PAGES", (one,))
    if not declared or not all(isinstance(page, Page) for page in declared):
        raise TypeError(f"{module.__name__} declares no PAGE.")
    return declared


def navigation(viewer: Viewer) -> tuple[Section, ...]:
    """Return the menu of a viewer: sections in the order of their first page."""
    sections: dict[str, list[Page]] = {}
    for page in discover():
        if page.section and page.open_to(viewer):
            sections.setdefault(page.section, []).append(page)
    return tuple(Section(title, tuple(pages)) for title, pages in sections.items())
