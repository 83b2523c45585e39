"""Series of sales as people give them to the forecast: one row per product and period."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from galien.calculators.stock.demand.events import Event, Span
from galien.calculators.stock.demand.forecast import Calendar
from galien.calculators.stock.demand.panel import Panel
from galien.kernel.errors import InvalidInput
from galien.usecases.typed_cells import Cells
from galien.usecases.typed_csv import read_file

COLUMNS = ("product_code", "period", "quantity", "days_in_stock", "days")
FAMILY = "family"
EVENT_COLUMNS = ("name", "source", "first", "last", "effect")
EVENT_TARGETS = ("product_code", "family")
MOST_BYTES = 200_000_000
Begin = Callable[[int, int], dt.date]
MONTH, QUARTER, WEEK = (
    re.compile(shape)
    for shape in (r"(\d{4})-(\d{2})", r"(\d{4})-[QT]([1-4])", r"(\d{4})-[WS](\d{2})")
)
DAY, DAYS_OF_A_WEEK, WEEKS_OF_A_YEAR = dt.timedelta(days=1), 7, 52
YEARS = range(1900, 2200)
MOST_PERIODS = 4000  # ten years of days: more is a slip in a date


@dataclass(frozen=True)
class Axis:
    """The periods of a file in order, what they cover, and how many make a year (1: not known).

    `spans` is empty when the periods are labels that no calendar knows; they are then taken in the
    order of their text.
    """

    labels: tuple[str, ...]
    spans: tuple[Span, ...]
    season: int


@dataclass(frozen=True)
class Series:
    """The panel of a file, its periods, and the number of rows that are missing between two others."""

    panel: Panel
    axis: Axis
    missing: int

    def calendar(self, events: tuple[Event, ...]) -> Calendar | None:
        """Return what events need; None without events. InvalidInput when periods have no dates."""
        if not events:
            return None
        if not self.axis.spans:
            raise InvalidInput(
                "Les évènements ont des dates, les périodes du fichier n’en ont pas : écrivez-les "
                "2026-01, 2026-T1, 2026-S05 ou 2026-01-31."
            )
        return Calendar(self.axis.spans[:-1], self.axis.spans[-1], events)


def read_series(path: Path) -> Series:
    """Read sales by product and period, with the days in stock and the days of each period.

    Columns of the handbook, and `family` if there is one. Raises InvalidInput with the line when a
    value is missing or absurd, or a product has the same period twice.
    """
    table = read_file(path, required=COLUMNS, known=(*COLUMNS, FAMILY), most=MOST_BYTES)
    seen: dict[tuple[str, str], tuple[float, float, float]] = {}
    families: dict[str, str] = {}
    for row in table.rows:
        cells = Cells(path, row)
        key = (cells.text("product_code"), cells.text("period"))
        if key in seen:
            raise InvalidInput(
                f"{cells.where} : le produit « {key[0]} » a déjà une ligne pour la période {key[1]}. "
                "Additionnez les deux lignes en une."
            )
        seen[key] = _row(cells)
        families[key[0]] = cells.text(FAMILY, "") or families.get(key[0], "")
    if not seen:
        raise InvalidInput(f"« {path.name} » n’a aucune ligne de vente sous son en-tête.")
    return _laid(seen, families)


def read_events(path: Path) -> tuple[Event, ...]:
    """Read known events: name, source, first and last day, effect (0,4 for 40 % more), and what they touch.

    `product_code` or `family` restrict an event to one product or one family. Raises InvalidInput with
    the line when something is missing or wrong.
    """
    table = read_file(path, required=EVENT_COLUMNS, known=(*EVENT_COLUMNS, *EVENT_TARGETS))
    found = []
    for row in table.rows:
        cells = Cells(path, row)
        first, last = cells.day("first"), cells.day("last")
        if first is None or last is None:
            raise InvalidInput(f"{cells.where} : il faut le premier et le dernier jour.")
        effect = float(cells.number("effect"))
        if cells.text("effect").endswith("%"):
            effect /= 100
        product, family = (cells.text(column, "") for column in EVENT_TARGETS)
        found.append(
            Event(
                cells.text("name"), cells.text("source"), first, last, effect,
                frozenset({product} - {""}), frozenset({family} - {""}),
            )
        )  # fmt: skip
    return tuple(found)


def _row(cells: Cells) -> tuple[float, float, float]:
    quantity, there, days = (float(cells.number(column)) for column in COLUMNS[2:])
    if days <= 0 or not 0 <= there <= days:
        raise InvalidInput(
            f"{cells.where} : {there:g} jours en stock sur {days:g}. Les jours de la période sont "
            "positifs, et les jours en stock vont de 0 à ce nombre."
        )
    if there == 0 and quantity > 0:
        raise InvalidInput(
            f"{cells.where} : {quantity:g} unités vendues sans un jour en stock. Corrigez l’un des deux."
        )
    return quantity, there, days


def _laid(
    seen: dict[tuple[str, str], tuple[float, float, float]], families: dict[str, str]
) -> Series:
    axis = axis_of(sorted({period for _, period in seen}))
    row = {code: place for place, code in enumerate(families)}
    column = {label: place for place, label in enumerate(axis.labels)}
    values = np.full((3, len(row), len(column)), np.nan)
    for (code, period), figures in seen.items():
        values[:, row[code], column[period]] = figures
    known = ~np.isnan(values[0])
    begun = np.maximum.accumulate(known, axis=1)
    days = [each[2] for each in seen.values()]
    panel = Panel(
        tuple(row), values[0], values[1], values[2], axis.season, _next_days(axis, days, seen),
        tuple(families.values()) if any(families.values()) else (),
    )  # fmt: skip
    return Series(panel, axis, int((begun & ~known).sum()))


def axis_of(labels: Sequence[str]) -> Axis:
    """Lay periods out in order, those that no row names included; the last span is the one to forecast.

    Raises InvalidInput for a period that no calendar has, or that is written in two ways.

    >>> found = axis_of(["2026-01", "2026-03"])
    >>> found.labels, found.season, found.spans[-1][0].isoformat()
    (('2026-01', '2026-02-01', '2026-03'), 12, '2026-04-01')
    """
    shapes: tuple[tuple[re.Pattern[str], int, Begin], ...] = (
        (MONTH, 12, lambda year, month: dt.date(year, month, 1)),
        (QUARTER, 4, lambda year, quarter: _month(12 * year + 3 * quarter - 3)),
        (WEEK, WEEKS_OF_A_YEAR, lambda year, week: dt.date.fromisocalendar(year, week, 1)),
    )
    for shape, season, begin in shapes:
        found = [each for label in labels if (each := shape.fullmatch(label))]
        if len(found) == len(labels):
            starts = [_begun(begin, int(each[1]), int(each[2]), each[0]) for each in found]
            return _axis(_named(starts, labels), season)
    return _dates(labels) or Axis(tuple(labels), (), 1)


def _begun(begin: Begin, year: int, part: int, label: str) -> dt.date:
    """Return the first day of a period of a year."""
    try:
        if year in YEARS:
            return begin(year, part)
    except ValueError:
        pass
    raise InvalidInput(
        f"Période « {label} » : le calendrier n’en a pas de telle. Corrigez l’année, le mois ou la semaine."
    )


def _named(starts: Sequence[dt.date], labels: Sequence[str]) -> dict[dt.date, str]:
    """Return the label of each period, refusing two labels of one period."""
    found: dict[dt.date, str] = {}
    for start, label in zip(starts, labels, strict=True):
        if start in found:
            raise InvalidInput(
                f"« {found[start]} » et « {label} » nomment la même période : écrivez-la d’une seule façon."
            )
        found[start] = label
    return found


def _dates(labels: Sequence[str]) -> Axis | None:
    """Lay days out: first or last days of months, days a week apart, else each day."""
    try:
        days = [dt.date.fromisoformat(label) for label in labels]
    except ValueError:
        return None
    if all((day + DAY).day == 1 for day in days if day.year in YEARS):
        days = [day.replace(day=1) for day in days]
    named = _named(days, labels)
    if all(day.day == 1 for day in days):
        return _axis(named, 12)
    if all((day - days[0]).days % 7 == 0 for day in days):
        return _axis(named, WEEKS_OF_A_YEAR)
    return _axis(named, DAYS_OF_A_WEEK)


def _axis(named: dict[dt.date, str], season: int) -> Axis:
    first, last = min(named), max(named)
    most = MOST_PERIODS * (1 if season == DAYS_OF_A_WEEK else 7)
    if {first.year, last.year} - {*YEARS} or (last - first).days > most:
        raise InvalidInput(
            f"Les périodes vont du {first} au {last} : c’est trop long. Vérifiez les années."
        )
    starts = [first]
    while starts[-1] <= last:
        starts.append(_following(starts[-1], season))
    spans = [(each, _following(each, season) - DAY) for each in starts]
    labels = tuple(named.get(each, each.isoformat()) for each in starts[:-1])
    return Axis(labels, tuple(spans), season)


def _following(start: dt.date, season: int) -> dt.date:
    if season in {12, 4}:
        return _month(12 * start.year + start.month - 1 + 12 // season)
    return start + (7 if season == WEEKS_OF_A_YEAR else 1) * DAY


def _month(number: int) -> dt.date:
    return dt.date(number // 12, number % 12 + 1, 1)


def _next_days(
    axis: Axis, days: list[float], seen: dict[tuple[str, str], tuple[float, float, float]]
) -> float:
    """Return the days of the next period: the calendar's when the file counts them so, else the usual."""
    if axis.spans:
        long = {
            label: (last - first).days + 1
            for label, (first, last) in zip(axis.labels, axis.spans, strict=False)
        }
        if all(figures[2] == long[period] for (_, period), figures in seen.items()):
            first, last = axis.spans[-1]
            return float((last - first).days + 1)
    return float(median(days))
