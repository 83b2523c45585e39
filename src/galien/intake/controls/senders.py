"""Whose rows these are: only pharmacies that the sender may deliver for."""

from __future__ import annotations

import numpy as np

from galien.intake.cells import Flags
from galien.intake.controls.base import Control, Severity, Terms
from galien.intake.rows import Rows


def by_text(rows: Rows, column: str, flags: list[bool]) -> Flags:
    """Spread a verdict on the distinct texts of a column over its rows; False where there is none."""
    spread = np.append(np.array(flags, np.bool_), False)
    return np.asarray(spread[rows.codes(column)], np.bool_)


def _not_authorised(rows: Rows, terms: Terms) -> Flags | None:
    names = rows.texts["pharmacy"].dictionary.to_pylist()
    return by_text(rows, "pharmacy", [name not in terms.welcome for name in names])


CONTROLS = (
    Control(
        "NOT_AUTHORISED",
        Severity.ERROR,
        "{place} : cette ligne est celle d’une pharmacie pour laquelle aucune autorisation n’est en "
        "vigueur. Faites signer l’autorisation, ou retirez la ligne.",
        column="pharmacy",
        check=_not_authorised,
    ),
)
