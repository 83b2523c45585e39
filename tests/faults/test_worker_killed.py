"""A worker killed in the middle of a load: the job is taken up again and the file counts once."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.builders.commands import Workplace
from tests.builders.deliveries import sales, text

# Queues a load job in a process that has the workspace's services.
SCRIPT = """
import json, sys
from pathlib import Path
from galien.site.build import build
build(Path(sys.argv[1]))
from galien.usecases.jobs import submit
submit("load", json.loads(sys.argv[2]), user=None)
"""


def submit(place: Workplace, order: dict[str, str]) -> None:
    subprocess.run(
        [sys.executable, "-c", SCRIPT, str(place.path), json.dumps(order)],
        capture_output=True,
        check=True,
    )


def job(place: Workplace) -> tuple[str, int, dict[str, str]]:
    """Return the state, the attempt and the result of the only job."""
    with contextlib.closing(sqlite3.connect(place.path / "galien.sqlite3", timeout=10)) as base:
        row = base.execute("select state, attempt, result from records_job").fetchone()
    return (row[0], row[1], json.loads(row[2] or "{}"))


def worker(place: Workplace) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "galien.site.main", "worker", "--workspace", str(place.path)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip


def wait_for(place: Workplace, state: str, seconds: float) -> tuple[str, int, dict[str, str]]:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if job(place)[0] == state:
            return job(place)
        time.sleep(0.02)
    raise AssertionError(f"the job never was {state}: {job(place)}")


def stop(process: subprocess.Popen[bytes], with_signal: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, with_signal)
    process.wait(timeout=30)


@pytest.mark.timeout(400)
def test_a_load_survives_kill_9(tmp_path: Path) -> None:
    place = Workplace(tmp_path / "w")
    place.load(text(sales(1)))
    file = tmp_path / "large.csv"
    file.write_bytes(text(sales(100_000, sold_at="2026-10-09T09:00:00")))
    submit(place, {"path": str(file), "feed": "sales", "pharmacy": "750100042"})
    first = worker(place)
    try:
        wait_for(place, "running", 100)
    finally:
        stop(first, signal.SIGKILL)
    assert job(place)[0] == "running"
    second = worker(place)
    try:
        _, attempt, result = wait_for(place, "done", 200)
    finally:
        stop(second, signal.SIGTERM)
    assert attempt == 2
    assert result["status"] in {"accepted", "duplicate"}
    assert place.sold() == {"3400935955838": 100_001}
