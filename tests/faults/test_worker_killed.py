"""A worker killed in the middle of a load: the job is taken up again and the file counts once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.builders.commands import Workplace
from tests.builders.deliveries import sales, text

# Queues a load job, and says how jobs stand, in a process that has the workspace's services.
SCRIPT = """
import json, sys
from pathlib import Path
from galien.site.build import build
build(Path(sys.argv[1]))
from galien.records.models import Job
from galien.usecases.jobs import submit
if len(sys.argv) > 2:
    submit("load", json.loads(sys.argv[2]), user=None)
print(json.dumps([[j.state, j.attempt, j.result] for j in Job.objects.all()]))
"""


def jobs(place: Workplace, *arguments: str) -> list[tuple[str, int, dict[str, str] | None]]:
    import json

    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(place.path), *arguments],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [tuple(each) for each in json.loads(done.stdout)]


def worker(place: Workplace) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "galien.site.main", "worker", "--workspace", str(place.path)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip


def wait_for(place: Workplace, state: str, seconds: float) -> tuple[str, int, object]:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = jobs(place)[0]
        if found[0] == state:
            return found
        time.sleep(0.3)
    raise AssertionError(f"the job never was {state}: {jobs(place)}")


@pytest.mark.timeout(200)
def test_a_load_survives_kill_9(tmp_path: Path) -> None:
    place = Workplace(tmp_path / "w")
    place.load(text(sales(1)))
    file = tmp_path / "large.csv"
    file.write_bytes(text(sales(60_000, sold_at="2026-10-09T09:00:00")))
    order = f'{{"path": "{file}", "feed": "sales", "pharmacy": "750100042"}}'
    jobs(place, order)
    first = worker(place)
    try:
        wait_for(place, "running", 60)
        os.killpg(first.pid, signal.SIGKILL)
    finally:
        first.wait()
    second = worker(place)
    try:
        _, attempt, result = wait_for(place, "done", 100)
    finally:
        os.killpg(second.pid, signal.SIGTERM)
        second.wait(timeout=30)
    assert attempt == 2
    assert isinstance(result, dict)
    assert result["status"] in {"accepted", "duplicate"}
    assert place.sold() == {"3400935955838": 60_001}
