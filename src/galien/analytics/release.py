"""What is read once of a release: its tables, pharmacies, completeness and the names of keys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import Any

import pyarrow as pa

from galien.analytics.dimensions.kinds import Dimension, Lookup, PharmacyAttribute
from galien.analytics.naming import Labels, at_numbers
from galien.analytics.question import UNKNOWN, Filter
from galien.analytics.tables import RUN_TABLES, TABLES, Holdings
from galien.engines.protocol import Engine
from galien.kernel.period import Period, month_end

COMPLETE = "complete"
_PERIODS_KEPT = 200


@dataclass(frozen=True)
class PharmacyRow:
    """A pharmacy of the release: its number in tables, its code, its name and what filters read."""

    pharmacy_id: int
    pharmacy: str
    name: str
    attributes: Mapping[str, str | None]


@dataclass
class ReleaseView:
    """A release opened for questions; everything kept here is the same for all who ask."""

    release: str
    engine: Engine
    _labels: dict[Lookup, Labels] = field(default_factory=dict)
    _keys: dict[tuple[str, str, tuple[int, ...] | None], tuple[str, ...]] = field(
        default_factory=dict
    )
    _complete: dict[tuple[str, Period], frozenset[int]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    @cached_property
    def sizes(self) -> Mapping[str, int]:
        """Rows of each table the planner knows and the release holds."""
        present = set(
            self.engine.query("select table_name from information_schema.tables")
            .column("table_name")
            .to_pylist()
        )
        known = (*TABLES, *RUN_TABLES.values())
        names = dict.fromkeys(table.name for table in known if table.name in present)
        if not names:
            return {}
        counts = " union all ".join(f"select '{n}' as name, count(*) as n from {n}" for n in names)
        return dict(_pairs(self.engine.query(counts), "name", "n"))

    @cached_property
    def holdings(self) -> Holdings:
        """What the planner chooses from."""
        if not any(table.name in self.sizes for table in RUN_TABLES.values()):
            return Holdings(self.sizes)
        rows = self.engine.query("select first_month, last_month from month_run")
        runs = _pairs(rows, "first_month", "last_month")
        months = len({month for _, _, month in self.completeness})
        spans = tuple(Period(first, month_end(last)) for first, last in runs)
        return Holdings(self.sizes, spans, months)

    @cached_property
    def pharmacies(self) -> tuple[PharmacyRow, ...]:
        """Pharmacies of the release, by code."""
        rows = self.engine.query("select * from pharmacy order by pharmacy").to_pylist()
        return tuple(
            PharmacyRow(row["pharmacy_id"], row["pharmacy"], row["name"] or row["pharmacy"], row)
            for row in rows
        )

    @cached_property
    def completeness(self) -> Mapping[tuple[int, str, dt.date], str]:
        """State of each (pharmacy number, feed, month): complete, partial or missing."""
        rows = self.engine.query("select pharmacy_id, feed, month, state from completeness")
        return {
            (row["pharmacy_id"], row["feed"], row["month"]): str(row["state"])
            for row in rows.to_pylist()
        }

    @cached_property
    def last_days(self) -> Mapping[tuple[int, str], dt.date]:
        """Last day with data of each (pharmacy number, feed)."""
        found: dict[tuple[int, str], dt.date] = {}
        for feed, table, day in _LAST_DAYS:
            if table in self.sizes:
                rows = self.engine.query(
                    f"select pharmacy_id, max({day}) as day from {table} group by pharmacy_id"
                )
                for pharmacy_id, last in _pairs(rows, "pharmacy_id", "day"):
                    found[pharmacy_id, feed] = last
        return found

    @cached_property
    def uncosted_months(self) -> frozenset[dt.date]:
        """Months in which some line was sold without a known cost."""
        table = "sales_day_pharmacy" if "sales_day_pharmacy" in self.sizes else "sales_day"
        rows = self.engine.query(f"select distinct month from {table} where uncosted_lines <> 0")
        months: list[Any] = rows.column("month").to_pylist()
        return frozenset(months)

    def complete_ids(self, feed: str, period: Period) -> frozenset[int]:
        """Return the pharmacies that sent every day expected of the months a period touches."""
        known = self._complete.get((feed, period))
        if known is None:
            months = period.months()
            known = frozenset(
                row.pharmacy_id
                for row in self.pharmacies
                if all(
                    self.completeness.get((row.pharmacy_id, feed, month)) == COMPLETE
                    for month in months
                )
            )
            if len(self._complete) > _PERIODS_KEPT:
                self._complete.clear()
            self._complete[feed, period] = known
        return known

    def labels(self, dimension: Dimension) -> Labels | None:
        """Return the keys of a dimension and their labels, when a table of the release names them."""
        lookup = dimension.lookup
        if lookup is None:
            return None
        with self._lock:
            if lookup not in self._labels:
                self._labels[lookup] = self._read_labels(lookup, numbered=dimension.numbered)
            return self._labels[lookup]

    def names(self, dimension: Dimension) -> Mapping[str, str]:
        """Return the labels of a dimension's keys that a table of the release gives."""
        labels = self.labels(dimension)
        return labels.by_key if labels else {}

    def keys(self, table: str, column: str, ids: tuple[int, ...] | None = None) -> tuple[str, ...]:
        """Return the known values of a column, of the whole table or of some pharmacies' rows."""
        asked = (table, column, ids)
        with self._lock:
            if asked not in self._keys:
                within = "" if ids is None else "and pharmacy_id in (select unnest($ids))"
                rows = self.engine.query(
                    f"select distinct cast({column} as string) as key from {table} "
                    f"where {column} is not null {within} order by key",
                    {} if ids is None else {"ids": list(ids)},
                )
                if len(self._keys) > _PERIODS_KEPT:
                    self._keys.clear()
                self._keys[asked] = tuple(str(key) for key in rows.column("key").to_pylist())
            return self._keys[asked]

    def _read_labels(self, lookup: Lookup, *, numbered: bool) -> Labels:
        label = f"max({lookup.label})"
        if lookup.version:
            label = f"max_by({lookup.label}, {lookup.version})"
        named = (
            f"select cast({lookup.key} as string) as key, cast({label} as string) as label "
            f"from {lookup.table} where {lookup.key} is not null and {lookup.label} is not null "
            f"group by {lookup.key}"
        )
        keys, labels = _arrays(self.engine.query(named))
        if not numbered:
            return Labels(keys, labels)
        by_number = self.engine.query(
            f"select t.{lookup.version} as number, n.label from {lookup.table} t "
            f"left join ({named}) n on n.key = t.{lookup.key}"
        )
        return Labels(keys, labels, at_numbers(*_arrays(by_number)))


_LAST_DAYS = (
    ("sales", "sales_day_pharmacy", "day"),
    ("purchases", "purchase_line", "day"),
    ("stock", "stock_level", "on_date"),
)


def _arrays(table: pa.Table) -> list[Any]:
    return [column.combine_chunks() for column in table.columns]


def _pairs(table: pa.Table, key: str, value: str) -> Iterable[tuple[Any, Any]]:
    return zip(table.column(key).to_pylist(), table.column(value).to_pylist(), strict=True)


def matches(row: PharmacyRow, dimension: PharmacyAttribute, filtered: Filter) -> bool:
    """Tell whether a pharmacy passes a filter on what it is."""
    value = row.attributes.get(dimension.column)
    key = UNKNOWN if value is None else str(value)
    return (key in filtered.values) is not filtered.exclude
