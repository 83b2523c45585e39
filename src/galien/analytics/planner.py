"""From a question to a plan: its words found, and the coarsest tables able to answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from galien.analytics.dimensions import check_combination, find_dimension, find_filter
from galien.analytics.dimensions.kinds import Dimension, PharmacyAttribute
from galien.analytics.measures import find_measure, find_measures, unnamed_measures
from galien.analytics.measures.kinds import Formula, Level, Measure, Ratio, Summed, Whole
from galien.analytics.measures.purchases import INVOICE, LEVELS, NET_NET, PARTS, at_level
from galien.analytics.question import Filter, Question
from galien.analytics.tables import (
    OF_ALL_WAYS,
    RUN_TABLES,
    WAYS,
    Holdings,
    Source,
    Table,
    tables_of,
)
from galien.kernel.errors import InvalidInput
from galien.kernel.period import Period, month_end

MEASURE_SUFFIXES = ("_previous", "_change")

# Dimensions kept in a table of their own, by the key that is its mark: few measures are known by them.
_OWN_TABLE = {
    "operator": "operator",
    "hour_band": "band",
    "clause": "clause",
    "step_source": "clause",
}


@dataclass(frozen=True)
class Order:
    """What rows are sorted on: a measure or a dimension, its part, and the direction."""

    name: str
    suffix: str = ""
    descending: bool = True


@dataclass(frozen=True)
class Scan:
    """One range of days of one table, for one of the two periods."""

    table: Table
    period: Period
    current: bool


@dataclass(frozen=True)
class Plan:
    """A question resolved: nothing left to look up but the rows.

    `ids` are the pharmacies of the scope, None when it is the whole release. `summed` are the
    measures read from tables, among them those that ratios are made of; `noted` those read beside
    them, of the period alone.
    """

    question: Question
    period: Period
    comparison: Period | None
    measures: tuple[Measure, ...]
    summed: tuple[Summed, ...]
    by: tuple[Dimension, ...]
    where: tuple[tuple[Dimension, Filter], ...]
    ids: tuple[int, ...] | None
    order: tuple[Order, ...]
    scans: tuple[Scan, ...]
    noted: tuple[Summed, ...] = ()

    @property
    def read(self) -> tuple[Summed, ...]:
        """Measures read of the period."""
        return (*self.summed, *self.noted)

    @property
    def tables(self) -> str:
        """Names of the tables read, for the answer's record."""
        return ", ".join(dict.fromkeys(scan.table.name for scan in self.scans))


@dataclass(frozen=True)
class Asked:
    """The words of a question found in the registries, before any table is chosen."""

    question: Question
    measures: tuple[Measure, ...]
    by: tuple[Dimension, ...]
    where: tuple[tuple[Dimension, Filter], ...]

    @property
    def names(self) -> frozenset[str]:
        """Names of all dimensions, shown or filtered on."""
        return frozenset(d.name for d in (*self.by, *(d for d, _ in self.where)))


def understand(question: Question) -> Asked:
    """Find the words of a question; InvalidInput says which one is wrong and what to write.

    Without measures, all those of the subject that the dimensions allow are taken.
    """
    find_measures(question.subject)
    by = tuple(find_dimension(question.subject, name) for name in question.by)
    where = tuple((find_filter(question.subject, each.dimension), each) for each in question.where)
    if len(by) > 2 or len(set(question.by)) < len(by):
        raise InvalidInput("Une question se ventile sur une ou deux dimensions différentes.")
    if question.top is not None and question.top < 1:
        raise InvalidInput("Le nombre de lignes à garder (top) est d’au moins 1.")
    if any(not each.values for each in question.where):
        raise InvalidInput("Un filtre demande au moins une valeur : dimension=valeur.")
    names = frozenset((*question.by, *(each.dimension for each in question.where)))
    check_combination(names)
    return Asked(question, _measures(question, names), by, where)


def _measures(question: Question, dimensions: frozenset[str]) -> tuple[Measure, ...]:
    _check_level(question)
    if not question.measures:
        found = unnamed_measures(question.subject, question.level)
        known = tuple(m for m in found if not _missing(m, dimensions))
        return known or tuple(m for m in PARTS if not _missing(m, dimensions))
    measures = tuple(
        find_measure(question.subject, name) for name in dict.fromkeys(question.measures)
    )
    for measure in measures:
        if _missing(measure, dimensions):
            possible = ", ".join(
                m.name
                for m in unnamed_measures(question.subject, NET_NET)
                if not _missing(m, dimensions)
            )
            raise InvalidInput(
                f"« {measure.name} » n’est pas connue par {_joined(dimensions)} : "
                f"demandez {possible}, ou retirez une dimension."
            )
    return measures


def _check_level(question: Question) -> None:
    if question.level not in LEVELS:
        raise InvalidInput(
            f"Le niveau de prix « {question.level} » n’existe pas : écrivez {', '.join(LEVELS)}."
        )
    if question.level != INVOICE and question.subject != "purchases":
        raise InvalidInput(
            f"Le niveau de prix (--level {question.level}) ne concerne que les achats."
        )


def _missing(measure: Measure, dimensions: frozenset[str]) -> bool:
    keys = {_OWN_TABLE[name] for name in dimensions if name in _OWN_TABLE}
    if dimensions & WAYS and any(OF_ALL_WAYS & set(part.columns) for part in parts(measure)):
        return True
    return not all(
        any(
            keys <= table.keys
            and set(part.columns) <= set(table.columns)
            and (table.only_for is None or table.only_for in keys)
            for table in tables_of(part.source)
        )
        for part in parts(measure)
    )


def parts(measure: Measure) -> tuple[Summed, ...]:
    """Return the measures read from tables that a measure is made of."""
    if isinstance(measure, Summed):
        return (measure,)
    if isinstance(measure, Whole):
        return (measure.of,)
    if isinstance(measure, Ratio):
        return tuple(dict.fromkeys(parts(measure.of) + parts(measure.to)))
    if isinstance(measure, Formula):
        return measure.parts
    raise NotImplementedError(type(measure))


def plan(
    asked: Asked,
    *,
    period: Period,
    comparison: Period | None,
    ids: tuple[int, ...] | None,
    holdings: Holdings,
    also: tuple[Summed, ...] = (),
) -> Plan:
    """Choose the tables that answer.

    `ids` is the scope (None: every pharmacy of the release); `holdings` what the release has; `also`
    measures read beside those asked, for notes.
    """
    found = dict.fromkeys(p for m in asked.measures for p in parts(m))
    noted = tuple(measure for measure in also if measure not in found)
    summed = tuple(at_level(measure, asked.question.level) for measure in found)
    read = (*summed, *noted)
    periods = [(period, True)] + ([(comparison, False)] if comparison else [])
    keys = needed_keys(asked, ids)
    scans = tuple(
        Scan(table, part, current=current)
        for source in dict.fromkeys(measure.source for measure in read)
        for each, current in periods
        for chosen, whole in _ranges(source, keys, read, each, holdings)
        for table, part in _with_runs(chosen, whole, keys, holdings)
    )
    return Plan(
        asked.question, period, comparison, asked.measures, summed, asked.by, asked.where, ids,
        _orders(asked, comparison), scans, noted,
    )  # fmt: skip


def _ranges(
    source: Source,
    keys: frozenset[str],
    summed: tuple[Summed, ...],
    period: Period,
    holdings: Holdings,
) -> list[tuple[Table, Period]]:
    """Choose the table of a source for a period, and another for the months it cuts."""
    own = [measure for measure in summed if measure.source is source]
    columns = frozenset(column for measure in own for column in measure.columns)
    chosen = partial(_coarsest, source, keys, columns, holdings)
    if "day" in keys or any(isinstance(measure, Level) for measure in own):
        return [(_found(chosen(period, days=True)), period)]
    cuts = cut_months(period)
    whole_part = next((part for part, whole in cuts if whole), period)
    monthly = chosen(whole_part)
    if period.whole_months:
        return [(_found(monthly), period)]
    daily = chosen(period, days=True)
    if monthly is None or monthly.day:
        return [(_found(daily), period)]
    if daily is None:
        raise InvalidInput(
            "Ces chiffres ne sont gardés que par mois : choisissez une période et une comparaison "
            "de mois entiers."
        )
    return [(monthly if whole else daily, part) for part, whole in cuts]


def _with_runs(
    table: Table,
    period: Period,
    keys: frozenset[str],
    holdings: Holdings,
) -> list[tuple[Table, Period]]:
    """Read from runs of months already added up what they hold of a period, the longest first."""
    added = RUN_TABLES.get(table.name)
    runs = holdings.runs
    within = [run for run in runs if period.first <= run.first and run.last <= period.last]
    if added is None or added.name not in holdings.sizes or not keys <= added.keys or not within:
        return [(table, period)]
    run = max(within, key=lambda each: (each.days, each.first))
    one = dt.timedelta(days=1)
    ranges = [(added, run)]
    if period.first < run.first:
        before = Period(period.first, run.first - one)
        ranges = _with_runs(table, before, keys, holdings) + ranges
    if run.last < period.last:
        ranges += _with_runs(table, Period(run.last + one, period.last), keys, holdings)
    return ranges


def needed_keys(asked: Asked, ids: tuple[int, ...] | None) -> frozenset[str]:
    """Return the keys a table must have for the dimensions, filters and scope of a question."""
    keys = frozenset(key for d in asked.by for key in d.required())
    for dimension, _ in asked.where:
        if not isinstance(dimension, PharmacyAttribute):
            keys |= dimension.required()
    return keys if ids is None else keys | {"pharmacy_id"}


def _coarsest(
    source: Source,
    keys: frozenset[str],
    columns: frozenset[str],
    holdings: Holdings,
    period: Period,
    *,
    days: bool = False,
) -> Table | None:
    """Return the table with the fewest rows to read for a period, among those able to answer."""
    able = [
        table
        for table in tables_of(source)
        if table.name in holdings.sizes
        and keys <= table.keys
        and columns <= set(table.columns)
        and (table.only_for is None or table.only_for in keys)
        and (table.day or not days)
    ]
    return min(
        able,
        key=lambda table: (_rows_read(table, period, keys, holdings), table.cost),
        default=None,
    )


def _rows_read(table: Table, period: Period, keys: frozenset[str], holdings: Holdings) -> float:
    """Estimate the rows of a table that a period takes, as if each month had as many."""
    return sum(
        holdings.sizes[read.name] / len(holdings.runs)
        if read.of_runs
        else holdings.sizes[read.name] * holdings.share(part)
        for read, part in _with_runs(table, period, keys, holdings)
    )


def _found(table: Table | None) -> Table:
    if table is None:
        raise InvalidInput(
            "Aucune table ne tient ensemble ces dimensions et ces filtres à ce grain : "
            "retirez-en une, ou demandez des mois entiers."
        )
    return table


def cut_months(period: Period) -> list[tuple[Period, bool]]:
    """Cut a period into its whole months and the days before and after, saying which is whole.

    >>> [(p.iso(), w) for p, w in cut_months(Period(dt.date(2026, 1, 30), dt.date(2026, 3, 2)))]
    ... # doctest: +NORMALIZE_WHITESPACE
    [('2026-01-30..2026-01-31', False), ('2026-02-01..2026-02-28', True),
     ('2026-03-01..2026-03-02', False)]
    """
    one = dt.timedelta(days=1)
    first = period.first if period.first.day == 1 else month_end(period.first) + one
    ended = period.last == month_end(period.last)
    last = period.last if ended else period.last.replace(day=1) - one
    if first > last:
        return [(period, False)]
    cuts = [(Period(first, last), True)]
    if period.first < first:
        cuts.insert(0, (Period(period.first, first - one), False))
    if last < period.last:
        cuts.append((Period(last + one, period.last), False))
    return cuts


def _orders(asked: Asked, comparison: Period | None) -> tuple[Order, ...]:
    question = asked.question
    if question.order:
        return (_read_order(asked, question.order, comparison),)
    biggest = tuple(Order(m.name) for m in asked.measures[:1] if not isinstance(m, Whole)) or tuple(
        Order(p.name) for m in asked.measures[:1] for p in parts(m)
    )
    if question.top is not None:
        return biggest
    return tuple(Order(d.name, descending=False) for d in asked.by if d.in_time) + biggest


def _read_order(asked: Asked, text: str, comparison: Period | None) -> Order:
    descending, name = text.startswith("-"), text.removeprefix("-")
    if name in {d.name for d in asked.by}:
        return Order(name, descending=descending)
    for suffix in ("", *MEASURE_SUFFIXES):
        base = name.removesuffix(suffix)
        if name.endswith(suffix) and base in {m.name for m in asked.measures}:
            if suffix and comparison is None:
                raise InvalidInput(f"Sans comparaison, il n’y a pas de colonne « {name} ».")
            return Order(base, suffix, descending)
    columns = [m.name for m in asked.measures] + [d.name for d in asked.by]
    raise InvalidInput(
        f"Le tri « {name} » ne porte sur aucune colonne demandée : {', '.join(columns)}."
    )


def _joined(names: Iterable[str]) -> str:
    return " et ".join(f"« {name} »" for name in sorted(names))
