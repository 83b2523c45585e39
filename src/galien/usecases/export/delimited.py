"""CSV that French Excel opens by double click, and no cell of which it runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

from galien.analytics.answer import Answer
from galien.usecases.export.cells import Cell, cells, heading, plain_number

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "|")


def to_csv(answer: Answer) -> bytes:
    """Write rows as CSV: semicolons, decimal comma, UTF-8 with its mark; no total row.

    Text that a spreadsheet would run is preceded by an apostrophe; numbers are untouched.
    """
    return written([[heading(column) for column in answer.columns], *cells(answer)])


def written(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Write rows of plain values as French Excel opens them by a double click."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerows([_written(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def neutral(text: str) -> str:
    """Keep a spreadsheet from running a text.

    >>> neutral("=1+1"), neutral("Doliprane")
    ("'=1+1", 'Doliprane')
    """
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, (float, Decimal)):
        return plain_number(cell).replace(".", ",")
    return neutral(cell) if isinstance(cell, str) else str(cell)
