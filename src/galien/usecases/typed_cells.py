"""Cells that people type, read strictly: a text or a number is there, or the line at fault is named."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from galien.kernel.errors import InvalidInput
from galien.usecases.typed_csv import TypedRow, read_number

LARGEST = Decimal(10) ** 15
MOST_DIGITS = 30
ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True)
class Cells:
    """A row of a file with its name, to say where a wrong cell is."""

    path: Path
    row: TypedRow

    @property
    def where(self) -> str:
        """Return the file and the line, as sentences begin."""
        return f"« {self.path.name} », ligne {self.row.line}"

    def text(self, column: str, default: str | None = None) -> str:
        """Return a text; InvalidInput when it is empty and has no default."""
        found = self.row.cells.get(column, "")
        if found:
            return found
        if default is None:
            raise InvalidInput(f"{self.where} : la case {column} est vide. Complétez-la.")
        return default

    def number(self, column: str, default: Decimal | None = None) -> Decimal:
        """Return a number; InvalidInput when it is none, absurd, or empty without a default."""
        text = self.row.cells.get(column, "")
        if not text and default is not None:
            return default
        found = read_number(self.text(column), f"{self.where}, colonne {column}")
        exponent = found.as_tuple().exponent
        if abs(found) >= LARGEST or not isinstance(exponent, int) or exponent < -MOST_DIGITS:
            raise InvalidInput(
                f"{self.where}, colonne {column} : « {text} » est hors de toute mesure."
            )
        return found

    def optional(self, column: str) -> Decimal | None:
        """Return a number, None when the cell is empty; InvalidInput when it is no number."""
        return self.number(column) if self.row.cells.get(column, "") else None

    def rate(self, column: str, default: Decimal | None = None) -> Decimal:
        """Return a ratio from -1 to 1, typed 0,055 or 5,5 %; InvalidInput otherwise."""
        found = self.number(column, default)
        if self.row.cells.get(column, "").endswith("%"):
            found = found.scaleb(-2)
        if abs(found) > ONE:
            raise InvalidInput(
                f"{self.where}, colonne {column} : « {self.row.cells[column]} » n’est pas un taux. "
                "Écrivez 0,055 ou 5,5 %."
            )
        return found

    def day(self, column: str) -> dt.date | None:
        """Return an ISO date, None when the cell is empty; InvalidInput when it is none."""
        text = self.row.cells.get(column, "")
        if not text:
            return None
        try:
            return dt.date.fromisoformat(text)
        except ValueError as error:
            raise InvalidInput(
                f"{self.where}, colonne {column} : « {text} » n’est pas une date AAAA-MM-JJ."
            ) from error
