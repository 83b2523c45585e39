"""The group's promotions: a universe, some weeks of the year, a discount."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Campaign:
    """A promotion on one universe between two dates, both included; `rate` in percent."""

    code: str
    universe: str
    first: dt.date
    last: dt.date
    rate: int

    def covers(self, day: dt.date) -> bool:
        """Say whether the promotion runs on a day."""
        return self.first <= day <= self.last


_EVERY_YEAR = (
    ("SOLAIRE", "Beauté", (5, 15), (7, 15), 15),
    ("NOEL", "Beauté", (11, 25), (12, 24), 20),
    ("SOURIRE", "Hygiène bucco-dentaire", (3, 1), (3, 31), 20),
    ("VITALITE", "Diététique", (9, 15), (10, 31), 15),
    ("BEBE", "Bébé et maman", (1, 10), (2, 10), 10),
    ("COMPAGNON", "Vétérinaire", (4, 10), (5, 20), 15),
)


def campaigns_of(first: int, last: int) -> tuple[Campaign, ...]:
    """List the promotions of a span of years, both included."""
    return tuple(
        Campaign(f"{name}-{year}", universe, dt.date(year, *start), dt.date(year, *end), rate)
        for year in range(first, last + 1)
        for name, universe, start, end, rate in _EVERY_YEAR
    )
