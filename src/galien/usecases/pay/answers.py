"""Computed figures as an answer, so that pages, exports and the command line print them as any other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa

from galien.analytics.answer import (
    Answer,
    AnswerColumn,
    AnswerMeta,
    ColumnKind,
    DataState,
    Figure,
)
from galien.analytics.numbers import AMOUNT
from galien.analytics.question import Question
from galien.kernel import glossary
from galien.kernel.money import round_amount
from galien.kernel.period import Period
from galien.kernel.units import Unit

Figures = Mapping[str, Decimal | int | None]


@dataclass(frozen=True)
class Origin:
    """Where computed figures come from: release, period, pharmacies, the question they answer."""

    release: str
    period: Period
    pharmacies: tuple[str, ...]
    question: Question
    state: DataState
    milliseconds: float = 0.0


def made_answer(
    by: str,
    rows: Sequence[tuple[str, str, Figures]],
    total: Figures,
    measures: Sequence[str],
    origin: Origin,
) -> Answer:
    """Return rows (key, label, exact figures) as an answer; amounts are rounded here, once.

    `measures` are words of the glossary; a figure a row lacks is empty.
    """
    terms = [glossary.term(name) for name in measures]
    definition = glossary.definition(by)
    columns = [
        AnswerColumn(by, glossary.label(by), Unit.NONE, ColumnKind.KEY, by, definition),
        AnswerColumn(
            f"{by}_label", glossary.label(by), Unit.NONE, ColumnKind.LABEL, by, definition
        ),
        *(
            AnswerColumn(t.name, t.label, t.unit, ColumnKind.MEASURE, t.name, t.definition)
            for t in terms
        ),
    ]
    arrays = [
        pa.array([key for key, _, _ in rows], pa.string()),
        pa.array([label for _, label, _ in rows], pa.string()),
        *(
            pa.array(
                [_figure(f.get(t.name), t.unit) for _, _, f in rows], _TYPES.get(t.unit, AMOUNT)
            )
            for t in terms
        ),
    ]
    return Answer(
        columns=tuple(columns),
        table=pa.Table.from_arrays(arrays, names=[column.name for column in columns]),
        totals={t.name: _figure(total.get(t.name), t.unit) for t in terms},
        meta=AnswerMeta(
            release=origin.release,
            period=origin.period,
            comparison=None,
            scope=origin.pharmacies,
            rows=len(rows),
            milliseconds=origin.milliseconds,
            question=origin.question,
        ),
        state=origin.state,
    )


_TYPES = {Unit.RATIO: pa.float64(), Unit.COUNT: pa.int64(), Unit.BOXES: pa.int64()}


def _figure(value: Decimal | int | None, unit: Unit) -> Figure:
    if value is None:
        return None
    if unit.is_money:
        return round_amount(Decimal(value))
    return float(value) if unit is Unit.RATIO else int(value)
