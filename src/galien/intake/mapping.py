"""Mappings: how a source's file, columns, units and codes become the canonical ones, as declared in YAML."""

from __future__ import annotations

import re
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from galien.intake.convert import NumberStyle
from galien.intake.schema import SchemaReader
from galien.kernel import french
from galien.kernel.errors import InvalidInput
from galien.model.columns import Column, ColumnType
from galien.model.feeds import FEEDS, Feed

CONVERSIONS = (
    "text", "integer", "amount", "cents", "ratio", "percent", "date", "datetime", "code",
)  # fmt: skip
FORMATS = ("csv", "xlsx", "ods", "parquet")
ENCODINGS = ("utf-8", "cp1252", "latin-1", "iso-8859-15")
AUTO = "auto"
_ALLOWED = {
    ColumnType.TEXT: ("text", "code"),
    ColumnType.INTEGER: ("integer",),
    ColumnType.AMOUNT: ("amount", "cents"),
    ColumnType.RATE: ("ratio", "percent"),
    ColumnType.DATE: ("date", "datetime"),
    ColumnType.DATETIME: ("datetime", "date"),
}
COMPUTED = {
    "net_incl_from_gross_and_discount": ("net_incl", ("gross_incl", "discount_incl")),
    "gross_incl_from_net_and_discount": ("gross_incl", ("net_incl", "discount_incl")),
    "discount_incl_from_gross_and_net": ("discount_incl", ("gross_incl", "net_incl")),
    "net_excl_from_net_incl_and_vat": ("net_excl", ("net_incl", "vat_rate")),
    "list_amount_from_price_and_quantity": (
        "list_amount_excl", ("list_price_excl", "delivered_quantity"),
    ),
    "net_amount_from_price_and_quantity": (
        "net_amount_excl", ("net_price_excl", "delivered_quantity"),
    ),
    "visit_from_invoice": ("visit", ("invoice",)),
    "line_no_from_position": ("line_no", ()),
}  # fmt: skip
SENDER = "sender"


@dataclass(frozen=True)
class FileForm:
    """How the file is written. `delimiter` and `decimal` may be `auto`: read from the header line."""

    formats: tuple[str, ...] = ("csv",)
    encoding: str = "utf-8"
    delimiter: str = ";"
    quote: str = '"'
    decimal: str = ","
    thousands: str = ""
    header: bool = True

    def numbers(self, delimiter: str) -> NumberStyle:
        """Return how numbers are written once the delimiter is known.

        Under `auto` a comma is decimal only where it does not separate columns.
        """
        if self.decimal == AUTO:
            return NumberStyle("." if delimiter == "," else ",.", self.thousands)
        return NumberStyle(self.decimal, self.thousands)


@dataclass(frozen=True)
class ColumnRule:
    """Where a canonical column comes from: source columns, a constant, or a named computation."""

    column: str
    sources: tuple[str, ...] = ()
    convert: str = "text"
    format: str = ""
    codes: tuple[tuple[str, str], ...] = ()
    constant: str = ""
    computed: str = ""


@dataclass(frozen=True)
class ExportTime:
    """How the time of export is read in the file name: a pattern with one group, and its format."""

    filename: str
    format: str


@dataclass(frozen=True)
class Trailer:
    """The control line that ends a file: how it starts, which of its fields give rows and amount.

    Fields are counted from 1; 0 when the line does not give it.
    """

    starts: str
    rows: int = 0
    amount: int = 0


@dataclass(frozen=True)
class FeedMapping:
    """How one feed of the source is written."""

    feed: str
    file: FileForm
    rules: tuple[ColumnRule, ...]
    hold_above: Decimal = Decimal("0.05")
    exported_at: ExportTime | None = None
    trailer: Trailer | None = None
    ignored: tuple[tuple[str, str], ...] = ()

    def rule(self, column: str) -> ColumnRule | None:
        """Return the rule of a canonical column, if any."""
        return next((rule for rule in self.rules if rule.column == column), None)


@dataclass(frozen=True)
class Mapping:
    """A source layout under its name: one entry per feed that the source sends."""

    name: str
    label: str
    feeds: Dict[str, FeedMapping] = field(default_factory=dict)

    def of(self, feed: str) -> FeedMapping:
        """Return how this source writes a feed; InvalidInput when it does not send it."""
        if feed not in self.feeds:
            sent = ", ".join(self.feeds) or "aucun"
            raise InvalidInput(
                f"La correspondance « {self.name} » ne décrit pas le flux « {feed} » "
                f"(elle décrit : {sent}). Choisissez une autre correspondance, ou complétez-la."
            )
        return self.feeds[feed]


def load_mapping(path: Path) -> Mapping:
    """Read a mapping file; InvalidInput says what is wrong in it, where, and the nearest names."""
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InvalidInput(
            f"La correspondance {path.name} n’est pas du YAML lisible : {error}"
        ) from error
    return mapping_from(content, where=path.name)


def mapping_from(content: Any, *, where: str) -> Mapping:
    """Check a mapping's content and build it; `where` names it in errors."""
    read = SchemaReader(where)
    top = read.table(content, "", known=("name", "label", "feeds"))
    name = read.text(top, "name", "")
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,60}", name):
        raise read.error("name", "un nom est fait de minuscules, de chiffres et de tirets")
    feeds = read.table(top.get("feeds"), "feeds", known=tuple(FEEDS))
    return Mapping(
        name=name,
        label=read.text(top, "label", "", default=name),
        feeds={feed: _feed(read, feed, value) for feed, value in feeds.items()},
    )


def _feed(read: SchemaReader, name: str, content: Any) -> FeedMapping:
    at = f"feeds.{name}"
    table = read.table(
        content, at, known=("file", "exported_at", "hold_above", "columns", "ignored", "trailer")
    )
    feed = FEEDS[name]
    columns = read.table(
        table.get("columns"), f"{at}.columns", known=tuple(c.name for c in feed.columns)
    )
    rules = tuple(_rule(read, feed.column(n), v, f"{at}.columns.{n}") for n, v in columns.items())
    missing = [c.name for c in feed.columns if c.required and c.name not in columns]
    if missing:
        raise read.error(f"{at}.columns", "colonnes obligatoires absentes : " + ", ".join(missing))
    _check_computed(read, feed, rules, at)
    exported = table.get("exported_at")
    ignored = table.get("ignored") or {}
    return FeedMapping(
        feed=name,
        file=_file(read, table.get("file"), f"{at}.file"),
        rules=rules,
        hold_above=read.ratio(table, "hold_above", at, default="0.05"),
        exported_at=_exported(read, exported, f"{at}.exported_at") if exported else None,
        trailer=_trailer(read, table["trailer"], f"{at}.trailer") if "trailer" in table else None,
        ignored=tuple((str(k), str(v)) for k, v in ignored.items()),
    )


def _check_computed(read: SchemaReader, feed: Feed, rules: tuple[ColumnRule, ...], at: str) -> None:
    given = {rule.column for rule in rules if not rule.computed}
    for rule in rules:
        if rule.computed:
            target, needs = COMPUTED[rule.computed]
            lacking = [n for n in needs if n not in given and feed.column(n).required]
            if target != rule.column or lacking:
                raise read.error(
                    f"{at}.columns.{rule.column}",
                    f"« {rule.computed} » calcule {target} à partir de {', '.join(needs)}",
                )


def _rule(read: SchemaReader, column: Column, content: Any, at: str) -> ColumnRule:
    table = read.table(
        content, at, known=("from", "convert", "format", "codes", "constant", "computed")
    )
    if "constant" in table:
        return ColumnRule(column.name, constant=str(table["constant"]))
    if "computed" in table:
        name = read.choice(table, "computed", at, tuple(COMPUTED))
        return ColumnRule(column.name, computed=name)
    sources = table.get("from")
    named = [str(s) for s in sources] if isinstance(sources, list) else [str(sources or "")]
    if not all(named):
        raise read.error(f"{at}.from", "indiquez la colonne du fichier, ou une constante")
    convert = read.choice(table, "convert", at, CONVERSIONS, default=_ALLOWED[column.type][0])
    if convert not in _ALLOWED[column.type]:
        raise read.error(
            f"{at}.convert",
            f"« {convert} » ne convient pas à {column.name} ; "
            f"possibles : {', '.join(_ALLOWED[column.type])}",
        )
    form = str(table.get("format", ""))
    if convert in ("date", "datetime"):
        _check_format(read, form, len(named), at)
    codes = {str(k): str(v) for k, v in (table.get("codes") or {}).items()}
    if convert == "code" and column.choices:
        for value in codes.values():
            read.known(value, column.choices, f"{at}.codes")
    return ColumnRule(column.name, tuple(named), convert, form, tuple(codes.items()))


def _check_format(read: SchemaReader, form: str, columns: int, at: str) -> None:
    directives = re.findall(r"%(.)", form)
    if not {"d", "m"} <= set(directives) or not {"Y", "y"} & set(directives):
        raise read.error(f"{at}.format", "une date s’écrit avec %d, %m et %Y (ou %y)")
    if set(directives) - set("YymdHMS"):
        raise read.error(f"{at}.format", "seuls %Y %y %m %d %H %M %S sont admis")
    if columns > 1 and len(form.split(" ")) != columns:
        raise read.error(f"{at}.format", "séparez par une espace la part de chaque colonne")


def _file(read: SchemaReader, content: Any, at: str) -> FileForm:
    table = read.table(
        content or {},
        at,
        known=("format", "encoding", "delimiter", "quote", "decimal", "thousands", "header"),
    )
    formats = table.get("format", "csv")
    named = tuple(str(f) for f in formats) if isinstance(formats, list) else (str(formats),)
    for each in named:
        read.known(each, FORMATS, f"{at}.format")
    delimiter = str(table.get("delimiter", ";"))
    if delimiter != AUTO and (len(delimiter) != 1 or not delimiter.isascii()):
        raise read.error(f"{at}.delimiter", "un seul caractère, ou « auto »")
    return FileForm(
        formats=named,
        encoding=read.choice(table, "encoding", at, ENCODINGS, default="utf-8"),
        delimiter=delimiter,
        quote=str(table.get("quote", '"') or ""),
        decimal=read.choice(table, "decimal", at, (",", ".", AUTO), default=","),
        thousands=str(table.get("thousands", "") or ""),
        header=bool(table.get("header", True)),
    )


def _exported(read: SchemaReader, content: Any, at: str) -> ExportTime:
    table = read.table(content, at, known=("filename", "format"))
    pattern = read.text(table, "filename", at)
    try:
        if re.compile(pattern).groups != 1:
            raise read.error(f"{at}.filename", "un motif avec un seul groupe entre parenthèses")
    except re.error as error:
        raise read.error(f"{at}.filename", f"motif illisible ({error})") from error
    return ExportTime(pattern, read.text(table, "format", at))


def _trailer(read: SchemaReader, content: Any, at: str) -> Trailer:
    table = read.table(content, at, known=("starts", "rows", "amount"))
    fields = {name: table.get(name, 0) for name in ("rows", "amount")}
    if not all(isinstance(place, int) and place >= 0 for place in fields.values()):
        raise read.error(at, "« rows » et « amount » sont des numéros de champ, à partir de 1")
    return Trailer(read.text(table, "starts", at), **fields)


def same_name(text: str) -> str:
    """Fold a column name for matching: accents, case, spaces, dots and underscores do not count.

    >>> same_name("Qté vendue ") == same_name("QTE_VENDUE")
    True
    """
    return re.sub(r"[\s_.\-'’°/]+", "", french.fold(text.strip().lstrip("\ufeff")))
