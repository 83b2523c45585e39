"""Freshness: how far a viewer's data go, and how many of their pharmacies are up to date."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from galien.analytics.release import PharmacyRow, ReleaseView
from galien.kernel.errors import NotAvailable
from galien.model.viewer import Viewer
from galien.usecases.services import Services

FEEDS_BY_INTEREST = ("sales", "purchases", "stock")
UP_TO_DATE = frozenset({"complete", "low", "shrunk"})


@dataclass(frozen=True)
class Freshness:
    """Last day with data, pharmacies that lack no day of its month, and those they are counted among.

    `note` tells, in French, when an earlier release serves in the place of a damaged one.
    """

    until: dt.date
    up_to_date: int
    pharmacies: int
    release: str
    note: str = ""

    @property
    def complete(self) -> bool:
        """Tell whether no pharmacy is behind."""
        return self.up_to_date == self.pharmacies


def freshness(viewer: Viewer, *, services: Services) -> Freshness | None:
    """Return how fresh the viewer's data are, by the first feed they may read; None without data."""
    try:
        with services.reader.hold() as held:
            view = services.reading.view(held)
            for feed in FEEDS_BY_INTEREST:
                found = _of_feed(feed, viewer, view, note=held.note or "")
                if found:
                    return found
    except NotAvailable:
        return None
    return None


def _of_feed(feed: str, viewer: Viewer, view: ReleaseView, *, note: str) -> Freshness | None:
    mine = [row for row in view.pharmacies if viewer.everything or _opened(viewer, row, feed)]
    last = [day for row in mine if (day := _last_day(viewer, row, feed, view))]
    if not last:
        return None
    month = max(last).replace(day=1)
    states = [view.completeness.get((row.pharmacy_id, feed, month)) for row in mine]
    return Freshness(
        until=max(last),
        up_to_date=sum(str(state) in UP_TO_DATE for state in states),
        pharmacies=len(mine),
        release=view.release,
        note=note,
    )


def _opened(viewer: Viewer, row: PharmacyRow, feed: str) -> bool:
    return any(grant.pharmacy == row.pharmacy and feed in grant.feeds for grant in viewer.grants)


def _last_day(viewer: Viewer, row: PharmacyRow, feed: str, view: ReleaseView) -> dt.date | None:
    """The last day received that the viewer's rights reach."""
    received = view.last_days.get((row.pharmacy_id, feed))
    if received is None or viewer.everything:
        return received
    reach = [
        min(received, grant.last_day or received)
        for grant in viewer.grants
        if grant.pharmacy == row.pharmacy and feed in grant.feeds
    ]
    return max(reach)
