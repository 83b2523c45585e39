"""Proposes a mapping for a file nobody has mapped: how it is written, and which column is which.

What is proposed is looked at and corrected by a person, previewed on the file's own rows, then saved under
a name: reading itself never guesses.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from galien.intake.controls.base import Terms
from galien.intake.framing import split_line
from galien.intake.guesses import (
    Guess,
    convert_for,
    date_format,
    decimal_mark,
    guess_columns,
    shape_code_table,
)
from galien.intake.kept import KeptFacts
from galien.intake.library import SHIPPED
from galien.intake.limits import Limits
from galien.intake.mapping import Mapping, mapping_from
from galien.intake.outcome import Delivery
from galien.intake.reading import Job, read_stream
from galien.kernel.errors import InvalidInput
from galien.model.columns import ColumnType
from galien.model.feeds import FEEDS

SAMPLE_BYTES = 256 * 1024
_JUDGED = 500
"""Rows that columns are judged on; codes are sought in the whole sample."""
_DELIMITERS = (";", "\t", "|", ",")


@dataclass(frozen=True)
class Proposal:
    """A mapping as content to edit (the YAML's own structure), with what each match is worth.

    `missing` are the canonical columns that nothing in the file looks like; `content` lacks them.
    """

    content: dict[str, Any]
    header: tuple[str, ...]
    guesses: tuple[Guess, ...]
    missing: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Preview:
    """The first rows as sent, the same once mapped, and what the whole sample would give."""

    header: tuple[str, ...]
    before: tuple[tuple[str, ...], ...]
    columns: tuple[str, ...]
    after: tuple[tuple[str, ...], ...]
    delivery: Delivery


def propose(sample: bytes, filename: str, feed: str) -> Proposal:
    """Propose how a file's feed is written, from its first bytes.

    Raises InvalidInput when the sample is not a table of text with a header line.
    """
    text, encoding = _decoded(sample[:SAMPLE_BYTES])
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) < 2:
        raise InvalidInput(
            "L’échantillon n’a pas au moins un en-tête et une ligne : choisissez un autre fichier."
        )
    whole = lines if len(sample) <= SAMPLE_BYTES and text.endswith(("\n", "\r")) else lines[:-1]
    delimiter = _delimiter(whole)
    table = [_split(line, delimiter) for line in whole]
    header, rows = table[0], [row for row in table[1:] if len(row) == len(table[0])]
    columns = [[row[at] for row in rows] for at in range(len(header))]
    guesses = guess_columns(feed, header, [cells[:_JUDGED] for cells in columns])
    mark = decimal_mark([cells[:_JUDGED] for cells in columns], delimiter)
    return Proposal(
        content={
            "name": _name(filename),
            "label": Path(filename).stem,
            "feeds": {
                feed: {
                    "file": {
                        "format": "csv",
                        "encoding": encoding,
                        "delimiter": delimiter,
                        "decimal": mark,
                        # Who writes a decimal comma may cut thousands by a space further on.
                        "thousands": " " if mark == "," else "",
                    },
                    "columns": _rules(feed, guesses, header, columns),
                }
            },
        },
        header=tuple(header),
        guesses=tuple(guesses),
        missing=_missing(feed, guesses),
        rows=tuple(tuple(row) for row in rows[:20]),
    )


def mapping_of(content: dict[str, Any]) -> Mapping:
    """Check an edited proposal and make its mapping; InvalidInput says what is wrong in it."""
    return mapping_from(content, where=str(content.get("name", "nouvelle correspondance")))


def preview(mapping: Mapping, sample: bytes, *, feed: str, terms: Terms) -> Preview:
    """Show the first rows of a sample before and after a mapping, and what the sample would give."""
    form = mapping.of(feed).file
    encoding = "utf-8" if sample.startswith(codecs.BOM_UTF8) else form.encoding
    text = sample[:SAMPLE_BYTES].decode(encoding, "replace").lstrip("\ufeff")
    lines = [line for line in text.splitlines() if line.strip()]
    delimiter = form.delimiter if len(form.delimiter) == 1 else _delimiter(lines)
    before = [tuple(_split(line, delimiter)) for line in lines[:11]]
    whole = sample[: sample[:SAMPLE_BYTES].rfind(b"\n") + 1] or sample
    job = Job(feed, mapping.name, mapping.of(feed), terms, Limits(threads=1))
    delivery = read_stream(io.BytesIO(whole), job)
    table = next(iter(delivery.facts.values()), None)
    after = (
        []
        if table is None
        else [tuple(map(_shown, r.values())) for r in table.slice(0, 10).to_pylist()]
    )
    return Preview(
        header=before[0] if before else (),
        before=tuple(before[1:]),
        columns=() if table is None else tuple(table.column_names),
        after=tuple(after),
        delivery=replace(delivery, facts=KeptFacts()),
    )


def save(content: dict[str, Any], workspace: Path) -> Mapping:
    """Save a mapping in the workspace under its name; InvalidInput when Galien ships one so named."""
    mapping = mapping_of(content)
    if (SHIPPED / f"{mapping.name}.yaml").exists():
        raise InvalidInput(
            f"« {mapping.name} » est une correspondance livrée avec Galien : choisissez un autre nom."
        )
    folder = workspace / "mappings"
    folder.mkdir(parents=True, exist_ok=True)
    waiting = folder / f".{mapping.name}.tmp"
    waiting.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), "utf-8")
    waiting.replace(folder / f"{mapping.name}.yaml")
    return mapping


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def _decoded(sample: bytes) -> tuple[str, str]:
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return sample[: len(sample) // 2 * 2].decode("utf-16", "ignore"), "utf-8"
    whole = sample[: sample.rfind(b"\n") + 1] or sample
    try:
        return whole.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        return whole.decode("cp1252", "replace"), "cp1252"


def _split(line: str, delimiter: str) -> list[str]:
    cells = split_line(line.encode(), delimiter.encode(), b'"')
    return [cell.decode("utf-8", "replace").strip() for cell in cells]


def _delimiter(lines: Sequence[str]) -> str:
    # The right one cuts every line alike, into the most columns.
    def merit(delimiter: str) -> tuple[int, int]:
        widths = [len(_split(line, delimiter)) for line in lines[:100]]
        return widths.count(widths[0]) * (widths[0] > 1), widths[0]

    return max(_DELIMITERS, key=merit)


def _name(filename: str) -> str:
    stem = re.sub(r"\d+", "", Path(filename).stem.lower())
    return re.sub(r"[^a-z0-9]+", "-", stem).strip("-") or "nouvelle-correspondance"


def _rules(
    feed: str, guesses: Sequence[Guess], header: list[str], columns: list[list[str]]
) -> dict[str, Any]:
    rules: dict[str, Any] = {}
    for guess in guesses:
        column = FEEDS[feed].column(guess.column)
        cells = [columns[header.index(source)] for source in guess.sources]
        rule: dict[str, Any] = {
            "from": guess.sources[0] if len(cells) == 1 else list(guess.sources)
        }
        convert = convert_for(column, guess.sources[0], cells[0])
        if convert:
            rule["convert"] = convert
        if column.type in (ColumnType.DATE, ColumnType.DATETIME):
            rule["format"] = " ".join(date_format(values) for values in cells)
        if column.choices:
            rule["codes"] = shape_code_table(column.name, cells[0])
        rules[guess.column] = rule
    if "pharmacy" not in rules:
        rules["pharmacy"] = {"constant": "sender"}
    return _with_computed(feed, rules)


# What a feed can compute: the column, how, and the columns it takes.
_COMPUTABLE: dict[str, tuple[tuple[str, str, tuple[str, ...]], ...]] = {
    "sales": (
        ("net_incl", "net_incl_from_gross_and_discount", ("gross_incl",)),
        ("gross_incl", "gross_incl_from_net_and_discount", ("net_incl",)),
        ("net_excl", "net_excl_from_net_incl_and_vat", ("net_incl", "vat_rate")),
        ("visit", "visit_from_invoice", ("invoice",)),
        ("line_no", "line_no_from_position", ()),
    ),
    "purchases": (
        (
            "list_amount_excl",
            "list_amount_from_price_and_quantity",
            ("list_price_excl", "delivered_quantity"),
        ),
        (
            "net_amount_excl",
            "net_amount_from_price_and_quantity",
            ("net_price_excl", "delivered_quantity"),
        ),
        ("line_no", "line_no_from_position", ()),
    ),
}


def _with_computed(feed: str, rules: dict[str, Any]) -> dict[str, Any]:
    for column, computed, needed in _COMPUTABLE.get(feed, ()):
        if column not in rules and set(needed) <= set(rules):
            rules[column] = {"computed": computed}
    return rules


def _missing(feed: str, guesses: Sequence[Guess]) -> tuple[str, ...]:
    found = {guess.column for guess in guesses}
    rules = _with_computed(feed, dict.fromkeys(found | {"pharmacy"}))
    return tuple(c.name for c in FEEDS[feed].columns if c.required and c.name not in rules)
