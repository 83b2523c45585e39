"""Printing an answer: aligned text for people, JSON for scripts, CSV as French spreadsheets read it."""

from __future__ import annotations

import csv
import io
import json
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from galien.kernel import french
from galien.kernel.plain import plain

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
BOM = "\ufeff"
MOST_DECIMALS = 6  # an unrounded rate has twenty-eight


@dataclass(frozen=True)
class Column:
    """A column of an answer: its key, its French label and its unit."""

    name: str
    label: str
    unit: str = ""


@dataclass(frozen=True)
class Rows:
    """A table to print: columns, rows, totals and what surrounds them."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[object]]
    totals: Mapping[str, object] = field(default_factory=dict)
    meta: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        columns: Sequence[Column],
        records: Iterable[Mapping[str, object]],
        *,
        totals: Mapping[str, object] | None = None,
    ) -> Rows:
        """Return the table of records by name of column; what has no column is left out."""
        rows = [[record[column.name] for column in columns] for record in records]
        return cls(columns, rows, totals=totals or {})


@dataclass(frozen=True)
class Told:
    """An answer of its own shape for scripts, that people read as a table."""

    content: Mapping[str, object]
    rows: Rows


Printable = Rows | Told | Mapping[str, object] | None


def rendered(answer: Printable, style: str) -> str:
    """Return the text of an answer in a style: `table`, `json` or `csv`."""
    if answer is None:
        return ""
    if isinstance(answer, Told):
        answer = answer.content if style == "json" else answer.rows
    if style == "json":
        return _json(answer)
    return _csv(answer) if style == "csv" else _table(answer)


def _json(answer: Rows | Mapping[str, object]) -> str:
    content: object = answer
    if isinstance(answer, Rows):
        content = {
            "meta": answer.meta,
            "columns": [vars(column) for column in answer.columns],
            "rows": answer.rows,
            "totals": answer.totals,
        }
    return json.dumps(plain(content), ensure_ascii=False, indent=2) + "\n"


def _csv(answer: Rows | Mapping[str, object]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    if isinstance(answer, Rows):
        writer.writerow(column.name for column in answer.columns)
        writer.writerows([_cell(value) for value in row] for row in answer.rows)
    else:
        writer.writerow(answer)
        writer.writerow(_cell(value) for value in answer.values())
    return BOM + text.getvalue()


def _cell(value: object) -> str:
    match value:
        case Decimal():
            return f"{value:f}".replace(".", ",")
        case float():
            return repr(value).replace(".", ",")
        case Mapping() | list() | tuple():
            return json.dumps(plain(value), ensure_ascii=False)
        case str() if value.startswith(FORMULA_STARTS):
            return f"'{value}"
    return _word(value)


def _word(value: object) -> str:
    """Write what reads the same in a table and in a spreadsheet."""
    match value:
        case None:
            return ""
        case bool():
            return "oui" if value else "non"
    return str(plain(value))


def _table(answer: Rows | Mapping[str, object]) -> str:
    if isinstance(answer, Rows):
        return _aligned(answer)
    width = max((len(key) for key in answer), default=0)
    return "".join(
        f"{key}\n{textwrap.indent(_aligned(within), '  ')}"
        if (within := _listed(value))
        else f"{key:<{width}}  {_shown(value)}".rstrip() + "\n"
        for key, value in answer.items()
    )


def _listed(value: object) -> Rows | None:
    """Return a list of things told in the same words as the rows it is; None for all else."""
    things = value if isinstance(value, list | tuple) else ()
    if not things or not all(isinstance(each, Mapping) and each for each in things):
        return None
    names = list(things[0])
    if any(list(each) != names for each in things):
        return None
    return Rows([Column(name, name) for name in names], [list(each.values()) for each in things])


def _aligned(answer: Rows) -> str:
    head = [column.label for column in answer.columns]
    body = [[_shown(value) for value in row] for row in answer.rows]
    if answer.totals:
        body.append([_shown(answer.totals.get(column.name)) for column in answer.columns])
    widths = [max(len(row[i]) for row in [head, *body]) for i in range(len(head))]
    numeric = [
        all(isinstance(row[i], int | float | Decimal | None) for row in answer.rows)
        for i in range(len(head))
    ]
    lines = [
        "  ".join(
            text.rjust(width) if right else text.ljust(width)
            for text, width, right in zip(row, widths, numeric, strict=True)
        ).rstrip()
        for row in [head, ["─" * width for width in widths], *body]
    ]
    return "\n".join(lines) + "\n"


def _shown(value: object) -> str:
    match value:
        case int() if not isinstance(value, bool):
            return french.number(value, 0)
        case Decimal():
            return french.number(value, _decimals(value))
        case float():
            return french.number(Decimal(repr(value)), 4)
        case Mapping():
            return ", ".join(f"{key} {_shown(each)}" for key, each in value.items())
        case list() | tuple():
            return ", ".join(_shown(each) for each in value)
    return _word(value)


def _decimals(value: Decimal) -> int:
    """Return the decimals that say something: zeros beyond cents are how figures are stored."""
    given, needed = (-int(each.as_tuple().exponent) for each in (value, value.normalize()))
    return min(MOST_DECIMALS, max(0, needed, min(given, 2)))
