"""Opening the public files: plain or gzip, whatever their encoding, tab-separated or CSV."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path

from galien.kernel.errors import InvalidInput


def find_file(folder: Path, *patterns: str) -> Path | None:
    """Find the first file of the folder that has one of the names, plain or `.gz`."""
    for pattern in patterns:
        found = sorted(folder.glob(pattern)) + sorted(folder.glob(pattern + ".gz"))
        if found:
            return found[0]
    return None


def tabbed_rows(path: Path, *, columns: int) -> Iterator[list[str]]:
    """Read a BDPM file: no header, no quoting, fields stripped, blank lines and stray CR ignored.

    Raises `InvalidInput` when a line has fewer columns than the file's layout; more columns
    (a tab typed in a label) are kept for the caller.
    """
    for number, line in enumerate(_text(path).replace("\r", "").split("\n"), start=1):
        if not line.strip():
            continue
        fields = [field.strip() for field in line.split("\t")]
        if len(fields) < columns:
            raise InvalidInput(
                f"{path.name}, ligne {number} : {len(fields)} colonnes au lieu de {columns}. "
                "Téléchargez de nouveau le fichier de la base publique des médicaments."
            )
        yield fields


def csv_rows(path: Path) -> Iterator[dict[str, str]]:
    """Read a comma-separated file with its header, as UTF-8."""
    yield from csv.DictReader(_text(path).splitlines())


def _text(path: Path) -> str:
    """Decode a file: UTF-8 if it is, else windows-1252.

    The presentations have been either one or the other over the years, their sibling files have
    not changed; accented French in windows-1252 is never valid UTF-8.
    """
    raw = path.read_bytes()
    if path.suffix == ".gz":
        raw = gzip.decompress(raw)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")
