"""Parquet whose columns say what they are."""

from __future__ import annotations

import json

import pyarrow as pa
import pyarrow.parquet as pq

from galien.analytics.answer import Answer
from galien.usecases.export.cells import facts
from galien.usecases.export.plain import to_json


def to_parquet(answer: Answer) -> bytes:
    """Write rows as Parquet; each column carries its label, unit and definition."""
    fields = [
        answer.table.schema.field(column.name).with_metadata(
            {"label": column.label, "unit": column.unit.value, "definition": column.definition}
        )
        for column in answer.columns
    ]
    described = to_json(answer)
    metadata: dict[bytes | str, bytes | str] = {
        "galien.facts": json.dumps(dict(facts(answer)), ensure_ascii=False),
        "galien.meta": json.dumps(described["meta"], ensure_ascii=False),
        "galien.totals": json.dumps(described["totals"], ensure_ascii=False),
    }
    table = answer.table.cast(pa.schema(fields, metadata=metadata))
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    return sink.getvalue().to_pybytes()
