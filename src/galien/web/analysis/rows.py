"""From the rows of an answer to the rows of a table: labels, figures, shares, and where each leads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

from galien.analytics.answer import Answer, ColumnKind
from galien.analytics.question import OTHER, UNKNOWN
from galien.web.analysis.address import State
from galien.web.analysis.columns import MAIN_MEASURE
from galien.web.analysis.declared import Analysis, next_page
from galien.web.components.models import Row

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Rows:
    """The rows shown, the row of totals, and how many empty ones were left out."""

    shown: tuple[Row, ...]
    total: Row
    hidden: int


def table_rows(answer: Answer, analysis: Analysis, state: State, columns: tuple[str, ...]) -> Rows:
    """Return the rows of an analysis table, empty ones left out unless the reader wants them."""
    records = list(_with_shares(answer, analysis.subject))
    kept = [record for record in records if state.empty or not _empty(record, answer)]
    template = drill_template(analysis, state)
    return Rows(
        shown=tuple(_row(record, analysis, template, columns) for record in kept),
        total=_total(answer, analysis, columns),
        hidden=len(records) - len(kept),
    )


def label_of(record: Record, analysis: Analysis) -> str:
    """Return what names a row: the labels of its dimensions."""
    return " · ".join(str(record[f"{name}_label"]) for name in analysis.by)


def drill_href(record: Record, analysis: Analysis, state: State) -> str:
    """Return where a click on a row leads, with every filter kept; empty at the bottom."""
    return _href_of(key_of(record, analysis), drill_template(analysis, state))


def drill_template(analysis: Analysis, state: State) -> str:
    """Return the address a row leads to, `%01` standing for its key: written once for a table."""
    target = next_page(analysis, {each.dimension for each in state.where})
    if target is None or len(analysis.by) != 1:
        return ""
    dimension = analysis.by[0]
    narrowed = state.with_filter(dimension, "\x01")
    deeper = State(
        period=narrowed.period,
        compare=narrowed.compare,
        where=narrowed.where,
        level=narrowed.level,
        constant=narrowed.constant,
        trail=(*state.trail, f"{analysis.slug}~{dimension}"),
    )
    return target.path + deeper.query()


def _href_of(key: str, template: str) -> str:
    return "" if key == OTHER else template.replace("%01", quote_plus(key))


def key_of(record: Record, analysis: Analysis) -> str:
    """Return the key of a row as filters write it; `null` for the unknown."""
    value = record[analysis.by[0]]
    return UNKNOWN if value is None else str(value)


def records_of(answer: Answer) -> list[dict[str, Any]]:
    """Return the rows of an answer as dictionaries."""
    found: list[dict[str, Any]] = answer.table.to_pylist()
    return found


def _with_shares(answer: Answer, subject: str) -> Iterator[dict[str, Any]]:
    """Add each row's weight in the total, its running weight, and its part in the change."""
    main = MAIN_MEASURE[subject]
    present = main in answer.totals
    total = float(answer.totals.get(main) or 0)
    before = float(answer.totals.get(f"{main}_previous") or 0)
    running = 0.0
    for record in records_of(answer):
        value = float(record[main] or 0) if present else 0.0
        running += value
        previous = float(record.get(f"{main}_previous") or 0)
        yield record | {
            "weight": value / total if total else None,
            "cumulative_weight": running / total if total else None,
            "contribution": (value - previous) / abs(before) if before else None,
        }


def _empty(record: Record, answer: Answer) -> bool:
    return not any(
        record[column.name]
        for column in answer.columns
        if column.kind in {ColumnKind.MEASURE, ColumnKind.PREVIOUS} and column.of != "potential"
    )


def _row(record: Record, analysis: Analysis, template: str, columns: tuple[str, ...]) -> Row:
    key = key_of(record, analysis)
    return Row(
        cells=(label_of(record, analysis), *(record[name] for name in columns)),
        key=key,
        href=_href_of(key, template),
        tone={UNKNOWN: "unknown", OTHER: "rest"}.get(key, ""),
    )


def _total(answer: Answer, analysis: Analysis, columns: tuple[str, ...]) -> Row:
    main = MAIN_MEASURE[analysis.subject]
    shares = {
        "weight": 1.0,
        "cumulative_weight": None,
        "contribution": answer.totals.get(f"{main}_change"),
    }
    figures = {**shares, **answer.totals}
    return Row(cells=("Total", *(figures.get(name) for name in columns)))
