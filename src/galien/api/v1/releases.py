"""Releases: which ones were published, when, and which one serves."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from galien.api.access import viewer
from galien.api.answers import answered
from galien.api.paging import Page, paged
from galien.api.registry import Subject
from galien.usecases import releases as published
from galien.usecases.services import current

router = Router()


@router.get("", summary="Publications")
def releases(request: HttpRequest, page: Query[Page]) -> HttpResponse:
    """Donne les publications, les dernières d’abord ; leurs chiffres se lisent par une question."""
    asker = viewer(request, "releases")
    return answered(request, asker, lambda: paged({"rows": _rows()}, page))


def _rows() -> list[dict[str, Any]]:
    return [
        {
            "release": each.release,
            "number": each.number,
            "previous": each.parent,
            "published_at": each.published_at,
            "current": each.current,
        }
        for each in published.listed(current())
    ]


SUBJECT = Subject("/releases", "Données", router, order=30)
