"""The months of the indicators: a small picture each, and the table of the same figures."""

from __future__ import annotations

from galien.kernel import french, glossary
from galien.kernel.units import Unit
from galien.usecases.indicators import FOLLOWED, History
from galien.web.components.models import CellKind, Column, Row, TableModel
from galien.web.components.pictures import ChartCard, ChartKind, ChartModel, Series
from galien.web.lists import plain_table, text
from galien.web.pages.indicators.reading import Read

YEAR = 12
HEIGHT = 190
DRAWN = (
    "pmo",
    "pmc",
    "pmvc",
    "prescription_counter_ratio",
    "prescription_linked_share",
    "prescription_bearer_share",
)


def cards(found: Read) -> tuple[ChartCard, ...]:
    """Return the pictures of the last twelve months beside the twelve before."""
    if found.history is None:
        return ()
    return tuple(
        ChartCard(
            chart(found, found.history, name),
            image_href=f"/gestion/indicateurs/courbe?indicateur={name}&{found.choice.query}",
            height=HEIGHT,
            id=f"courbe-{name}",
        )
        for name in DRAWN
        if any(figure is not None for figure in found.history.figures[name][-YEAR:])
    )


def chart(found: Read, history: History, name: str) -> ChartModel:
    """Return the picture of an indicator: this year, the year before, the national reference."""
    figures, months = history.figures[name], history.months[-YEAR:]
    series = [Series("Mois", figures[-YEAR:])]
    before = figures[-2 * YEAR : -YEAR]
    if any(figure is not None for figure in before):
        series.append(Series("Un an avant", before, role="previous"))
    reference = found.found.references.get(name)
    if reference is not None:
        label = f"Réf. {reference.since.year}"
        series.append(Series(label, (reference.value,) * len(months), role="target"))
    unit = glossary.unit(name)
    return ChartModel(
        kind=ChartKind.LINE,
        title=glossary.label(name),
        unit="%" if unit is Unit.RATIO else unit.sign,
        decimals=1 if unit is Unit.RATIO else 2,
        categories=tuple(f"{french.SHORT_MONTHS[month.month - 1]} {month:%y}" for month in months),
        series=tuple(series),
        swap="",
    )


def months_table(found: Read) -> TableModel | None:
    """Return the months as a table, the last one first."""
    if found.history is None:
        return None
    history = found.history
    rows = [
        Row((french.month(month), *(history.figures[name][rank] for name in FOLLOWED)))
        for rank, month in enumerate(history.months)
        if any(history.figures[name][rank] is not None for name in FOLLOWED)
    ]
    columns = (text("month", "Mois"), *(_column(name) for name in FOLLOWED))
    return plain_table(
        "Indicateurs mois par mois", columns, reversed(rows), noun=("mois", "mois"), identity="mois"
    )


def _column(name: str) -> Column:
    unit = glossary.unit(name)
    ratio = unit is Unit.RATIO
    return Column(
        name,
        glossary.label(name).split(" (")[0],
        kind=CellKind.RATIO if ratio else CellKind.NUMBER,
        unit="%" if ratio else unit.sign,
        decimals=1 if ratio else 2,
    )
