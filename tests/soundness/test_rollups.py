"""Every pre-aggregate of the analytical file equals the day facts, cell by cell, on random data.

The oracle adds up the rows of the deliveries in plain Python; the file is built whole, then brought
forward release by release, and must say the same either way.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from galien.engines.protocol import Engine
from galien.model.facts import BASKET_MINIMUM, PUBLISHED
from galien.warehouse.derive.file import ensure_derived
from galien.warehouse.ledger import ReleaseRecord
from galien.warehouse.manifest import read_manifest
from tests.builders.warehouse import (
    CODES,
    PHARMACIES,
    File,
    Workspace,
    days_between,
    random_file,
    reference,
)

Row = Mapping[str, Any]
SALES = PUBLISHED["sale_day"].additive
SALE_TABLES = {
    "sales_day": ("day", "pharmacy", "version", "sale_type", "vat_rate", "campaign"),
    "sales_month": ("month", "pharmacy", "version"),
    "sales_month_type": ("month", "pharmacy", "version", "sale_type", "vat_rate"),
    "sales_group_month": ("month", "version"),
    "sales_group_month_type": ("month", "version", "sale_type", "vat_rate"),
    "sales_day_pharmacy": ("day", "month", "pharmacy", "sale_type", "vat_rate"),
}
PURCHASE_TABLES = {
    "purchases_month": ("month", "pharmacy", "version", "supplier", "channel", "vat_rate"),
    "purchases_group_month": ("month", "version", "supplier", "channel", "vat_rate"),
    "purchases_product_month": ("month", "version"),
    "purchases_day_pharmacy": ("day", "month", "pharmacy", "supplier", "channel", "vat_rate"),
}
RUN_TABLES = {
    "sales_run": ("pharmacy", "version"),
    "sales_group_run": ("version",),
    "purchases_run": ("pharmacy", "version", "supplier", "channel", "vat_rate"),
    "purchases_group_run": ("version", "supplier", "channel", "vat_rate"),
    "purchases_product_run": ("version",),
}
PURCHASES = {
    "ordered_quantity": "ordered_quantity",
    "delivered_quantity": "delivered_quantity",
    "free_quantity": "free_quantity",
    "list_amount": "list_amount_excl",
    "net_amount": "net_amount_excl",
}


def version(code: str, day: dt.date) -> tuple[str, str | None]:
    """The second product changes label on 15 February; codes without a catalogue have none."""
    labels = {CODES[0]: "Doliprane", CODES[2]: "Crème"}
    if code == CODES[1]:
        return (code, "Ancien" if day < dt.date(2026, 2, 15) else "Nouveau")
    return (code, labels.get(code))


def added(
    rows: Iterable[Row], keys: tuple[str, ...], measures: Mapping[str, str]
) -> dict[Any, Any]:
    """Add rows up in plain Python."""
    cells: dict[Any, list[Any]] = defaultdict(lambda: [0] * len(measures))
    for row in rows:
        cell = cells[tuple(row[key] for key in keys)]
        for index, column in enumerate(measures.values()):
            cell[index] += row[column] or 0
    return {key: tuple(cell) for key, cell in cells.items()}


def described(rows: Iterable[Row], day_column: str) -> list[dict[str, Any]]:
    return [
        {
            **row,
            "day": row[day_column],
            "month": row[day_column].replace(day=1),
            "version": version(row["product_code"], row[day_column]),
        }
        for row in rows
    ]


def cells(
    engine: Engine, table: str, keys: tuple[str, ...], measures: Iterable[str]
) -> dict[Any, Any]:
    """Read a table back with names in place of ids."""
    names = {"pharmacy": "p.pharmacy", "version": "q.product_code, q.label"}
    columns = ", ".join(names.get(key, f"t.{key}") for key in keys)
    joins = "join pharmacy p using (pharmacy_id) " if "pharmacy" in keys else ""
    joins += "join product q using (product_id)" if "version" in keys else ""
    rows = engine.query(f"select {columns}, {', '.join(measures)} from {table} t {joins}")
    found = {}
    for row in zip(*(column.to_pylist() for column in rows.columns), strict=True):
        values = list(row)
        if "version" in keys:
            at = keys.index("version")
            values[at : at + 2] = [(values[at], values[at + 1])]
        key = tuple(values[: len(keys)])
        assert key not in found, f"{table} holds {key} twice"
        found[key] = tuple(values[len(keys) :])
    return found


def live_rows(files: list[File], fact: str) -> list[Row]:
    """Return the rows that count: for each day, the last whole file and what was appended after it."""
    days: dict[tuple[str, str, dt.date], list[File]] = defaultdict(list)
    for file in sorted(files, key=lambda file: file.exported_at):
        for day in file.days:
            key = (file.pharmacy, file.feed, day)
            days[key] = [*days[key], file] if file.append else [file]
    column = {"purchase_line": "delivered_on", "stock_level": "on_date"}.get(fact, "day")
    return [
        row
        for (_, _, day), live in days.items()
        for file in live
        for row in file.rows.get(fact, [])
        if row[column] == day
    ]


def check(engine: Engine, files: list[File]) -> None:
    sales = described(live_rows(files, "sale_day"), "day")
    for table, keys in SALE_TABLES.items():
        expected = added(sales, keys, {name: name for name in SALES})
        assert cells(engine, table, keys, SALES) == expected, table
    purchases = described(live_rows(files, "purchase_line"), "delivered_on")
    for table, keys in PURCHASE_TABLES.items():
        expected = added(purchases, keys, PURCHASES)
        assert cells(engine, table, keys, PURCHASES) == expected, table
    check_runs(engine, sales, purchases)
    stock = described(live_rows(files, "stock_level"), "on_date")
    keys = ("on_date", "month", "pharmacy", "version")
    expected = added(stock, keys, {"quantity": "quantity"})
    assert cells(engine, "stock_level", keys, ["quantity"]) == expected
    check_visits(engine, files)


def check_runs(engine: Engine, sales: Sequence[Row], purchases: Sequence[Row]) -> None:
    """Compare every run of months with the day facts of its months."""
    last_day = max((row["day"] for row in sales), default=None)
    runs = [
        (row["first_month"], row["last_month"])
        for row in engine.query("select * from month_run").to_pylist()
    ]
    assert set(runs) == runs_expected(last_day)
    for table, keys in RUN_TABLES.items():
        rows = sales if table.startswith("sales") else purchases
        measures = {name: name for name in SALES} if rows is sales else PURCHASES
        within = [
            {**row, "first_month": first, "last_month": last}
            for first, last in runs
            for row in rows
            if first <= row["month"] <= last
        ]
        grain = ("first_month", "last_month", *keys)
        assert cells(engine, table, grain, measures) == added(within, grain, measures), table


def runs_expected(last_day: dt.date | None) -> set[tuple[dt.date, dt.date]]:
    """January to March 2026: a month counts once its last working day, or a later one, has sales."""
    overs = [
        dt.date(2026, 3, 31),
        dt.date(2026, 2, 28),
        dt.date(2026, 1, 31),
        dt.date(2025, 12, 31),
    ]
    if last_day is None:
        return set()
    over = next(day for day in overs if day <= last_day).replace(day=1)
    year, month = over.year, over.month
    twelve = dt.date(year, month + 1, 1) if month < 12 else dt.date(year + 1, 1, 1)
    found = {
        (twelve.replace(year=twelve.year - back - 1), over.replace(year=year - back))
        for back in (0, 1)
    }
    if 1 < month < 12:
        found |= {(dt.date(year - back, 1, 1), over.replace(year=year - back)) for back in (0, 1)}
    return found


def check_visits(engine: Engine, files: list[File]) -> None:
    visits = live_rows(files, "visit_day")
    keys: tuple[str, ...] = ("pharmacy", "day", "band", "kind", "sale_types")
    assert cells(engine, "visit_day", keys, ['"count"']) == added(visits, keys, {"n": "count"})
    traffic = live_rows(files, "traffic_day")
    keys, names = (
        ("pharmacy", "day", "band", "sale_type"),
        ("lines", "invoices", "visits", "net_incl"),
    )
    assert cells(engine, "traffic_day", keys, names) == added(
        traffic, keys, dict(zip(names, names, strict=True))
    )
    operators = [{**r, "month": r["day"].replace(day=1)} for r in live_rows(files, "operator_day")]
    keys, names = (
        ("pharmacy", "month", "operator", "band"),
        ("visits", "lines", "quantity", "net_incl"),
    )
    assert cells(engine, "operator_month", keys, names) == added(
        operators, keys, dict(zip(names, names, strict=True))
    )
    baskets = [{**r, "month": r["day"].replace(day=1)} for r in live_rows(files, "basket_day")]
    pairs = added(baskets, ("pharmacy", "month", "product_a", "product_b"), {"visits": "visits"})
    expected = sorted(count for (count,) in pairs.values() if count >= BASKET_MINIMUM)
    found = engine.query("select visits from basket_month order by 1").column("visits")
    assert found.to_pylist() == expected


class Plan(NamedTuple):
    """A file to send: from which day of the test, for how many more, and whether it is appended."""

    seed: int
    pharmacy: str
    feed: str
    start: int
    more: int
    append: bool

    def file(self) -> File:
        """Return the file."""
        first = dt.date(2026, 1, 25) + dt.timedelta(self.start)
        days = days_between(first, first + dt.timedelta(self.more))
        # A purchase line sent twice is one line: appended files bring other documents.
        append = self.append and self.feed == "sales"
        return random_file(
            self.seed, pharmacy=self.pharmacy, feed=self.feed, days=days, append=append
        )


PLANS = st.lists(
    st.builds(
        Plan,
        st.integers(0, 10_000),
        st.sampled_from(PHARMACIES),
        st.sampled_from(("sales", "sales", "purchases", "stock")),
        st.integers(0, 40),
        st.integers(0, 12),
        st.booleans(),
    ),
    min_size=2,
    max_size=7,
    unique_by=lambda plan: plan.seed,
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PLANS, st.integers(1, 6))
def test_every_table_equals_the_day_facts(
    tmp_path_factory: pytest.TempPathFactory, plans: list[Plan], cut: int
) -> None:
    """Files sent in any order of export, published in two goes, the second following the first."""
    workspace = Workspace(tmp_path_factory.mktemp("rollups"), reference())
    files = [plan.file() for plan in plans]
    for loaded in (files[:cut], files):
        for file in loaded:
            workspace.load(file)
        release = workspace.publish()
        path = workspace.store.places.derived_file(release.release)
        engine = workspace.engines.open(path)
        check(engine, loaded)
        engine.close()
    assert tables(rebuilt(workspace, release), workspace) == tables(path, workspace)


def rebuilt(workspace: Workspace, release: ReleaseRecord) -> Path:
    """Build the release's file whole, in another workspace that shares its store."""
    places = workspace.store.places
    manifest = read_manifest(places, release.release, release.manifest_sha256)
    kept = places.derived_file(release.release)
    kept = kept.rename(kept.with_suffix(".forward"))
    whole = ensure_derived(manifest, store=workspace.store, engines=workspace.engines)
    whole = whole.rename(whole.with_suffix(".whole"))
    kept.rename(places.derived_file(release.release))
    return whole


def tables(path: Path, workspace: Workspace) -> dict[str, list[Any]]:
    engine = workspace.engines.open(path)
    questions = {
        "completeness": "select p.pharmacy, c.* exclude (pharmacy_id) from completeness c "
        "join pharmacy p using (pharmacy_id) order by all",
        "data_gap": "select p.pharmacy, g.* exclude (pharmacy_id) from data_gap g "
        "join pharmacy p using (pharmacy_id) order by all",
        "stock": "select p.pharmacy, q.product_code, q.label, s.* exclude (pharmacy_id, product_id) "
        "from stock_level s join pharmacy p using (pharmacy_id) join product q using (product_id) "
        "order by all",
        "calendar": "select * from calendar order by day",
        "sales": "select month, sum(net_incl), sum(quantity) from sales_month group by 1 order by 1",
    }
    found = {name: engine.query(sql).to_pylist() for name, sql in questions.items()}
    engine.close()
    return found


def test_amounts_finer_than_cents_are_kept(tmp_path: Path) -> None:
    """A single amount of a hundredth of a cent widens every amount of its fact, and loses nothing."""
    workspace = Workspace(tmp_path, reference())
    file = random_file(1, pharmacy=PHARMACIES[0], days=[dt.date(2026, 2, 1)])
    file.rows["sale_day"][0]["net_incl"] = Decimal("1.2345")
    workspace.load(file)
    release = workspace.publish()
    engine = workspace.engines.open(workspace.store.places.derived_file(release.release))
    check(engine, [file])
    assert (
        str(engine.query("select net_incl from sales_month").schema.field(0).type)
        == "decimal128(18, 4)"
    )
    engine.close()
