"""A published file is read and nothing else: no write, no other file, no endless question."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pytest

from galien.engines.duckdb import DuckDB
from galien.engines.protocol import Engine
from galien.kernel.errors import InternalError, NotAvailable

ENDLESS = "select count(*) from t a, t b, t c where a.i + b.i + c.i > $least"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    maker = DuckDB(threads=2, memory="256MB", seconds=5)
    path = tmp_path / "release.duckdb"
    with maker.build(path) as builder:
        builder.run("create type kind as enum ('a', 'b')")
        builder.run("create table t as select cast('a' as kind) as k, range as i from range(50000)")
        builder.finish()
    opened = maker.open(path)
    yield opened
    opened.close()


def test_values_are_bound_and_enumerations_come_back_as_text(engine: Engine) -> None:
    rows = engine.query("select k, count(*) as n from t where i < $i group by k", {"i": 10})
    assert rows.to_pylist() == [{"k": "a", "n": 10}]
    assert rows.schema.field("k").type == pa.string()


@pytest.mark.parametrize(
    "sql",
    [
        "copy t to '{folder}/out.csv'",
        "select * from read_csv('/etc/passwd')",
        "select * from read_text('/etc/passwd')",
        "select * from '{folder}/other.parquet'",
        "attach '{folder}/other.duckdb'",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "set lock_configuration = false",
        "create table u as select 1",
        "delete from t",
        "export database '{folder}/out'",
        "select 1; select 2",
        "select * from nowhere",
        "",
    ],
)
def test_nothing_but_one_reading_of_this_file_is_allowed(
    engine: Engine, tmp_path: Path, sql: str
) -> None:
    before = {path.name for path in tmp_path.iterdir()}
    with pytest.raises(InternalError):
        engine.query(sql.format(folder=tmp_path))
    assert {path.name for path in tmp_path.iterdir()} == before
    assert engine.query("select count(*) as n from t").to_pylist() == [{"n": 50_000}]


def test_a_long_question_is_stopped_and_the_next_one_answered(engine: Engine) -> None:
    start = time.monotonic()
    with pytest.raises(NotAvailable, match="période plus courte") as refused:
        engine.query(ENDLESS, {"least": 1}, seconds=0.3)
    assert refused.value.code == "QUERY_TOO_BIG"
    assert time.monotonic() - start < 3
    assert engine.query("select max(i) as i from t").to_pylist() == [{"i": 49_999}]


def test_a_question_too_big_for_memory_leaves_the_engine_alive(engine: Engine) -> None:
    with pytest.raises(NotAvailable, match=r"mémoire|calcul") as refused:
        engine.query("select list(a.i + b.i) from t a, t b")
    assert refused.value.code == "QUERY_TOO_BIG"
    assert engine.query("select min(i) as i from t").to_pylist() == [{"i": 0}]


def test_a_question_that_cannot_start_says_so(engine: Engine) -> None:
    with ThreadPoolExecutor(2) as others:
        for _ in range(2):
            others.submit(_stopped, engine)
        time.sleep(0.3)
        with pytest.raises(NotAvailable, match="Réessayez") as refused:
            engine.query("select 1 as one", seconds=0.2)
        assert refused.value.code == "BUSY"


def _stopped(engine: Engine) -> None:
    with pytest.raises(NotAvailable):
        engine.query(ENDLESS, {"least": 1}, seconds=1.5)


def test_stopping_one_question_never_stops_another(engine: Engine) -> None:
    """Answers of short questions stay right while long ones are stopped beside them."""
    over, wrong = threading.Event(), []

    def short() -> None:
        while not over.is_set():
            found = engine.query("select count(*) as n from t where i >= $i", {"i": 25_000})
            if found.to_pylist() != [{"n": 25_000}]:
                wrong.append(found)

    with ThreadPoolExecutor(2) as others:
        task = others.submit(short)
        for _ in range(5):
            with pytest.raises(NotAvailable):
                engine.query(ENDLESS, {"least": 1}, seconds=0.15)
        over.set()
        task.result()
    assert wrong == []


def test_a_file_that_is_not_one_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "release.duckdb"
    path.write_bytes(b"not a database" * 1000)
    with pytest.raises(InternalError) as damaged:
        DuckDB().open(path)
    assert damaged.value.code == "DAMAGED"


def test_a_disk_that_refuses_is_said(tmp_path: Path) -> None:
    with DuckDB().build() as builder, pytest.raises(InternalError):
        builder.run(f"copy (select 1) to '{tmp_path}/no/such/folder/x.parquet'")
