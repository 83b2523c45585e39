"""What was not delivered within 72 hours, told with its history, the national list and what runs out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from galien.usecases.stock.missing import Listed, Missing
from galien.usecases.stock.national import Notice
from galien.usecases.stock.running_out import Alert

Plain = dict[str, Any]


def shortages_told(found: Sequence[Missing], *, now: dt.datetime) -> Plain:
    """Return `rows` (one a shortage), their history by lab and product, and the `national` list.

    `now` is the moment told when there is no pharmacy.
    """
    return {
        "rows": [row for each in found for row in each.rows],
        "by_lab": [{"pharmacy": e.pharmacy, **vars(one)} for e in found for one in e.by_lab],
        "by_product": [
            {"pharmacy": e.pharmacy, **vars(one)} for e in found for one in e.by_product
        ],
        "lasting": sum(one.until is None for each in found for one in each.found),
        "now": max((each.now for each in found), default=now),
        "national": {
            "listed_on": next((each.listed_on for each in found), None),
            "rows": [_listed(each.pharmacy, one) for each in found for one in each.national],
        },
    }


def running_out_told(alert: Alert | None) -> Plain | None:
    """Return what is about to run out in every pharmacy read; None when nothing is known."""
    if alert is None:
        return None
    rows = [
        {**vars(each), "notice": _notice(each.notice) if each.notice else None}
        for each in alert.found
    ]
    return {"known_until": alert.known_until, "pharmacies": alert.pharmacies, "rows": rows}


def _listed(pharmacy: str, each: Listed) -> Plain:
    """Return a product that the national list names, with what the pharmacy sells and has of it."""
    return {"pharmacy": pharmacy, **vars(each), "notice": _notice(each.notice)}


def _notice(notice: Notice) -> Plain:
    return {**vars(notice), "status": notice.status.value}
