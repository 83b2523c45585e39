"""Runs of whole months kept added up: the periods people ask most, read as a single month is.

A run is remade when one of its months changed: the month under way, which changes each day, is in none. Where
terms alone moved, `moved` adds the difference to it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass

from galien.engines.protocol import Builder
from galien.kernel.period import shift_months
from galien.warehouse.derive.facts import BOUGHT, purchase_sums, sale_sums
from galien.warehouse.derive.source import Source

Run = tuple[dt.date, dt.date]

# A month is over once its last open day, or a later day, has sales.
_LAST_MONTH_OVER = """
select max(month) as month from (
  select month, max(day) as day from calendar where open_day group by month
) where day <= (select max(day) from sales_day_pharmacy)
"""


@dataclass(frozen=True)
class RunTable:
    """A table of runs: the fact and the monthly table it comes from, its keys, and its sums."""

    name: str
    fact: str
    origin: str
    keys: tuple[str, ...]
    sums: Callable[[Source, str], str]

    def rows(self, source: Source, run: Run) -> str:
        """Return the SELECT of a run's rows."""
        first, last = (f"date '{month}'" for month in run)
        months = f"{self.origin} where month >= {first} and month <= {last}"
        return (
            f"select {first} as first_month, {last} as last_month, q.* "
            f"from ({self.sums(source, months)}) q order by {', '.join(self.keys)}"
        )


def _sales(name: str, *keys: str) -> RunTable:
    origin = name.removesuffix("run") + "month"
    return RunTable(name, "sale_day", origin, keys, sale_sums(*keys))


def _purchases(name: str, *keys: str) -> RunTable:
    origin = name.removesuffix("run") + "month"
    return RunTable(name, "purchase_line", origin, keys, purchase_sums(*keys, again=True))


RUN_TABLES = (
    _sales("sales_run", "pharmacy_id", "product_id"),
    _sales("sales_group_run", "product_id"),
    _purchases("purchases_run", "pharmacy_id", "product_id", *BOUGHT),
    _purchases("purchases_group_run", "product_id", *BOUGHT),
    _purchases("purchases_product_run", "product_id"),
)


def make_run_tables(builder: Builder, source: Source) -> None:
    """Make every table of runs, empty, and the list of the runs they hold."""
    builder.run("create table month_run (first_month date, last_month date)")
    nothing = (dt.date.min, dt.date.min)
    for table in RUN_TABLES:
        builder.run(f"create table {table.name} as {table.rows(source, nothing)}")


def make_runs(builder: Builder, source: Source, changed: Collection[tuple[str, dt.date]]) -> None:
    """Make the runs of the release from the monthly tables, keeping those no changed month is in.

    `changed` are the facts' months replaced since the file was copied from its parent's.
    """
    before = held_runs(builder)
    wanted = runs_ending(builder.table(_LAST_MONTH_OVER).column("month")[0].as_py())
    for table in RUN_TABLES:
        months = [month for fact, month in changed if fact == table.fact]
        kept = {
            run
            for run in before.intersection(wanted)
            if not any(run[0] <= month <= run[1] for month in months)
        }
        for first, last in sorted(before - kept):
            builder.run(
                f"delete from {table.name} where first_month = $first and last_month = $last",
                {"first": first, "last": last},
            )
        for run in wanted:
            if run not in kept:
                builder.run(f"insert into {table.name} {table.rows(source, run)}")
    builder.run("delete from month_run")
    for first, last in wanted:
        builder.run("insert into month_run values ($first, $last)", {"first": first, "last": last})


def held_runs(builder: Builder) -> set[Run]:
    """Return the runs the file holds."""
    held = builder.table("select first_month, last_month from month_run")
    return set(zip(*(column.to_pylist() for column in held.columns), strict=True))


def runs_ending(last: dt.date | None) -> list[Run]:
    """Return the runs kept when `last` is the last month that is over: none without one.

    They are its twelve months, its year so far, and the same a year before.

    >>> [f"{a:%Y-%m}..{b:%Y-%m}" for a, b in runs_ending(dt.date(2026, 10, 1))]
    ['2025-11..2026-10', '2024-11..2025-10', '2026-01..2026-10', '2025-01..2025-10']
    """
    if last is None:
        return []
    firsts = [shift_months(last, -11), last.replace(month=1)]
    return [
        (shift_months(first, -back), shift_months(last, -back))
        for first in dict.fromkeys(firsts)
        if first < last
        for back in (0, 12)
    ]
