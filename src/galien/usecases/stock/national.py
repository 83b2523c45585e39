"""The national list of shortages beside the group's own: what the agency says, and since when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from galien.kernel import french
from galien.usecases.services import Services
from galien.warehouse.availability import NAME, read_availability


class Status(StrEnum):
    """What the agency says of a medicine, in the order of its gravity; `label` in French."""

    SHORTAGE = "shortage"
    TENSION = "tension"
    DISCONTINUED = "discontinued"
    BACK = "back"

    @property
    def label(self) -> str:
        """Return the words of the list."""
        return _LABELS[self]

    @property
    def rank(self) -> int:
        """Return its place, the gravest first."""
        return list(Status).index(self)


_LABELS = {
    Status.SHORTAGE: "Rupture de stock",
    Status.TENSION: "Tension d’approvisionnement",
    Status.DISCONTINUED: "Arrêt de commercialisation",
    Status.BACK: "Remise à disposition",
}


@dataclass(frozen=True)
class Notice:
    """A line of the list: its status since a day, last updated on another, and the agency's page."""

    status: Status
    since: dt.date
    updated: dt.date
    back_on: dt.date | None
    link: str

    @property
    def lasting(self) -> bool:
        """Tell whether the product lacks still."""
        return self.status is not Status.BACK


@dataclass(frozen=True)
class National:
    """The list by product code; `listed_on` is the last day it tells of, None when there is no list."""

    listed_on: dt.date | None
    notices: Mapping[str, Notice]
    read_at: int = 0  # of the file, in nanoseconds: tells one import from the next

    def lasting(self, code: str) -> Notice | None:
        """Return the notice of a product that lacks still."""
        found = self.notices.get(code)
        return found if found is not None and found.lasting else None

    def sentence(self, code: str) -> str:
        """Say that a product lacks everywhere in France, with the date of the list; empty if it does not."""
        found = self.lasting(code)
        if found is None or self.listed_on is None:
            return ""
        return (
            f"{found.status.label} signalée par l’ANSM depuis le {french.day(found.since)} (liste "
            f"nationale au {french.day(self.listed_on)})."
        ).replace("commercialisation signalée", "commercialisation signalé")


def national_list(services: Services) -> National:
    """Return the list that the workspace last imported."""
    place = services.workspace.catalogue
    path = place / NAME
    return _read(place, path.stat().st_mtime_ns if path.exists() else 0)


@lru_cache(maxsize=2)
def _read(place: Path, mark: int) -> National:
    rows = read_availability(place).to_pylist()
    notices = {
        row["product_code"]: Notice(
            Status(row["status"]), row["since"], row["updated"], row["back_on"], row["link"]
        )
        for row in rows
    }
    return National(rows[0]["listed_on"] if rows else None, notices, mark)
