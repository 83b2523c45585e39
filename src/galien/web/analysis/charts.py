"""The picture beside an analysis table, drawn from the same rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from galien.analytics.answer import Answer
from galien.analytics.question import OTHER
from galien.kernel import french, glossary
from galien.kernel.units import Unit
from galien.web.analysis.address import State
from galien.web.analysis.columns import MAIN_MEASURE, column_label, country_of_answer, level_of
from galien.web.analysis.declared import Analysis
from galien.web.analysis.rows import Record, drill_href, key_of, label_of, records_of
from galien.web.components.models import Link
from galien.web.components.pictures import ChartCard, ChartKind, ChartModel, Node, Point, Series

TAB_LABELS = {
    "bars": "Barres",
    "line": "Courbe",
    "treemap": "Carte",
    "scatter": "Nuage",
    "heatmap": "Semaine",
}
LIMITS = {"bars": 12, "treemap": 40, "scatter": 120}
RATE_OF = {"purchases": "discount_rate", "sales": "margin_rate"}
Records = Sequence[Record]
SIZE_OF = {"purchases": "delivered_quantity", "sales": "quantity"}


def chart_card(answer: Answer, analysis: Analysis, state: State) -> ChartCard | None:
    """Return the chart of an analysis in its card; None when there is nothing to draw."""
    kind = state.chart if state.chart in analysis.charts else analysis.charts[0]
    records = records_of(answer, analysis, first=LIMITS.get(kind))
    if not records:
        return None
    model = _DRAWN[kind](records, answer, analysis, state)
    tabs = tuple(
        Link(TAB_LABELS[name], analysis.path + replace(state, chart=name).query(), name == kind)
        for name in analysis.charts
    )
    query = replace(state, chart=kind).query()
    return ChartCard(
        chart=model,
        tabs=tabs if len(tabs) > 1 else (),
        note=_note(kind, _count(answer, analysis)),
        image_href=f"{analysis.path}{query}&format=svg" if query else f"{analysis.path}?format=svg",
    )


def _count(answer: Answer, analysis: Analysis) -> int:
    """Return the number of rows that could be drawn: all, but that of the others, which is last."""
    keys: Any = answer.table.column(analysis.by[0])
    return len(keys) - int(keys[-1].as_py() == OTHER)


def _note(kind: str, count: int) -> str:
    limit = LIMITS.get(kind)
    if limit is None or count <= limit:
        return ""
    return f"Les {limit} premières lignes sur {french.number(count)}."


def _named(kind: ChartKind, answer: Answer, analysis: Analysis, **parts: Any) -> ChartModel:
    main = main_measure(answer, analysis)
    unit = glossary.unit(main)
    sign = unit.sign or ("" if unit is Unit.COUNT else "€")
    return ChartModel(
        kind=kind,
        title=column_label(main, level_of(answer), country_of_answer(answer)),
        unit=sign,
        **parts,
    )


def main_measure(answer: Answer, analysis: Analysis) -> str:
    """Return the measure an analysis draws: its subject's main one, else its first."""
    main = MAIN_MEASURE[analysis.subject]
    return main if main in answer.totals else analysis.measures[0]


def _series(records: Records, answer: Answer, main: str) -> tuple[Series, ...]:
    current = Series(answer.meta.period.short_label(), tuple(_float(r[main]) for r in records))
    if answer.meta.comparison is None:
        return (current,)
    before = tuple(_float(record.get(f"{main}_previous")) for record in records)
    return current, Series(answer.meta.comparison.short_label(), before, "previous")


def _bars(records: Records, answer: Answer, analysis: Analysis, state: State) -> ChartModel:
    return _named(
        ChartKind.BARS,
        answer,
        analysis,
        categories=tuple(label_of(record, analysis) for record in records),
        series=_series(records, answer, main_measure(answer, analysis)),
        hrefs=tuple(drill_href(record, analysis, state) for record in records),
    )


def _line(records: Records, answer: Answer, analysis: Analysis, state: State) -> ChartModel:
    ordered = sorted(records, key=lambda record: key_of(record, analysis))
    return _named(
        ChartKind.LINE,
        answer,
        analysis,
        categories=tuple(label_of(record, analysis) for record in ordered),
        series=_series(ordered, answer, main_measure(answer, analysis)),
        hrefs=tuple(drill_href(record, analysis, state) for record in ordered),
    )


def _treemap(records: Records, answer: Answer, analysis: Analysis, state: State) -> ChartModel:
    main = main_measure(answer, analysis)
    nodes = tuple(
        Node(
            label=label_of(record, analysis),
            value=_float(record[main]),
            change=record.get(f"{main}_change"),
            href=drill_href(record, analysis, state),
        )
        for record in records
        if (record[main] or 0) > 0
    )
    return _named(ChartKind.TREEMAP, answer, analysis, nodes=nodes)


def _scatter(records: Records, answer: Answer, analysis: Analysis, state: State) -> ChartModel:
    main = main_measure(answer, analysis)
    rate, size = RATE_OF[analysis.subject], SIZE_OF[analysis.subject]
    return _named(
        ChartKind.SCATTER,
        answer,
        analysis,
        points=tuple(
            Point(
                label=label_of(record, analysis),
                x=_float(record[main]),
                y=_float(record[rate]),
                size=_float(record[size]),
                href=drill_href(record, analysis, state),
            )
            for record in records
            if record[rate] is not None
        ),
        x_label=column_label(main, level_of(answer), country_of_answer(answer)),
        y_label=column_label(rate, level_of(answer), country_of_answer(answer)),
        y_unit="%",
        y_decimals=1,
    )


def _heatmap(records: Records, answer: Answer, analysis: Analysis, _: State) -> ChartModel:
    rows, bands = analysis.by
    main = main_measure(answer, analysis)
    cells = {(record[rows], record[bands]): _float(record[main]) for record in records}
    days = _ordered(records, rows)
    hours = _ordered(records, bands)
    return _named(
        ChartKind.HEATMAP,
        answer,
        analysis,
        categories=tuple(days.values()),
        bands=tuple(hours.values()),
        series=tuple(
            Series(label, tuple(cells.get((day, hour)) for hour in hours))
            for day, label in days.items()
        ),
    )


def _ordered(records: Records, name: str) -> dict[Any, str]:
    """Return the labels of a numbered dimension by key, in order of the number."""
    found = {record[name]: record[f"{name}_label"] for record in records}
    return dict(sorted(found.items(), key=lambda item: int(item[0] or 0)))


def _float(value: Any) -> float | None:
    return None if value is None else float(value)


Drawing = Callable[[Records, Answer, Analysis, State], ChartModel]
_DRAWN: dict[str, Drawing] = {
    "bars": _bars,
    "line": _line,
    "treemap": _treemap,
    "scatter": _scatter,
    "heatmap": _heatmap,
}
