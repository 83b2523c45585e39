"""What the analyses run on: the release of a workspace, a copy of its analytical file, its day facts."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from bench.cases import PURCHASES, SALES, Subject
from bench.contenders.base import Bounds
from bench.duck import open_duckdb
from bench.reading import open_file
from galien.kernel.period import Period, month_end, parse_comparison, parse_period
from galien.usecases.services import Services


@dataclass(frozen=True)
class Ground:
    """A release to measure on: Galien's services, and a copy of its file for hand-written SQL.

    `facts` is a folder of Parquet files that other engines load: day facts in the order of the
    release, pharmacies and products as numbers, amounts as whole numbers, the product table.
    """

    services: Services
    copy: duckdb.DuckDBPyConnection
    bounds: Bounds
    facts: Path
    rows: dict[str, int]
    release: str


@contextmanager
def open_ground(workspace: Path) -> Iterator[Ground]:
    """Open the current release of a workspace, or an analytical file, as of its last whole month.

    Raises NotAvailable when nothing is published.
    """
    derived = workspace if workspace.suffix == ".duckdb" else current_file(workspace)
    with tempfile.TemporaryDirectory(prefix="galien-bench-") as folder:
        # A second file is a second DuckDB: its memory and threads are not those of the services.
        copied = Path(folder) / "copy.duckdb"
        shutil.copyfile(derived, copied)
        facts = Path(folder) / "facts"
        facts.mkdir()
        with open_duckdb(copied, read_only=True) as connection:
            bounds = _bounds(connection)
            with open_file(derived, bounds.last + dt.timedelta(days=1)) as services:
                sizes = _sizes(connection)
                yield Ground(services, connection, bounds, facts, sizes, derived.stem)


def current_file(workspace: Path) -> Path:
    """Return the analytical file of the release that a workspace serves."""
    from galien.site.build import build

    services = build(workspace)
    with services.reader.hold() as held:
        release = held.release.release
    services.reader.close()
    return services.store.places.derived_file(release)


def export_facts(ground: Ground, subject: Subject) -> Path:
    """Write a subject's day facts and the products as Parquet for the other engines, once."""
    path = ground.facts / f"{subject.table}.parquet"
    if path.exists():
        return path
    sums = ", ".join(_whole(name, ground.bounds) for name in subject.sums)
    keys = "sale_type" if subject is SALES else "supplier, channel"
    ground.copy.execute(
        f"copy (select month, day, pharmacy_id, product_id, "
        f"{', '.join(f'cast({key} as varchar) as {key}' for key in keys.split(', '))}, "
        f"cast(vat_rate * 1000000 as integer) as vat_rate, {sums} from {subject.table}) "
        f"to '{path}' (format parquet, compression snappy, row_group_size 122880)"
    )
    ground.copy.execute(
        "copy (select product_id, product_code, lab::varchar as lab, brand::varchar as brand, "
        "product_type::varchar as product_type, family_1::varchar as family_1, "
        "family_2::varchar as family_2, segment_1::varchar as segment_1, "
        "universe_1::varchar as universe_1, indication::varchar as indication, "
        "generic_status::varchar as generic_status, generic_group::varchar as generic_group, "
        "reimbursable from product) "
        f"to '{ground.facts / 'product.parquet'}' (format parquet)"
    )
    return path


_COLUMNS = {"list_amount": "list_amount_excl", "net_amount": "net_amount_excl"}


def _whole(name: str, bounds: Bounds) -> str:
    column = f"coalesce({_COLUMNS.get(name, name)}, 0)"
    if name not in bounds.scales:
        return f"cast({column} as integer) as {name}"
    scale = bounds.scales[name]
    return f"cast(cast({column} as decimal(28, {scale})) * {10**scale} as bigint) as {name}"


def _bounds(connection: duckdb.DuckDBPyConnection) -> Bounds:
    last_month: dt.date = _one(connection, "select max(month) from sales_group_month")
    today = month_end(last_month) + dt.timedelta(days=1)
    period = parse_period("last-12-months", today)
    before = parse_comparison("previous-year", period, today)
    assert isinstance(before, Period)
    group = _one(
        connection,
        "select d.generic_group from sales_group_month s join product d using (product_id) "
        "where d.generic_group is not null group by 1 order by sum(s.quantity) desc limit 1",
    )
    codes = dict(
        connection.execute(
            "select pharmacy_id, pharmacy from pharmacy order by pharmacy"
        ).fetchall()
    )
    return Bounds(
        first=period.first,
        last=period.last,
        previous_first=before.first,
        previous_last=before.last,
        ids=tuple(codes),
        group=str(group),
        codes=codes,
        scales=_scales(connection),
    )


def _scales(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Return the decimal places that the release keeps of each amount."""
    scales = {}
    for subject in (SALES, PURCHASES):
        for name in subject.sums:
            kind = _one(
                connection,
                f"select typeof({_COLUMNS.get(name, name)}) from {subject.table} limit 1",
            )
            if kind.startswith("DECIMAL"):
                scales[name] = int(kind.rstrip(")").split(",")[1])
    return scales


def _sizes(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    names = connection.execute(
        "select table_name, estimated_size from duckdb_tables() where not temporary order by 1"
    ).fetchall()
    return {str(name): int(rows) for name, rows in names}


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> Any:
    row = connection.execute(sql).fetchone()
    assert row is not None
    return row[0]
