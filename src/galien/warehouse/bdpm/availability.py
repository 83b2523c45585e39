"""The national list of shortages (CIS_CIP_Dispo_Spec): which medicines lack, since when, told by whom."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path

from galien.kernel.errors import InvalidInput
from galien.warehouse.bdpm.files import find_file, tabbed_rows

FILE = "CIS_CIP_Dispo_Spec.txt"
SHORTAGE, TENSION, DISCONTINUED, BACK = "shortage", "tension", "discontinued", "back"
STATUSES = (SHORTAGE, TENSION, DISCONTINUED, BACK)  # in the order of the file's codes, 1 to 4
_LINK = re.compile(r"https://[^\s\"<>]+")


@dataclass(frozen=True)
class Notice:
    """What the agency says of a medicine: a status since a day, updated on another.

    `cip13` is empty when the notice is of every pack of the medicine; `back_on` is the day it came back,
    or is said to.
    """

    cis: str
    cip13: str
    status: str
    since: dt.date
    updated: dt.date
    back_on: dt.date | None
    link: str


def read_notices(folder: Path) -> tuple[Notice, ...] | None:
    """Read the list, without its repeated lines; None when the folder has none.

    Raises InvalidInput on a status or a date that the file never had.
    """
    path = find_file(folder, FILE)
    if path is None:
        return None
    return tuple(dict.fromkeys(_notice(row, path) for row in tabbed_rows(path, columns=8)))


def _notice(row: list[str], path: Path) -> Notice:
    cis, cip13, status, label, since, updated, back, link, *_ = row
    try:
        code, begun = STATUSES[int(status) - 1 if int(status) > 0 else 99], _day(since)
        return Notice(
            cis, cip13, code, begun, _day(updated) if updated else begun,
            _day(back) if back else None, link if _LINK.fullmatch(link) else "",
        )  # fmt: skip
    except (ValueError, IndexError) as error:
        raise InvalidInput(
            f"{path.name}, médicament {cis} : statut « {label} » ({status}) ou date « {since} » illisible. "
            "Téléchargez de nouveau le fichier de la base publique des médicaments."
        ) from error


def _day(text: str) -> dt.date:
    """Read a day written 31/12/2026."""
    day, month, year = map(int, text.split("/"))
    return dt.date(year, month, day)
