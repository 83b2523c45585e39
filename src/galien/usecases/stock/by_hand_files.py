"""What is set of stocks by hand, as tables: products with their levels, events with their dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from galien.kernel import french
from galien.kernel.errors import InvalidInput
from galien.usecases.export.delimited import written
from galien.usecases.stock.by_hand import (
    FLAGS,
    KINDS,
    LEVELS,
    EventKind,
    KnownEvent,
    ProductSetting,
    Written,
)
from galien.usecases.typed_cells import Cells
from galien.usecases.typed_csv import TypedRow, read_number, read_table

PRODUCTS = ("product_code", *LEVELS, *FLAGS, "note")
EVENTS = (
    "name", "kind", "first", "last", "effect", "universe", "family", "product_code", "source",
)  # fmt: skip
REQUIRED_OF_EVENTS = ("name", "first", "last", "effect")
YES = frozenset({"oui", "o", "1", "vrai", "true", "yes", "x"})
NO = frozenset({"non", "n", "0", "faux", "false", "no"})
LONGEST = 200  # letters of a text


def read_products(content: bytes, name: str, by: Written) -> list[ProductSetting]:
    """Read settings of products; InvalidInput naming the line that is wrong."""
    table = read_table(content, required=("product_code",), known=PRODUCTS, name=name)
    found: dict[str, ProductSetting] = {}
    for row in table.rows:
        setting = product_of(row, by)
        if setting.product_code in found:
            raise InvalidInput(
                f"Ligne {row.line} : le produit {setting.product_code} figure deux fois."
            )
        found[setting.product_code] = setting
    if not found:
        raise InvalidInput(f"« {name} » n’a aucun produit sous son en-tête.")
    return list(found.values())


def product_of(row: TypedRow, by: Written) -> ProductSetting:
    """Read the settings of one product, from a line or a form."""
    given: dict[str, Any] = {each: row.count(each) for each in LEVELS}
    given |= {each: _flag(row, each) for each in FLAGS}
    note = row.cells.get("note", "")[:LONGEST]
    return ProductSetting(row.cells.get("product_code", "")[:40], by, **given, note=note)


def read_events(content: bytes, name: str, by: Written) -> list[KnownEvent]:
    """Read known events; InvalidInput naming the line that is wrong."""
    table = read_table(content, required=REQUIRED_OF_EVENTS, known=EVENTS, name=name)
    if not table.rows:
        raise InvalidInput(f"« {name} » n’a aucun évènement sous son en-tête.")
    return [event_of(row, name, by) for row in table.rows]


def event_of(row: TypedRow, name: str, by: Written) -> KnownEvent:
    """Read one event, from a line or a form; its effect is typed 30 % or 0,3."""
    cells = Cells(Path(name), row)
    texts = {
        each: row.cells.get(each, "")[:LONGEST]
        for each in ("universe", "family", "product_code", "source")
    }
    return KnownEvent(
        name=row.cells.get("name", "")[:LONGEST], kind=_kind(cells), first=_day(cells, "first"),
        last=_day(cells, "last"), effect=_effect(cells), written=by, **texts,
    )  # fmt: skip


def products_csv(given: Iterable[ProductSetting]) -> bytes:
    """Write settings of products as the table that is read again."""
    rows = [
        [each.product_code, *(getattr(each, name) for name in LEVELS),
         *(_yes(getattr(each, name)) for name in FLAGS), each.note]
        for each in given
    ]  # fmt: skip
    return written([PRODUCTS, *rows])


def events_csv(given: Iterable[KnownEvent]) -> bytes:
    """Write known events as the table that is read again."""
    rows = [
        [each.name, each.kind.value, each.first.isoformat(), each.last.isoformat(),
         f"{french.number(100 * each.effect, 1).replace(french.MINUS, '-')} %", each.universe,
         each.family, each.product_code, each.source]
        for each in given
    ]  # fmt: skip
    return written([EVENTS, *rows])


def _yes(value: object) -> str:
    return "" if value is None else "oui" if value else "non"


def _flag(row: TypedRow, column: str) -> bool | None:
    text = french.fold(row.cells.get(column, "").strip())
    if not text:
        return None
    if text not in YES | NO:
        raise InvalidInput(f"Ligne {row.line}, colonne {column} : écrivez oui ou non.")
    return text in YES


def _kind(cells: Cells) -> EventKind:
    text = french.fold(cells.text("kind", EventKind.OTHER.value))
    named = {french.fold(label): kind for kind, label in KINDS.items()}
    named |= {kind.value: kind for kind in EventKind}
    if text not in named:
        raise InvalidInput(f"{cells.where}, colonne kind : l’un de {', '.join(EventKind)}.")
    return named[text]


def _day(cells: Cells, column: str) -> dt.date:
    """Read a day written 2026-01-31 or 31/01/2026."""
    text = cells.text(column)
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return dt.datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no hour
        except ValueError:
            continue
    raise InvalidInput(
        f"{cells.where}, colonne {column} : « {text[:20]} » n’est pas une date (31/01/2026)."
    )


def _effect(cells: Cells) -> float:
    """Read an effect: a percentage with its sign, or a ratio."""
    text = cells.text("effect")
    found = read_number(text.lstrip("+'"), f"{cells.where}, colonne effect")
    return float(found) / 100 if text.rstrip().endswith("%") else float(found)
