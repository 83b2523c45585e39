"""Every declared control, by family; a new one is declared in its family and found here."""

from __future__ import annotations

from galien.intake.controls import amounts, dates, labels, products, senders, structure
from galien.intake.controls.base import Control, Severity

CONTROLS: tuple[Control, ...] = (
    *structure.CONTROLS,
    *senders.CONTROLS,
    *products.CONTROLS,
    *dates.CONTROLS,
    *labels.CONTROLS,
    *amounts.CONTROLS,
)
_BY_CODE = {control.code: control for control in reversed(CONTROLS)}


def row_controls(feed: str) -> tuple[Control, ...]:
    """Return the controls that test the rows of a feed, errors first: a row set aside is not flagged."""
    tests = (c for c in CONTROLS if c.check is not None and feed in c.feeds)
    return tuple(sorted(tests, key=lambda control: control.severity is Severity.WARNING))


def severity_of(code: str) -> Severity:
    """Return what a code does."""
    return _BY_CODE[code].severity


def sentence(code: str, *, line: int = 0, column: str = "") -> str:
    """Return the French sentence of a code, with the place in it."""
    place = f"Ligne {line}" + (f", colonne « {column} »" if column else "")
    return _BY_CODE[code].message.replace("{place}", place)
