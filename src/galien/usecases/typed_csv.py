"""Small tables that people type or export from a spreadsheet: any separator, comma or point, BOM or not."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from galien.kernel.errors import InvalidInput, refusal

SEPARATORS = ";,\t"
MAXIMUM_BYTES = 5_000_000
_SPACES = str.maketrans("", "", " \u00a0\u202f")


@dataclass(frozen=True)
class TypedRow:
    """A row of the table: the physical line it begins on (header = 1) and its cells, trimmed."""

    line: int
    cells: dict[str, str]

    def number(self, column: str) -> Decimal | None:
        """Read a number, None when empty; InvalidInput with the line when it is not one."""
        text = self.cells.get(column, "")
        return read_number(text, f"Ligne {self.line}, colonne {column}") if text else None

    def count(self, column: str) -> int | None:
        """Read a whole number from 0, None when empty; InvalidInput with the line otherwise."""
        found = self.number(column)
        if found is None:
            return None
        if found != found.to_integral_value() or found < 0:
            raise InvalidInput(
                f"Ligne {self.line}, colonne {column} : « {self.cells[column]} » n’est pas un nombre "
                "entier positif. Corrigez-le, ou laissez la case vide."
            )
        return int(found)


@dataclass(frozen=True)
class TypedTable:
    """A table read: its rows, and the names of the columns that nobody asked for."""

    rows: tuple[TypedRow, ...]
    columns: tuple[str, ...]
    ignored: tuple[str, ...]


def read_file(
    path: Path, *, required: Sequence[str], known: Sequence[str], most: int = MAXIMUM_BYTES
) -> TypedTable:
    """Read a file of the command line, of `most` bytes; InvalidInput when it is not such a table."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InvalidInput(
            f"Le fichier « {path} » ne peut pas être lu ({refusal(error)}). Vérifiez son chemin."
        ) from error
    return read_table(content, required=required, known=known, name=path.name, most=most)


def read_table(
    content: bytes,
    *,
    required: Sequence[str],
    known: Sequence[str],
    name: str,
    most: int = MAXIMUM_BYTES,
) -> TypedTable:
    """Read a table with a header in any order; `known` columns are kept, others named as ignored.

    Raises InvalidInput saying which column is missing or doubled, or which line is wrong.
    """
    if len(content) > most:
        raise InvalidInput(
            f"« {name} » dépasse {most // 1_000_000} Mo : ce n’est pas le tableau attendu ici."
        )
    text = _decoded(content, name)
    head = text.split("\n", 1)[0]
    separator = max(SEPARATORS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        header = [cell.strip().lower() for cell in next(reader, [])]
        _check_header(header, required, name)
        rows = tuple(_rows(reader, header))
    except csv.Error as error:
        raise InvalidInput(
            f"« {name} », ligne {reader.line_num} : illisible comme tableau ({error})."
        ) from error
    ignored = tuple(column for column in header if column and column not in known)
    return TypedTable(rows, tuple(c for c in header if c in known), ignored)


def read_number(text: str, where: str) -> Decimal:
    """Read a French or English number: spaces between thousands, comma or point, % and € allowed.

    >>> str(read_number("1 755 446,37 €", "Ligne 2")), str(read_number("1.234,5", "Ligne 3"))
    ('1755446.37', '1234.5')
    """
    bare = text.translate(_SPACES).removesuffix("€").removesuffix("%").replace("\u2212", "-")
    if "," in bare and "." in bare:
        thousands = min(",.", key=bare.rindex)
        bare = bare.replace(thousands, "")
    try:
        found = Decimal(bare.replace(",", "."))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise InvalidInput(
            f"{where} : « {text} » n’est pas un nombre. Corrigez-le, ou laissez la case vide."
        )
    return found


def _decoded(content: bytes, name: str) -> str:
    if b"\x00" in content:
        raise InvalidInput(f"« {name} » n’est pas un fichier texte : enregistrez-le en CSV.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _check_header(header: Sequence[str], required: Sequence[str], name: str) -> None:
    missing = [column for column in required if column not in header]
    if missing:
        raise InvalidInput(
            f"« {name} » n’a pas de colonne {', '.join(missing)} ; lu : {', '.join(header) or 'rien'}. "
            f"La première ligne doit nommer les colonnes."
        )
    doubled = sorted({column for column in header if column and header.count(column) > 1})
    if doubled:
        raise InvalidInput(f"« {name} » a deux colonnes {', '.join(doubled)} : gardez-en une.")


def _rows(reader: object, header: Sequence[str]) -> list[TypedRow]:
    rows, line = [], 2
    for cells in reader:  # type: ignore[attr-defined]
        trimmed = [cell.strip() for cell in cells]
        if any(trimmed):
            if any(trimmed[len(header) :]):
                raise InvalidInput(
                    f"Ligne {line} : {len(trimmed)} cases pour {len(header)} colonnes. Un nombre à "
                    "virgule dans un fichier séparé par des virgules doit être entre guillemets."
                )
            rows.append(TypedRow(line, dict(zip(header, trimmed, strict=False))))
        line = reader.line_num + 1  # type: ignore[attr-defined]
    return rows
