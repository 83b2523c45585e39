"""Readers at work while releases follow each other: each reads one release, whole, and keeps it."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from galien.engines.protocol import Engine
from galien.warehouse.ledger import ReleaseRecord
from galien.warehouse.reader import ReleaseReader
from galien.warehouse.sweeping import sweep
from tests.builders.warehouse import PHARMACIES, Workspace, random_file, reference

FIRST = dt.date(2026, 1, 30)
TOTALS = (
    "select sum(lines) from sales_day",
    "select sum(lines) from sales_group_month",
    "select sum(lines) from sales_day_pharmacy",
)


def reader_of(workspace: Workspace) -> ReleaseReader:
    return ReleaseReader(
        ledger=workspace.ledger,
        store=workspace.store,
        engines=workspace.engines,
        clock=workspace.clock,
        every=0,
    )


def total(engine: Engine, question: str) -> int:
    found: int = engine.query(question).column(0)[0].as_py()
    return found


def lines(seed: int) -> int:
    rows = random_file(seed, pharmacy=PHARMACIES[0], days=[FIRST]).rows["sale_day"]
    return sum(row["lines"] for row in rows)


def publishing(workspace: Workspace, number: int) -> dict[str, int]:
    """Publish correction after correction of one day; returns the lines each release holds."""
    found = {}
    for seed in range(number):
        workspace.load(random_file(seed, pharmacy=PHARMACIES[0], days=[FIRST]))
        found[workspace.publish().release] = lines(seed)
    return found


def reading(reader: ReleaseReader, over: threading.Event) -> list[tuple[str, list[int]]]:
    found = []
    while not over.is_set():
        with reader.hold() as held:
            totals = [total(held.engine, question) for question in TOTALS]
            found.append((held.release.release, totals))
    return found


@pytest.mark.parametrize("number", [8, pytest.param(200, marks=pytest.mark.soak)])
@pytest.mark.timeout(900)
def test_no_reader_sees_a_mixture(tmp_path: Path, number: int) -> None:
    workspace = Workspace(tmp_path, reference())
    workspace.load(random_file(999, pharmacy=PHARMACIES[1], days=[FIRST]))
    other = sum(
        row["lines"]
        for row in random_file(999, pharmacy=PHARMACIES[1], days=[FIRST]).rows["sale_day"]
    )
    first = workspace.publish()
    reader, over = reader_of(workspace), threading.Event()
    with ThreadPoolExecutor(3) as readers:
        tasks = [readers.submit(reading, reader, over) for _ in range(3)]
        try:
            held = publishing(workspace, number) | {first.release: 0}
        finally:
            over.set()
        reads = [read for task in tasks for read in task.result()]
    reader.close()
    assert len({release for release, _ in reads}) > 1
    assert [read for read in reads if read[1] != [held[read[0]] + other] * len(TOTALS)] == []


def test_two_publishers_end_on_one_release(tmp_path: Path) -> None:
    """Both load and publish at once; the last release holds both deliveries."""
    workspace = Workspace(tmp_path, reference())

    def work(number: int) -> ReleaseRecord:
        workspace.load(random_file(number, pharmacy=PHARMACIES[number], days=[FIRST]))
        return workspace.publish()

    with ThreadPoolExecutor(2) as publishers:
        list(publishers.map(work, range(2)))
    workspace.publish()
    reader = reader_of(workspace)
    with reader.hold() as held:
        expected = sum(
            row["lines"]
            for number in range(2)
            for row in random_file(number, pharmacy=PHARMACIES[number], days=[FIRST]).rows[
                "sale_day"
            ]
        )
        assert total(held.engine, TOTALS[0]) == expected
    reader.close()


def test_a_held_release_survives_a_sweep(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, reference())
    publishing(workspace, 1)
    reader = reader_of(workspace)
    with reader.hold() as held:
        before = total(held.engine, TOTALS[0])
        publishing(workspace, 4)
        sweep(
            ledger=workspace.ledger,
            store=workspace.store,
            clock=workspace.clock,
            kept=1,
            grace=-dt.timedelta(days=10_000),
        )
        assert workspace.store.places.derived_file(held.release.release).exists()
        assert total(held.engine, TOTALS[0]) == before == lines(0)
    assert reader.integrity(held.release.release).whole
    reader.close()
