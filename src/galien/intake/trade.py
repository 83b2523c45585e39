"""Purchase lines and stock levels, stored as they came once typed."""

from __future__ import annotations

import pyarrow as pa

from galien.intake.arrow import Array, arrow
from galien.intake.grouping import column_array, fact_table, sorted_fact
from galien.intake.rows import Rows
from galien.model.columns import ColumnType
from galien.model.facts import DELIVERED, Fact


def reduce_lines(rows: Rows, fact_name: str) -> dict[str, pa.Table]:
    """Return the single fact of a feed whose lines are kept whole."""
    fact = DELIVERED[fact_name]
    return {fact.name: sorted_fact(fact, fact_table(fact, _columns(rows, fact)))}


def _columns(rows: Rows, fact: Fact) -> dict[str, Array]:
    columns: dict[str, Array] = {}
    for column in fact.columns:
        if column.type is ColumnType.TEXT:
            text = rows.texts.get(column.name)
            columns[column.name] = (
                pa.nulls(len(rows), pa.string()) if text is None else text.dictionary_decode()
            )
        elif column.name in rows.numbers:
            empty = ~rows.given(column.name)
            columns[column.name] = column_array(column.type, rows.numbers[column.name], empty)
        else:
            columns[column.name] = arrow.nulls(len(rows), column.type.arrow)
    return columns
