"""The assistant's form: what the person corrected becomes a mapping's content, and back."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import QueryDict

from galien.kernel import french
from galien.kernel.glossary import term
from galien.model.columns import Column, ColumnType
from galien.model.enums import CHANNEL_LABELS, SALE_TYPE_LABELS
from galien.model.feeds import FEEDS
from galien.usecases.mapping_assistant import Draft, Preview, computations
from galien.web.components.models import Field, Link, Option, PageHead, Row, TableModel, Tone
from galien.web.components.models import Notice as Said
from galien.web.lists import FEED_LABELS, counted, options, plain_table, text
from galien.web.pages.mappings.shown import COMPUTED, CONVERSIONS, SENDER

DELIMITERS = {";": "Point-virgule", ",": "Virgule", "\t": "Tabulation", "|": "Barre verticale"}
ENCODINGS = {
    "utf-8": "UTF-8",
    "cp1252": "Windows (cp1252)",
    "latin-1": "Latin-1",
    "iso-8859-15": "Latin-9",
}
DECIMALS = {",": "Virgule", ".": "Point"}
THOUSANDS = {"": "Sans séparateur", " ": "Espace"}
READINGS = {
    ColumnType.TEXT: ("text", "code"),
    ColumnType.INTEGER: ("integer",),
    ColumnType.AMOUNT: ("amount", "cents"),
    ColumnType.RATE: ("ratio", "percent"),
    ColumnType.DATE: ("date", "datetime"),
    ColumnType.DATETIME: ("datetime", "date"),
}
MOMENTS = frozenset({ColumnType.DATE, ColumnType.DATETIME})
FROM, ALSO, READ, FORMAT, CODE = "from.", "also.", "read.", "format.", "code."
CONSTANT, COMPUTE, COLUMN = "@sender", "@computed:", "="
MOST_CODES = 40


@dataclass(frozen=True)
class Line:
    """A canonical column in the form: where it comes from, how it is read, codes to translate."""

    column: str
    label: str
    required: bool
    source: Field
    also: Field | None
    reading: Field | None
    format: Field | None
    codes: tuple[tuple[str, Field], ...]


def begin_fields(feed: str, error: str) -> tuple[Field, ...]:
    """Return the fields that ask for a sample."""
    return (
        Field("feed", "Flux", kind="select", required=True, options=options(FEED_LABELS, feed)),
        Field("sample", "Fichier d’exemple", kind="file", required=True, error=error,
              accept=".csv,.txt,.tsv",
              help="Quelques centaines de lignes suffisent, avec leur ligne d’en-tête."),
    )  # fmt: skip


def content(given: QueryDict, made: Draft) -> dict[str, Any]:
    """Return the mapping that the form describes."""
    rules = {}
    for column in FEEDS[made.feed].columns:
        rule = _rule(given, column)
        if rule:
            rules[column.name] = rule
    file = {name: given.get(name, "") for name in ("encoding", "delimiter", "decimal", "thousands")}
    return {
        "name": given.get("name", "").strip().lower(),
        "label": given.get("label", "").strip()[:100],
        "feeds": {made.feed: {"file": {"format": "csv", **file}, "columns": rules}},
    }


def _rule(given: QueryDict, column: Column) -> dict[str, Any]:
    source = given.get(FROM + column.name, "")
    if source == CONSTANT:
        return {"constant": "sender"}
    if source.startswith(COMPUTE):
        return {"computed": source.removeprefix(COMPUTE)}
    if not source.startswith(COLUMN):
        return {}
    also = given.get(ALSO + column.name, "")
    both = [each.removeprefix(COLUMN) for each in (source, also) if each.startswith(COLUMN)]
    rule: dict[str, Any] = {"from": both[0] if len(both) == 1 else both}
    if reading := given.get(READ + column.name):
        rule["convert"] = reading
    if column.type in MOMENTS:
        rule["format"] = given.get(FORMAT + column.name, "").strip()
    if column.choices:
        keys = given.getlist(f"{CODE}{column.name}.key")
        values = given.getlist(f"{CODE}{column.name}.value")
        codes = dict(zip(keys, values, strict=False))
        rule |= {"convert": "code", "codes": {key: value for key, value in codes.items() if value}}
    return rule


def page(
    made: Draft, content: Mapping[str, Any], preview: Preview | None, error: str
) -> dict[str, Any]:
    """Return what the assistant's page prints."""
    feed = content["feeds"][made.feed]
    file, rules = feed["file"], feed["columns"]
    return {
        "made": made,
        "head": PageHead(
            title="Nouvelle correspondance",
            when=f"{FEED_LABELS[made.feed]} · {made.filename}",
            crumbs=(
                Link("Correspondances", "/donnees/correspondances"),
                Link("Nouvelle", "/donnees/correspondances/nouvelle"),
                Link(made.filename, "", current=True),
            ),
        ),
        "names": (
            Field("label", "Libellé", value=str(content["label"]), required=True,
                  help="Ce que l’on choisit au dépôt."),
            Field("name", "Nom", value=str(content["name"]), required=True,
                  help="Minuscules, chiffres et tirets."),
        ),
        "files": (
            Field("delimiter", "Séparateur", kind="select", required=True,
                  options=options(DELIMITERS, file["delimiter"])),
            Field("encoding", "Encodage", kind="select", required=True,
                  options=options(ENCODINGS, file["encoding"])),
            Field("decimal", "Décimale", kind="select", required=True,
                  options=options(DECIMALS, file["decimal"])),
            Field("thousands", "Milliers", kind="select", required=True,
                  options=options(THOUSANDS, file["thousands"])),
        ),
        "lines": [_line(column, rules.get(column.name, {}), made) for column in FEEDS[made.feed].columns],
        "verdict": _verdict(preview, error),
        "before": _table("Les premières lignes du fichier", *_sample(made, preview), "before"),
        "after": _table("Les mêmes, une fois lues et réunies par jour",
                        tuple(_word(name) for name in preview.columns),
                        tuple(tuple(map(tidied, row)) for row in preview.after), "after")
        if preview and preview.columns
        else None,
    }  # fmt: skip


def _sample(
    made: Draft, preview: Preview | None
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    if preview is not None:
        return preview.header, preview.before
    return made.proposal.header, made.proposal.rows[:10]


def _word(name: str) -> str:
    return term(name).label


def tidied(text: str) -> str:
    """Write a value that was read as screens write it: choices in words, days, amounts.

    >>> tidied("2026-10-05"), tidied("6.8900"), tidied("0.055000"), tidied("counter")
    ('05/10/2026', '6,89', '0,055', 'Vente comptoir')
    """
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return f"{dt.date.fromisoformat(text):%d/%m/%Y}"
    if re.fullmatch(r"-?\d+\.\d+", text):
        exact = Decimal(text).normalize()
        return french.number(exact, max(2, -int(exact.as_tuple().exponent)))
    return _choice_label(text)


def _line(column: Column, rule: Mapping[str, Any], made: Draft) -> Line:
    given = rule.get("from", "")
    both = list(given) if isinstance(given, list) else [given] if given else []
    chosen = COLUMN + both[0] if both else ""
    if rule.get("constant") == "sender":
        chosen = CONSTANT
    if rule.get("computed"):
        chosen = COMPUTE + rule["computed"]
    header = tuple(Option(COLUMN + name, name) for name in made.proposal.header)
    extra = [
        Option(COMPUTE + name, f"Calculé\u00a0: {COMPUTED[name]}")
        for name in computations(column.name)
    ]
    if column.name == "pharmacy":
        extra.append(Option(CONSTANT, SENDER))
    label = term(column.name).label
    moment = column.type in MOMENTS
    readings = {name: CONVERSIONS[name] for name in READINGS[column.type]}
    return Line(
        column=column.name,
        label=label,
        required=column.required,
        source=Field(
            FROM + column.name, label, kind="select", value=chosen, required=True,
            options=(Option("", "Absente"), *extra, *header),
        ),
        also=Field(
            ALSO + column.name, f"{label}, suite", kind="select", required=True,
            value=COLUMN + both[1] if len(both) > 1 else "",
            options=(Option("", "Une seule colonne"), *header),
        ) if moment else None,
        reading=Field(
            READ + column.name, f"{label}, lecture", kind="select", required=True,
            options=options(readings, rule.get("convert", "")),
        ) if len(readings) > 1 and not column.choices and column.type is not ColumnType.TEXT else None,
        format=Field(FORMAT + column.name, f"{label}, format", value=rule.get("format", ""), required=True)
        if moment else None,
        codes=_codes(column, rule, both, made),
    )  # fmt: skip


def _codes(
    column: Column, rule: Mapping[str, Any], both: list[str], made: Draft
) -> tuple[tuple[str, Field], ...]:
    """The values the sample holds, each with what it means."""
    if not column.choices or not both or both[0] not in made.proposal.header:
        return ()
    at = made.proposal.header.index(both[0])
    known = rule.get("codes", {})
    seen = dict.fromkeys([*known, *(row[at] for row in made.proposal.rows)])
    labels = {name: _choice_label(name) for name in column.choices}
    return tuple(
        (
            value,
            Field(
                f"{CODE}{column.name}.value", f"Code {value}", kind="select", required=True,
                options=options(labels, known.get(value, ""), first="Écarter ces lignes"),
            ),
        )
        for value in list(seen)[:MOST_CODES]
    )  # fmt: skip


def _choice_label(name: str) -> str:
    return SALE_TYPE_LABELS.get(name) or CHANNEL_LABELS.get(name) or name


def _verdict(preview: Preview | None, error: str) -> Said:
    if preview is None:
        return Said("À corriger", error, Tone.WARNING)
    found = preview.delivery
    accepted = counted(found.accepted, "ligne acceptée", "lignes acceptées")
    read = f"{accepted} sur {french.number(found.received)}"
    if found.received and not found.accepted:
        why = found.issues[0].message if found.issues else found.message
        return Said("Aucune ligne ne passerait", why, Tone.ERROR, reference=found.code)
    if found.quarantined:
        first = found.issues[0].message if found.issues else ""
        aside = counted(found.quarantined, "ligne écartée", "lignes écartées")
        return Said(f"{read}, {aside}", first, Tone.WARNING)
    return Said(f"{read} de l’exemple", "", Tone.GOOD)


def _table(
    caption: str, header: tuple[str, ...], rows: tuple[tuple[str, ...], ...], identity: str
) -> TableModel:
    columns = tuple(text(f"c{at}", name) for at, name in enumerate(header))
    width = len(columns)
    made = (Row(cells=(*row, *[""] * width)[:width]) for row in rows)
    return plain_table(caption, columns, made, identity=identity)
