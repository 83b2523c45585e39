"""Days: not in the future, not before the pharmacy opened, inside the period that was announced."""

from __future__ import annotations

import datetime as dt

from galien.intake.cells import Flags
from galien.intake.controls.base import Control, Severity, Terms
from galien.intake.rows import Rows
from galien.model.feeds import FEEDS

_EPOCH = dt.date(1970, 1, 1)
# No pharmacy software exports older days; spreadsheets write 1900 and 1904 for empty dates.
OLDEST = dt.date(2000, 1, 1)


def days_since_epoch(day: dt.date) -> int:
    """Return a date as days since 1970."""
    return (day - _EPOCH).days


def _days(rows: Rows) -> tuple[str, Flags]:
    column = FEEDS[rows.feed].day_column
    return column, rows.given(column)


def _future(rows: Rows, terms: Terms) -> Flags | None:
    column, given = _days(rows)
    return given & (rows.days(column) > days_since_epoch(terms.today))


def _old(rows: Rows, terms: Terms) -> Flags | None:
    column, given = _days(rows)
    return given & (rows.days(column) < days_since_epoch(terms.opened_on or OLDEST))


def _outside(rows: Rows, terms: Terms) -> Flags | None:
    if terms.announced is None:
        return None
    column, given = _days(rows)
    days = rows.days(column)
    first, last = (days_since_epoch(d) for d in (terms.announced.first, terms.announced.last))
    return given & ((days < first) | (days > last))


CONTROLS = (
    Control(
        "FUTURE_DATE",
        Severity.ERROR,
        "{place} : la date est dans le futur. Vérifiez l’horloge du poste et le format de date de la "
        "correspondance, puis renvoyez le fichier.",
        column="day",
        check=_future,
    ),
    Control(
        "OLD_DATE",
        Severity.ERROR,
        "{place} : la date est antérieure à l’ouverture de la pharmacie. Vérifiez la date et le "
        "format de la correspondance.",
        column="day",
        check=_old,
    ),
    Control(
        "OUT_OF_PERIOD",
        Severity.ERROR,
        "{place} : la date est hors de la période annoncée. Refaites l’export sur la bonne période.",
        column="day",
        check=_outside,
    ),
)
