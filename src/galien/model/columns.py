"""A column of a feed or a fact: its type, unit and meaning."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pyarrow as pa

from galien.kernel.units import Unit


class ColumnType(StrEnum):
    """Types that canonical columns have; each knows its Arrow storage."""

    TEXT = "text"
    INTEGER = "integer"
    AMOUNT = "amount"
    FINE_AMOUNT = "fine_amount"
    RATE = "rate"
    DATE = "date"
    DATETIME = "datetime"
    BOOLEAN = "boolean"

    @property
    def arrow(self) -> pa.DataType:
        """Return the Arrow type used in storage."""
        return _ARROW[self]


_ARROW: dict[ColumnType, pa.DataType] = {
    ColumnType.TEXT: pa.string(),
    ColumnType.INTEGER: pa.int64(),
    ColumnType.AMOUNT: pa.decimal128(18, 4),
    ColumnType.FINE_AMOUNT: pa.decimal128(18, 8),
    ColumnType.RATE: pa.decimal128(7, 6),
    ColumnType.DATE: pa.date32(),
    ColumnType.DATETIME: pa.timestamp("s"),
    ColumnType.BOOLEAN: pa.bool_(),
}


@dataclass(frozen=True)
class Column:
    """One column: name, type, what it means, unit, and whether a row may lack it."""

    name: str
    type: ColumnType
    meaning: str
    unit: Unit = Unit.NONE
    required: bool = True
    choices: tuple[str, ...] = ()

    @property
    def field(self) -> pa.Field[Any]:
        """Return the Arrow field; nullable unless the column is required."""
        return pa.field(self.name, self.type.arrow, nullable=not self.required)


def text(
    name: str, meaning: str, *, required: bool = True, choices: tuple[str, ...] = ()
) -> Column:
    """Declare a text column."""
    return Column(name, ColumnType.TEXT, meaning, required=required, choices=choices)


def integer(name: str, meaning: str, unit: Unit = Unit.COUNT, *, required: bool = True) -> Column:
    """Declare an integer column."""
    return Column(name, ColumnType.INTEGER, meaning, unit, required=required)


def amount(name: str, meaning: str, unit: Unit, *, required: bool = True) -> Column:
    """Declare an amount in euros, kept to a hundredth of a cent."""
    return Column(name, ColumnType.AMOUNT, meaning, unit, required=required)


def date(name: str, meaning: str, *, required: bool = True) -> Column:
    """Declare a date column."""
    return Column(name, ColumnType.DATE, meaning, required=required)


def rate(name: str, meaning: str, *, required: bool = True) -> Column:
    """Declare a ratio column (0.055 for 5,5 %)."""
    return Column(name, ColumnType.RATE, meaning, Unit.RATIO, required=required)
