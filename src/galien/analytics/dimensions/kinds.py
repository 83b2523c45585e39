"""Kinds of dimensions: where a key is read, how it is named, and how a filter on it is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import ClassVar

from galien.analytics.tables import Source, Table
from galien.kernel import glossary
from galien.kernel.errors import InvalidInput
from galien.kernel.units import Unit
from galien.model.enums import SALE_TYPES, sale_type_mask

Value = str | int | Decimal | dt.date


@dataclass(frozen=True)
class Shift:
    """How far the dates of the compared period are moved to stand beside those of the period."""

    months: int = 0
    days: int = 0

    def over(self, date_sql: str) -> str:
        """Return the SQL of a date moved.

        >>> Shift(months=12).over("s.month")
        "cast(s.month + interval '12' month as date)"
        """
        if self.months:
            return f"cast({date_sql} + interval '{self.months}' month as date)"
        if self.days:
            return f"cast({date_sql} + interval '{self.days}' day as date)"
        return date_sql


@dataclass(frozen=True)
class ScanKey:
    """A key in a scan: what is grouped by, what is shown of it, and a join it needs.

    `merging` when several keys grouped by are shown as one.
    """

    grouped: str
    shown: str
    join: str = ""
    merging: bool = False


@dataclass(frozen=True)
class Lookup:
    """A table of the release read once to name the keys of a dimension.

    `version` is the number that orders the rows of one key: the last one with a label names it.
    """

    table: str
    key: str
    label: str
    version: str | None = None


@dataclass(frozen=True)
class Dimension:
    """Something figures are cut by.

    `needs` are the keys a table must have for it. `textual` keys come from the engine as they are
    written; the others are dates and numbers. `numbered` keys come with a number of the table that
    names them: by it, thousands are named in no time.
    """

    name: str
    needs: ClassVar[frozenset[str]] = frozenset()
    product: ClassVar[bool] = False
    in_time: ClassVar[bool] = False
    overlapping: ClassVar[bool] = False
    numeric: ClassVar[bool] = False
    textual: ClassVar[bool] = True
    numbered: ClassVar[bool] = False

    @property
    def label(self) -> str:
        """French label."""
        return glossary.label(self.name)

    @property
    def unit(self) -> Unit:
        """Unit of its keys."""
        return glossary.unit(self.name)

    @property
    def definition(self) -> str:
        """What it means, in a French sentence."""
        return glossary.definition(self.name)

    @property
    def lookup(self) -> Lookup | None:
        """Table that names the keys, when names are data."""
        return None

    def required(self) -> frozenset[str]:
        """Return the keys a table must have to be cut by it."""
        return self.needs

    def scan(self, table: Table, shift: Shift) -> ScanKey:
        """Return how its key is read in a scan of `table`."""
        raise NotImplementedError

    def fold(self, key: str, alias: str) -> tuple[str, str]:
        """Return the SQL of the final key from the scanned one, and the join it needs."""
        del alias
        return key, ""

    def number(self, alias: str) -> str:
        """Return the SQL of the number that comes with a key of the table that names it."""
        raise NotImplementedError

    def text(self, value: Value) -> str:
        """Write a key as people write it in a filter."""
        return str(value)

    def name_key(self, key: str) -> str:
        """Return the French label of a key that no table names."""
        return key

    def read(self, text: str) -> Value:
        """Read a key written in a filter; InvalidInput when it cannot be one."""
        return text


@dataclass(frozen=True)
class FactKey(Dimension):
    """A key kept in the rows themselves: supplier, channel, operator."""

    column: str = ""
    labels: Mapping[str, str] | None = None

    def required(self) -> frozenset[str]:
        """Return its own column."""
        return frozenset({self.column})

    def scan(self, table: Table, shift: Shift) -> ScanKey:
        """Return the column, grouped as stored and shown as text."""
        del shift
        raw = table.key(self.column)
        return ScanKey(raw, f"cast({raw} as string)")

    def condition(self, table: Table, parameter: str) -> str:
        """Return the SQL that keeps rows whose key is in a bound list."""
        return f"cast({table.key(self.column)} as string) in (select unnest({parameter}))"

    def name_key(self, key: str) -> str:
        """Return the label declared for a key, else the key."""
        return (self.labels or {}).get(key, key)


@dataclass(frozen=True)
class NumberKey(FactKey):
    """A key that is a number: a rate, a two-hour band."""

    numeric: ClassVar[bool] = True
    textual: ClassVar[bool] = False
    whole: bool = True
    naming: Callable[[Decimal], str] = str

    def scan(self, table: Table, shift: Shift) -> ScanKey:
        """Return the column as it is: numbers sort as numbers."""
        del shift
        raw = table.key(self.column)
        return ScanKey(raw, raw)

    def condition(self, table: Table, parameter: str) -> str:
        """Return the SQL that keeps rows whose number is in a bound list."""
        return f"{table.key(self.column)} in (select unnest({parameter}))"

    def text(self, value: Value) -> str:
        """Write the number without useless zeros.

        >>> NumberKey("vat_rate", "vat_rate", whole=False).text(Decimal("0.055000"))
        '0.055'
        """
        return f"{Decimal(str(value)).normalize():f}"

    def name_key(self, key: str) -> str:
        """Return the label of the number."""
        return self.naming(Decimal(key))

    def read(self, text: str) -> Value:
        """Read the number; InvalidInput when it is not one."""
        try:
            number = Decimal(text.replace(",", "."))
        except InvalidOperation:
            raise InvalidInput(
                f"Le filtre « {self.name} » attend un nombre, pas « {text} »."
            ) from None
        return int(number) if self.whole else number


@dataclass(frozen=True)
class ProductAttribute(Dimension):
    """A column of the product as it was that day: family, lab, generic group."""

    column: str = ""
    label_column: str | None = None
    labels: Mapping[str, str] | None = None
    needs: ClassVar[frozenset[str]] = frozenset({"product_id"})
    product: ClassVar[bool] = True

    @property
    def lookup(self) -> Lookup | None:
        """Product table, when another of its columns names the key."""
        if self.label_column is None:
            return None
        return Lookup("product", self.column, self.label_column, "product_id")

    def scan(self, table: Table, shift: Shift) -> ScanKey:
        """Return the attribute of the joined product."""
        del table, shift
        return ScanKey(f"d.{self.column}", f"cast(d.{self.column} as string)")

    def name_key(self, key: str) -> str:
        """Return the label declared for a key, else the key."""
        return (self.labels or {}).get(key, key)


@dataclass(frozen=True)
class ProductCode(ProductAttribute):
    """The product itself, all its versions together: grouped by version, then by code."""

    product: ClassVar[bool] = False
    numbered: ClassVar[bool] = True

    def scan(self, table: Table, shift: Shift) -> ScanKey:
        """Return the version's number: no join while scanning."""
        del table, shift
        return ScanKey("s.product_id", "s.product_id")

    def fold(self, key: str, alias: str) -> tuple[str, str]:
        """Return the code of the version."""
        join = f"left join product {alias} on {alias}.product_id = {key}"
        return f"cast({alias}.product_code as string)", join

    def number(self, alias: str) -> str:
        """Return the number of the last version counted."""
        return f"max({alias}.product_id)"


@dataclass(frozen=True)
class PharmacyAttribute(Dimension):
    """A column of the pharmacy: itself, department, typology, size."""

    column: str = ""
    label_column: str | None = None
    needs: ClassVar[frozenset[str]] = frozenset({"pharmacy_id"})

    @property
    def lookup(self) -> Lookup | None:
        """Pharmacy table, when another of its columns names the key."""
        return Lookup("pharmacy", self.column, self.label_column) if self.label_column else None

    def scan(self, table: Table, shift: Shift) -> ScanKey:
        """Return the number of the pharmacy."""
        del table, shift
        return ScanKey("s.pharmacy_id", "s.pharmacy_id")

    def fold(self, key: str, alias: str) -> tuple[str, str]:
        """Return the attribute of the pharmacy."""
        join = f"left join pharmacy {alias} on {alias}.pharmacy_id = {key}"
        return f"cast({alias}.{self.column} as string)", join


@dataclass(frozen=True)
class PharmacyState(PharmacyAttribute):
    """What a pharmacy sent of the period asked: it filters pharmacies and cuts no figure."""

    labels: Mapping[str, str] | None = None

    def name_key(self, key: str) -> str:
        """Return the label of the state."""
        return (self.labels or {}).get(key, key)

    def read(self, text: str) -> Value:
        """Read a state; InvalidInput names those there are."""
        if text not in (self.labels or {}):
            raise InvalidInput(
                f"Le filtre « {self.name} » attend {' ou '.join(self.labels or ())}, pas « {text} »."
            )
        return text


@dataclass(frozen=True)
class SaleClass(Dimension):
    """How it was sold. One visit may hold several: visits count once in each, once in the total."""

    classes: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, str]
    needs: ClassVar[frozenset[str]] = frozenset({"sale_type"})
    overlapping: ClassVar[bool] = True

    def scan(self, table: Table, shift: Shift) -> ScanKey:
        """Return the class of the row, or one row for each class a visit holds."""
        del shift
        if table.source is Source.VISITS:
            lines = " union all ".join(
                f"select {sale_type_mask(*types)} as mask, '{key}' as class"
                for key, types in self.classes.items()
            )
            join = f"join ({lines}) {self.name} on (s.sale_types & {self.name}.mask & $kept) <> 0"
            return ScanKey(f"{self.name}.class", f"{self.name}.class", join)
        whens = " ".join(
            f"when '{sale_type}' then '{key}'"
            for key, types in self.classes.items()
            for sale_type in types
        )
        return ScanKey("s.sale_type", f"case s.sale_type {whens} end", merging=True)

    def name_key(self, key: str) -> str:
        """Return the label of the class."""
        return self.labels.get(key, key)

    def kept(self, keys: tuple[str, ...], *, exclude: bool) -> frozenset[str]:
        """Return the sale types that a filter on this dimension keeps."""
        chosen = frozenset(t for key in keys for t in self.classes.get(key, ()))
        return frozenset(SALE_TYPES) - chosen if exclude else chosen
