"""Who is asking, and which pharmacies, feeds and days their rights open."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from galien.model.accounts import ACCOUNTS

ALL_FEEDS = frozenset({"sales", "purchases", "stock", ACCOUNTS})


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
        """Return the pharmacies whose rights open this feed on the whole run of days."""
        return frozenset(
            grant.pharmacy
            for grant in self.grants
            if feed in grant.feeds
            and (grant.first_day is None or grant.first_day <= first)
            and (grant.last_day is None or last <= grant.last_day)
        )

    def all_pharmacies(self) -> frozenset[str]:
        """Return every pharmacy some right of the viewer opens."""
        return frozenset(grant.pharmacy for grant in self.grants)


WORKSPACE_VIEWER = Viewer(
    user_id="cli", name="Ligne de commande", role="workspace", everything=True
)
