"""The frame of a page for a request: who reads, over which pharmacies, on data how fresh, from where.

Every view ends with `page_response`; those that read data ask `viewer` who is asking.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

from galien.kernel.errors import NotAllowed
from galien.model.viewer import Viewer
from galien.records.models import User
from galien.usecases import freshness as fresh
from galien.usecases.services import Services, current
from galien.usecases.standing import reader, standing
from galien.web.components.models import Link, Notice, Tone
from galien.web.registry import Page, discover, navigation
from galien.web.shell.frame import Frame, Freshness, MenuItem, menu
from galien.web.shell.typography import spaced_page

ACCOUNT_PAGES = ("account", "trust", "saved_views", "jobs")
ACCOUNT_ICONS = {"account": "user", "trust": "shield", "saved_views": "save", "jobs": "calendar"}
SEARCH_PAGE = "search"
OLD = dt.timedelta(days=35)


def viewer(request: HttpRequest) -> Viewer:
    """Return who asks, with their rights of now."""
    known: Viewer | None = getattr(request, "galien_viewer", None)
    if known is None:
        known = reader(person(request), services=current())
        request.galien_viewer = known  # type: ignore[attr-defined]
    return known


def person(request: HttpRequest) -> User:
    """Return the account of who asks; NotAllowed for a stranger."""
    if not isinstance(request.user, User):
        raise NotAllowed("Cette page n’existe pas.", code="UNKNOWN_PAGE")
    return request.user


def page_response(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """Render a page in its frame. `template` is a path under `galien/web`."""
    whole = {"frame": frame(request, current()), **context}
    page = render_to_string(template, whole, request=request, using="jinja2")
    return HttpResponse(spaced_page(page), status=status)


def nothing_published(request: HttpRequest) -> HttpResponse | None:
    """Return what a page of the menu shows before the first publication; None elsewhere."""
    page = next((each for each in discover() if each.section and _href(each) == request.path), None)
    if page is None or request.method != "GET":
        return None
    return page_response(request, "shell/nothing.html", {"title": page.title})


def frame(request: HttpRequest, services: Services) -> Frame:
    """Return what surrounds the page shown to a signed-in person."""
    asker = viewer(request)
    place = standing(asker, services=services)
    found = fresh.freshness(asker, services=services)
    pages = {page.slug: page for page in discover() if page.open_to(asker)}
    return Frame(
        menu=menu(
            (section.title, [_item(page, request.path) for page in section.pages])
            for section in navigation(asker)
        ),
        scope=place.scope,
        scope_note=place.note,
        freshness=_freshness(found, services.clock.today()),
        user=asker.name,
        role=place.role,
        account=tuple(
            Link(pages[slug].title, _href(pages[slug]), icon=ACCOUNT_ICONS[slug])
            for slug in ACCOUNT_PAGES
            if slug in pages
        ),
        logout_href=reverse("account_logout"),
        search_href=_href(pages[SEARCH_PAGE]) if SEARCH_PAGE in pages else "",
        notices=(*_notices(found), *_messages(request)),
    )


def _item(page: Page, path: str) -> MenuItem:
    href = _href(page)
    inside = _holds(href, path) and not any(
        _holds(_href(other), path) and len(other.path) > len(page.path)
        for other in discover()
        if other.section
    )
    return MenuItem(page.title, href, current=inside, keywords=page.keywords, heading=page.heading)


def _holds(href: str, path: str) -> bool:
    return path == href or (href != "/" and path.startswith(href.rstrip("/") + "/"))


def _href(page: Page) -> str:
    return f"/{page.path}"


def _freshness(found: fresh.Freshness | None, today: dt.date) -> Freshness:
    if found is None:
        return Freshness("Aucune donnée publiée", state="late")
    text = f"Données au {found.until:%d/%m/%Y}"
    if found.pharmacies > 1:
        text += f", {found.up_to_date} pharmacies sur {found.pharmacies}"
    state = "complete" if found.complete else "partial"
    return Freshness(text, "late" if today - found.until > OLD else state, href="/#calendrier")


def _messages(request: HttpRequest) -> tuple[Notice, ...]:
    """What the last action has to say, once."""
    tones = {"success": Tone.GOOD, "warning": Tone.WARNING, "error": Tone.ERROR}
    return tuple(
        Notice(str(each), tone=tones.get(each.level_tag, Tone.INFO))
        for each in get_messages(request)
    )


def _notices(found: fresh.Freshness | None) -> tuple[Notice, ...]:
    if found is None or not found.note:
        return ()
    return (Notice("Une publication plus ancienne est affichée", found.note, Tone.WARNING),)
