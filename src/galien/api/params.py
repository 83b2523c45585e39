"""What several addresses ask for in the same words: a pharmacy, a period, a day."""

from __future__ import annotations

import datetime as dt

from galien.api.access import check_pharmacy
from galien.model.viewer import Viewer
from galien.usecases.services import current

FINESS = "FINESS de la pharmacie."
OPTIONAL = "FINESS d’une pharmacie ; sans lui, toutes celles qui vous sont ouvertes."
PERIOD = "Période : last-12-months, 2025, 2026-10, 2026-01-01..2026-03-31…"
DAY = "Jour, AAAA-MM-JJ ; aujourd’hui sans lui."


def named(asker: Viewer, pharmacy: str) -> tuple[str, ...]:
    """Return the pharmacy named, none for all of them; NotAllowed when it is not the viewer's."""
    if not pharmacy:
        return ()
    check_pharmacy(asker, pharmacy)
    return (pharmacy,)


def day_of(asked: dt.date | None) -> dt.date:
    """Return the day asked, today without one or after."""
    today = current().clock.today()
    return today if asked is None else min(asked, today)
