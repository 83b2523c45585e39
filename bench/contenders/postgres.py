"""PostgreSQL by hand: a private cluster on a socket, tuned, indexed, loaded from the same day facts."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pyarrow.parquet as pq

from bench.cases import Case, Place, Subject
from bench.contenders.base import Bounds, Rows, common_form
from bench.duck import open_duckdb
from bench.ground import Ground, export_facts
from bench.report import say

PROGRAMS = Path("/usr/lib/postgresql/15/bin")
_SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "3GB",
    "work_mem": "256MB",
    "maintenance_work_mem": "512MB",
    "effective_cache_size": "8GB",
    "max_parallel_workers_per_gather": "2",
    "random_page_cost": "1.1",
    "fsync": "off",
    "synchronous_commit": "off",
    "max_wal_size": "8GB",
    "autovacuum": "off",
    "jit": "off",
}
_TYPES = {
    "month": "date", "day": "date", "pharmacy_id": "smallint", "product_id": "integer",
    "sale_type": "text", "supplier": "text", "channel": "text", "vat_rate": "integer",
    "quantity": "integer", "delivered_quantity": "integer", "free_quantity": "integer",
    "reimbursable": "boolean",
}  # fmt: skip


def missing() -> str:
    """Return why PostgreSQL cannot take part; empty when it can."""
    if not (PROGRAMS / "initdb").exists():
        return "PostgreSQL 15 is not installed (Debian package postgresql-15)"
    if os.geteuid() != 0:
        return "starting a private PostgreSQL as user postgres needs root"
    return ""


@dataclass(frozen=True)
class Postgres:
    """Answers with SQL over a loaded cluster, rows fetched as Python tuples."""

    connection: psycopg.Connection[Any]
    bounds: Bounds
    name: str = "PostgreSQL 15"

    def run(self, case: Case) -> list[tuple[Any, ...]]:
        """Run the text of a case."""
        values: dict[str, Any] = dict(self.bounds.parameters)
        values |= {"ids": self.bounds.pharmacies(case), "g": self.bounds.group}
        with self.connection.cursor(binary=True) as cursor:
            cursor.execute(text_of(case, self.bounds).encode(), values)
            return cursor.fetchall()

    def rows(self, case: Case, result: object) -> Rows:
        """Return the answer in the common form."""
        assert isinstance(result, list)
        return common_form(case, result, self.bounds, whole=True)


def text_of(case: Case, bounds: Bounds) -> str:
    """Write the SQL of a case: a scan a period, by product first when the key is the product's."""
    return (
        f"with z as ({_side(case, 1)} union all {_side(case, 0)}), "
        f"m as (select k, {_measures(case.subject, bounds)} from z group by k) "
        f"select *, {_compared(case.subject, bounds)} from m "
        f"order by {case.subject.measures[0]} desc, k"
    )


def _side(case: Case, current: int) -> str:
    first, last = ("%(c0)s", "%(c1)s") if current else ("%(p0)s", "%(p1)s")
    kept = f"month between {first} and {last}"
    if case.pharmacies:
        kept += " and pharmacy_id = any(%(ids)s)"
    if case.one_group:
        kept += " and product_id in (select product_id from product where generic_group = %(g)s)"
    sums = ", ".join(f"sum({name})::bigint as {name}" for name in case.subject.sums)
    again = ", ".join(f"sum({name})::bigint as {name}" for name in case.subject.sums)
    if case.place is Place.PRODUCT:
        return (
            f"select d.{case.key} as k, {current} as f, {again} from (select product_id, {sums} "
            f"from {case.subject.table} where {kept} group by product_id) s "
            "join product d using (product_id) group by 1"
        )
    key = "pharmacy_id" if case.place is Place.PHARMACY else case.key
    if key == "month" and not current:
        key = "(month + interval '1 year')::date"
    return f"select {key} as k, {current} as f, {sums} from {case.subject.table} where {kept} group by 1"


def _measures(subject: Subject, bounds: Bounds) -> str:
    def summed(expression: str, flag: int) -> str:
        return f"coalesce(sum({expression}) filter (where f = {flag}), 0)::bigint"

    expressions = {name: name for name in subject.sums}
    if subject.name == "sales":
        money, fee = 10 ** (8 - bounds.scales["net_excl"]), 10 ** (8 - bounds.scales["fee_excl"])
        margin = f"(net_excl - cost_excl) * {money} + fee_excl * {fee}"
        expressions = dict(
            zip(subject.measures, ("quantity", "net_incl", "net_excl", margin), strict=True)
        )
    return ", ".join(
        f"{summed(expression, flag)} as {name}{suffix}"
        for flag, suffix in ((1, ""), (0, "_previous"))
        for name, expression in expressions.items()
    )


def _compared(subject: Subject, bounds: Bounds) -> str:
    shown = [
        f"({name} - {name}_previous)::float8 / nullif(abs({name}_previous), 0)"
        for name in subject.measures
    ]
    for suffix in ("", "_previous"):
        if subject.name == "purchases":
            over = f"list_amount{suffix} - net_amount{suffix}"
            shown.append(f"({over})::float8 / nullif(list_amount{suffix}, 0)")
        else:
            unit = 10 ** (8 - bounds.scales["net_excl"])
            under = f"nullif(sales_excl{suffix} * {unit}, 0)"
            shown.append(f"adjusted_margin{suffix}::float8 / {under}")
    return ", ".join(shown)


@contextmanager
def cluster(ground: Ground, subjects: tuple[Subject, ...]) -> Iterator[Postgres]:
    """Start a private cluster, load it, and stop and delete it at the end."""
    folder = Path(tempfile.mkdtemp(prefix="galien-bench-pg-"))
    owner = pwd.getpwnam("postgres")
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    data = folder / "data"
    try:
        _as_postgres("initdb", "-D", str(data), "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        options = " ".join(f"-c {name}='{value}'" for name, value in _SETTINGS.items())
        _as_postgres(
            "pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"),
            "-o", f"{options} -k {folder}", "start",
        )  # fmt: skip
        try:
            with psycopg.connect(
                host=str(folder), user="postgres", dbname="postgres", autocommit=True
            ) as connection:
                _load(connection, ground, subjects, folder)
                yield Postgres(connection, ground.bounds)
        finally:
            _as_postgres("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _load(
    connection: psycopg.Connection[Any],
    ground: Ground,
    subjects: tuple[Subject, ...],
    folder: Path,
) -> None:
    for subject in subjects:
        path = export_facts(ground, subject)
        say(f"PostgreSQL: loading {subject.table}")
        _copy(connection, path, subject.table, folder)
        connection.execute(f"create index on {subject.table} using brin (month)".encode())
        connection.execute(f"create index on {subject.table} (product_id)".encode())
    _copy(connection, ground.facts / "product.parquet", "product", folder)
    connection.execute(b"alter table product add primary key (product_id)")
    connection.execute(b"create index on product (generic_group)")
    connection.execute(b"vacuum analyze")


def _copy(connection: psycopg.Connection[Any], path: Path, table: str, folder: Path) -> None:
    written = folder / f"{table}.csv"
    open_duckdb().execute(
        f"copy (select * from '{path}') to '{written}' (format csv, header false)"
    )
    written.chmod(0o644)
    names = pq.read_schema(path).names
    text = {"lab", "brand", "product_code"} if table != "product" else set(names)
    kinds = {name: "text" if name in text else "bigint" for name in names} | {
        name: kind for name, kind in _TYPES.items() if name in names
    }
    shape = ", ".join(f"{name} {kind}" for name, kind in kinds.items())
    connection.execute(f"create unlogged table {table} ({shape})".encode())
    connection.execute(f"copy {table} from '{written}' (format csv)".encode())
    written.unlink()


def _as_postgres(program: str, *arguments: str) -> None:
    subprocess.run(
        [PROGRAMS / program, *arguments],
        user="postgres",
        group="postgres",
        extra_groups=[],
        cwd="/",
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
