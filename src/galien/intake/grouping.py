"""Sums by group over whole-number columns, exact."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from galien.intake.arrow import Array, arrow
from galien.intake.cells import Flags
from galien.intake.framing import Ints
from galien.intake.whole import packed
from galien.model.columns import ColumnType
from galien.model.facts import Fact


class Groups:
    """Rows brought together by equal keys; groups come out in the order of the keys."""

    def __init__(self, columns: list[Ints]) -> None:
        keys = packed(columns)
        self.order = np.argsort(keys)
        sorted_keys = keys[self.order]
        fresh = np.concatenate(([True], sorted_keys[1:] != sorted_keys[:-1]))
        self.starts = np.flatnonzero(fresh[: len(keys)])
        self.heads = self.order[self.starts]
        self._ranks = np.cumsum(fresh[: len(keys)]) - 1

    def __len__(self) -> int:
        return len(self.starts)

    def of_rows(self) -> Ints:
        """Return the group of each row, in the rows' own order."""
        groups = np.empty(len(self.order), np.int64)
        groups[self.order] = self._ranks
        return groups

    def sum(self, values: Ints | Flags) -> Ints:
        """Add up a column by group."""
        if not len(self.starts):
            return np.zeros(0, np.int64)
        sorted_values = values[self.order].astype(np.int64, copy=False)
        return np.asarray(np.add.reduceat(sorted_values, self.starts), np.int64)

    def count(self) -> Ints:
        """Count the rows of each group."""
        return np.diff(np.append(self.starts, len(self.order)))

    def smallest(self, values: Ints) -> Ints:
        """Return the smallest value of each group."""
        return np.asarray(np.minimum.reduceat(values[self.order], self.starts), np.int64)

    def bits(self, values: Ints) -> Ints:
        """Return the union of bit masks of each group."""
        return np.asarray(np.bitwise_or.reduceat(values[self.order], self.starts), np.int64)


def exact_decimals(units: Ints, kind: pa.DataType, empty: Flags | None = None) -> Array:
    """Make decimals from whole numbers of their last place, without any conversion of values."""
    halves = np.empty((len(units), 2), np.int64)
    halves[:, 0] = units
    halves[:, 1] = units >> 63
    validity = None
    if empty is not None and empty.any():
        validity = pa.array(~empty).buffers()[1]
    return pa.Array.from_buffers(kind, len(units), [validity, arrow.py_buffer(halves)])


def column_array(kind: ColumnType, values: Ints, empty: Flags | None = None) -> Array:
    """Make the stored column of a type from whole numbers (days and times are seconds since 1970)."""
    if kind in (ColumnType.AMOUNT, ColumnType.FINE_AMOUNT, ColumnType.RATE):
        return exact_decimals(values, kind.arrow, empty)
    mask = empty if empty is not None and empty.any() else None
    if kind is ColumnType.DATE:
        return pa.array((values // 86_400).astype(np.int32), pa.int32(), mask=mask).cast(
            pa.date32()
        )
    if kind is ColumnType.DATETIME:
        return pa.array(values, pa.int64(), mask=mask).cast(pa.timestamp("s"))
    return pa.array(values, pa.int64(), mask=mask)


def fact_table(fact: Fact, columns: dict[str, Array]) -> pa.Table:
    """Assemble a fact in its schema; the rows come in the fact's own order."""
    schema = fact.schema()
    arrays = [columns[field.name].cast(field.type) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def sorted_fact(fact: Fact, table: pa.Table) -> pa.Table:
    """Put the rows of a fact in its own order."""
    return table.sort_by([(name, "ascending") for name in fact.sort])
