"""Who is asking, and which pharmacies, feeds and days their rights open."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from galien.model.accounts import ACCOUNTS

ALL_FEEDS = frozenset({"sales", "purchases", "stock", ACCOUNTS})
Span = tuple[dt.date, dt.date]


@dataclass(frozen=True)
class Grant:
    """Rights on one pharmacy: feeds, and the days of data they open (None: no bound).

    `own` tells a pharmacy the viewer belongs to, the only case that shows operators.
    """

    pharmacy: str
    feeds: frozenset[str] = ALL_FEEDS
    first_day: dt.date | None = None
    last_day: dt.date | None = None
    own: bool = False

    @property
    def span(self) -> Span:
        """The days opened, first and last; the bounds of the calendar where there is none."""
        return self.first_day or dt.date.min, self.last_day or dt.date.max


@dataclass(frozen=True)
class Viewer:
    """A person or a command asking. `everything` is the command line's, never a web user's."""

    user_id: str
    name: str
    role: str
    grants: tuple[Grant, ...] = ()
    everything: bool = False
    epoch: int = 0

    def pharmacies(self, feed: str, first: dt.date, last: dt.date) -> frozenset[str]:
        """Return the pharmacies whose rights open this feed on the whole run of days.

        Several rights on a pharmacy may share the days between them, when no day is left out.
        """
        return frozenset(
            pharmacy for pharmacy, opened in self.spans(feed).items() if covers(opened, first, last)
        )

    def spans(self, feed: str) -> dict[str, list[Span]]:
        """Return the days opened on a feed, by pharmacy, as spans that do not touch."""
        found: dict[str, list[Span]] = defaultdict(list)
        for grant in self.grants:
            if feed in grant.feeds:
                found[grant.pharmacy].append(grant.span)
        return {pharmacy: joined(spans) for pharmacy, spans in found.items()}

    def all_pharmacies(self) -> frozenset[str]:
        """Return every pharmacy some right of the viewer opens."""
        return frozenset(grant.pharmacy for grant in self.grants)


def joined(spans: Iterable[Span]) -> list[Span]:
    """Return the union of spans of days, first and last day included, as spans that do not touch.

    >>> day = dt.date
    >>> joined([(day(2026, 2, 1), day(2026, 2, 28)), (day(2026, 1, 1), day(2026, 1, 31))])
    [(datetime.date(2026, 1, 1), datetime.date(2026, 2, 28))]
    """
    found: list[Span] = []
    for first, last in sorted(spans):
        if found and (found[-1][1] == dt.date.max or first <= found[-1][1] + dt.timedelta(1)):
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def covers(spans: Iterable[Span], first: dt.date, last: dt.date) -> bool:
    """Tell whether spans of days leave out no day from the first to the last."""
    return any(since <= first and last <= until for since, until in joined(spans))


WORKSPACE_VIEWER = Viewer(
    user_id="cli", name="Ligne de commande", role="workspace", everything=True
)
