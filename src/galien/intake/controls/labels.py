"""Labels: accents damaged on the way, told but kept, since labels shown come from the catalogue."""

from __future__ import annotations

import numpy as np

from galien.intake.arrow import pc
from galien.intake.cells import Flags
from galien.intake.controls.base import Control, Severity, Terms
from galien.intake.controls.senders import by_text
from galien.intake.rows import Rows

# UTF-8 read as cp1252: « Ã© » for « é », « â€™ » for an apostrophe. None of it is ASCII.
_DAMAGED = r"Ã[^\s\pL]|Ã‰|Ãƒ|Â[^\s\pL]|â€"


def _damaged(rows: Rows, terms: Terms) -> Flags | None:
    flags = np.zeros(len(rows), np.bool_)
    for name, text in rows.texts.items():
        if pc.all(pc.string_is_ascii(text.dictionary)).as_py() is not False:
            continue
        found = pc.fill_null(pc.match_substring_regex(text.dictionary, _DAMAGED), False)
        if pc.any(found).as_py():
            flags |= by_text(rows, name, found.to_pylist())
    return flags


CONTROLS = (
    Control(
        "MOJIBAKE",
        Severity.WARNING,
        "{place} : des accents sont abîmés (« Ã© » pour « é »). La ligne est gardée ; réglez "
        "l’encodage de l’export.",
        check=_damaged,
    ),
)
