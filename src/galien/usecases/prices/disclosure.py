"""Who may be counted together in what is told of the group, so that no one is found by taking off others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from galien.calculators.pricing.coherence import LEAST_OTHERS
from galien.model.viewer import Viewer


@dataclass(frozen=True)
class Sight:
    """The pharmacies whose sales a reader sees on a whole run of days, and those on some days of it.

    `whole` is None when everything is open.
    """

    whole: frozenset[str] | None
    some: frozenset[str] = frozenset()

    def counted(self, names: Iterable[str]) -> frozenset[str]:
        """Return who may be counted: all when five at least are closed on every day, else those open.

        Who is open on some days is half known: it hides nobody, and is not counted when others could
        be found with it.

        >>> sorted(Sight(frozenset("AB")).counted("ABCDEF"))
        ['A', 'B']
        >>> len(Sight(frozenset("A")).counted("ABCDEF")), len(Sight(None).counted("AB"))
        (6, 2)
        >>> sorted(Sight(frozenset("A"), frozenset("AB")).counted("ABCDEF"))
        ['A']
        """
        every = frozenset(names)
        if self.whole is None or len(every - self.whole - self.some) >= LEAST_OTHERS:
            return every
        return every & self.whole


def sight(viewer: Viewer, first: dt.date, last: dt.date) -> Sight:
    """Return what a viewer sees of sales between two days, both included."""
    if viewer.everything:
        return Sight(None)
    some = (
        pharmacy
        for pharmacy, spans in viewer.spans("sales").items()
        if any(begin <= last and end >= first for begin, end in spans)
    )
    return Sight(viewer.pharmacies("sales", first, last), frozenset(some))
