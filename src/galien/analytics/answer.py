"""An answer: columns that know their unit and definition, rows, totals, release and data state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

import pyarrow as pa

from galien.analytics.question import Question
from galien.kernel.period import Period
from galien.kernel.units import Unit

Figure = Decimal | int | float | None


class ColumnKind(StrEnum):
    """What a column of an answer is."""

    KEY = "key"
    LABEL = "label"
    MEASURE = "measure"
    PREVIOUS = "previous"
    CHANGE = "change"


@dataclass(frozen=True)
class AnswerColumn:
    """A column: name, French label, unit, and the measure or dimension it comes from.

    `numeric` tells a key that is a number (a VAT rate, a band), kept as text beside `other`.
    """

    name: str
    label: str
    unit: Unit
    kind: ColumnKind
    of: str
    definition: str = ""
    numeric: bool = False


@dataclass(frozen=True)
class DataState:
    """State of the data behind an answer: complete, partial, and who is late or left out."""

    complete: bool = True
    pharmacies: int = 0
    complete_pharmacies: int = 0
    data_until: str | None = None
    notes: tuple[str, ...] = ()
    late: tuple[str, ...] = ()


@dataclass(frozen=True)
class AnswerMeta:
    """Where an answer comes from: question, release, periods, scope, tables, size, time taken."""

    release: str
    period: Period
    comparison: Period | None
    scope: tuple[str, ...]
    rows: int
    milliseconds: float
    table: str = ""
    question: Question | None = None


@dataclass(frozen=True)
class Answer:
    """Rows and totals of a question, ready for a page, an export or the API."""

    columns: tuple[AnswerColumn, ...]
    table: pa.Table
    totals: Mapping[str, Figure]
    meta: AnswerMeta
    state: DataState = field(default_factory=DataState)

    def rows(self) -> list[tuple[object, ...]]:
        """Return the rows as tuples in column order."""
        columns = [self.table.column(column.name).to_pylist() for column in self.columns]
        return list(zip(*columns, strict=True))
