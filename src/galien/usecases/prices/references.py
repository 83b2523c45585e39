"""Prices one compares to or may not exceed: former advised prices, LPP limits; declared, sourced, dated.

They are kept beside the catalogue, whole and readable, and are no part of a release.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from galien.kernel.errors import InvalidInput
from galien.usecases.last_used import LastUsed
from galien.usecases.services import Services
from galien.usecases.typed_cells import Cells
from galien.usecases.typed_csv import read_table

FILE = "reference-prices.csv"
COLUMNS = ("product_code", "advised_price", "lpp_maximum", "source", "valid_from")
REQUIRED = ("product_code", "source", "valid_from")
MOST_BYTES = 20_000_000
LONGEST_SOURCE = 200
HIGHEST = Decimal(1_000_000)


@dataclass(frozen=True)
class Reference:
    """A line: a product, its former advised price or LPP limit (euros incl. tax), who says so, since when."""

    product_code: str
    advised_incl: Decimal | None
    lpp_incl: Decimal | None
    source: str
    valid_from: dt.date


@dataclass(frozen=True)
class InForce:
    """What is known of a product on a day: the last advised price and the last LPP limit, and their lines."""

    advised: Reference | None = None
    lpp: Reference | None = None

    @property
    def advised_incl(self) -> Decimal | None:
        """Return the former advised price, euros incl. tax."""
        return self.advised.advised_incl if self.advised else None

    @property
    def lpp_incl(self) -> Decimal | None:
        """Return the price limit of the LPP, euros incl. tax."""
        return self.lpp.lpp_incl if self.lpp else None


@dataclass(frozen=True)
class Brought:
    """What an import did: lines read, new, changed."""

    lines: int
    added: int
    changed: int


_READ: LastUsed[tuple[Reference, ...]] = LastUsed(4)


def read_references(content: bytes, name: str) -> tuple[Reference, ...]:
    """Read a file of reference prices; InvalidInput names the line at fault.

    Columns product_code, source and valid_from (AAAA-MM-JJ), then advised_price, lpp_maximum or both.
    """
    table = read_table(content, required=REQUIRED, known=COLUMNS, name=name, most=MOST_BYTES)
    found: dict[tuple[str, dt.date, str], Reference] = {}
    for row in table.rows:
        cells = Cells(Path(name), row)
        line = _line(cells)
        key = _key(line)
        if key in found:
            raise InvalidInput(
                f"{cells.where} : « {line.product_code} » figure déjà avec cette source et cette date. "
                "Gardez une seule ligne."
            )
        found[key] = line
    if not found:
        raise InvalidInput(f"« {name} » n’a aucune ligne : rien n’a été pris.")
    return tuple(found.values())


def keep(lines: Iterable[Reference], *, services: Services) -> Brought:
    """Add lines to those kept; one of the same product, source and date takes the place of the other."""
    held = {_key(each): each for each in all_references(services=services)}
    told = list(lines)
    added = sum(_key(each) not in held for each in told)
    changed = sum(held.get(_key(each), each) != each for each in told)
    for each in told:
        held[_key(each)] = each
    _write(sorted(held.values(), key=_key), services.workspace.catalogue)
    return Brought(len(told), added, changed)


def forget(source: str, *, services: Services) -> int:
    """Take the lines of a source out, and return how many; InvalidInput when it has none."""
    held = all_references(services=services)
    kept = [each for each in held if each.source != source]
    if len(kept) == len(held):
        raise InvalidInput(f"Aucun prix de référence ne vient de « {source} ».")
    _write(kept, services.workspace.catalogue)
    return len(held) - len(kept)


def all_references(*, services: Services) -> tuple[Reference, ...]:
    """Return every line kept, by product then day."""
    path = services.workspace.catalogue / FILE
    try:
        seen = path.stat()
    except FileNotFoundError:
        return ()
    key = (str(path), seen.st_mtime_ns, seen.st_size)
    return _READ.get(key, lambda: read_references(path.read_bytes(), FILE) if seen.st_size else ())


def in_force(on: dt.date, *, services: Services) -> Mapping[str, InForce]:
    """Return what is known of each product on a day, by product; the last line of each kind wins."""
    found: dict[str, InForce] = {}
    for each in sorted(all_references(services=services), key=lambda line: line.valid_from):
        if each.valid_from <= on:
            now = found.get(each.product_code, InForce())
            found[each.product_code] = InForce(
                each if each.advised_incl is not None else now.advised,
                each if each.lpp_incl is not None else now.lpp,
            )
    return found


def _line(cells: Cells) -> Reference:
    advised, limit = (_price(cells, name) for name in ("advised_price", "lpp_maximum"))
    if advised is None and limit is None:
        raise InvalidInput(
            f"{cells.where} : donnez un prix conseillé (advised_price), une limite LPP (lpp_maximum), ou "
            "les deux."
        )
    day = cells.day("valid_from")
    if day is None:
        raise InvalidInput(f"{cells.where} : la case valid_from est vide. Complétez-la.")
    source = cells.text("source")[:LONGEST_SOURCE]
    return Reference(cells.text("product_code").replace(" ", ""), advised, limit, source, day)


def _price(cells: Cells, column: str) -> Decimal | None:
    found = cells.optional(column)
    if found is not None and not 0 < found < HIGHEST:
        raise InvalidInput(
            f"{cells.where}, colonne {column} : un prix TTC est plus grand que 0. Corrigez-le."
        )
    return found


def _key(line: Reference) -> tuple[str, dt.date, str]:
    return line.product_code, line.valid_from, line.source


def _write(lines: Iterable[Reference], folder: Path) -> None:
    """Write the whole file aside, then put it in place: it is never seen in part."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for each in lines:
        prices = ["" if it is None else f"{it:f}" for it in (each.advised_incl, each.lpp_incl)]
        writer.writerow([each.product_code, *prices, each.source, each.valid_from.isoformat()])
    rows = text.getvalue()
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{FILE}.part"
    with draft.open("w", encoding="utf-8", newline="") as file:
        file.write(rows if rows.count("\n") > 1 else "")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / FILE)
