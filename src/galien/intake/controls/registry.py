"""Every declared control, by family; a new one is declared in its family and found here."""

from __future__ import annotations

from galien.intake.controls import amounts, dates, products, senders, structure
from galien.intake.controls.base import Control, Severity

CONTROLS: tuple[Control, ...] = (
    *structure.CONTROLS,
    *senders.CONTROLS,
    *products.CONTROLS,
    *dates.CONTROLS,
    *amounts.CONTROLS,
)
_BY_CODE = {control.code: control for control in reversed(CONTROLS)}


def row_controls(feed: str) -> tuple[Control, ...]:
    """Return the controls that test the rows of a feed."""
    return tuple(c for c in CONTROLS if c.check is not None and feed in c.feeds)


def severity_of(code: str) -> Severity:
    """Return what a code does."""
    return _BY_CODE[code].severity


def sentence(code: str, *, line: int = 0, column: str = "") -> str:
    """Return the French sentence of a code, with the place in it."""
    place = f"Ligne {line}" + (f", colonne « {column} »" if column else "")
    return _BY_CODE[code].message.replace("{place}", place)
