"""A load and a publication cut at every change they make on the disk: nothing lost, nothing twice.

The process is killed, a write is torn, the disk errs or fills, the power is cut at the n-th change,
n = 1, 2, … until none fires. A power cut takes away all that was not synced, or only the content of
files whose names got there. What is visible after is the old release or the new one, whole; what was
acknowledged is there; the same commands again reach the same state, and no file is left behind.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
KINDS = ("kill", "torn", "eio", "no-space", "power", "power-named")
SAMPLE_SECONDS = 4.0  # a kind, in CI
GOLDEN = 0.6180339887  # steps that fall everywhere evenly, whatever the number of changes


class Scene:
    """The program that meets faults, its imports done."""

    def __init__(self, folder: Path, shim: Path, ledger: str, *sabotage: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.scene", str(folder), ledger, *sabotage],
            cwd=ROOT,
            env=os.environ | {"LD_PRELOAD": str(shim), "PYTHONPATH": f"{ROOT}/src:{ROOT}"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._read() == {"ready": True}

    def meet(self, kind: str, n: int) -> dict[str, Any]:
        """Act with a fault of this kind at the n-th change, and check what is left."""
        assert self._process.stdin
        self._process.stdin.write(f"{kind} {n}\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, "the scene died"
        found: dict[str, Any] = json.loads(line)
        return found

    def close(self) -> None:
        """Let the program end."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()


def compiled(folder: Path) -> Path:
    """Compile the shim."""
    shim = folder / "shim.so"
    subprocess.run(
        ["gcc", "-shared", "-fPIC", "-O1", "-pthread", "-o", shim, HERE / "shim.c", "-ldl"],
        check=True,
    )
    return shim


@pytest.fixture(scope="module", params=["sqlite", "django"])
def scene(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("faults")
    found = Scene(folder, compiled(folder), request.param)
    yield found
    found.close()


def judge(kind: str, n: int, result: dict[str, Any]) -> None:
    assert result["wrong"] == "", f"{kind} at change {n}: {result['wrong']}"
    assert result["code"] != 99, f"{kind} at change {n}: a failed sync was tried again"
    if not result["fired"]:
        assert result["code"] == 0


def changes(scene: Scene) -> int:
    """Return how many changes a clean run makes."""
    clean = scene.meet("kill", 10**9)
    judge("kill", 10**9, clean)
    found: int = clean["changes"]
    return found


def place(total: int, step: float) -> int:
    """Return the change where the fault of a step falls."""
    return 1 + int(total * ((step * GOLDEN) % 1))


@pytest.mark.timeout(300)
def test_faults_everywhere_sampled(scene: Scene) -> None:
    total = changes(scene)
    assert total > 50
    met = 0
    for kind in KINDS:
        until, step = time.monotonic() + SAMPLE_SECONDS, 0
        while time.monotonic() < until:
            step += 1
            n = place(total, step + KINDS.index(kind) / len(KINDS))
            judge(kind, n, scene.meet(kind, n))
            met += 1
    assert met > len(KINDS)


@pytest.mark.soak
@pytest.mark.timeout(0)
@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_at_every_change(scene: Scene, kind: str) -> None:
    n, fired = 0, True
    while fired:
        n += 1
        result = scene.meet(kind, n)
        judge(kind, n, result)
        fired = result["fired"]
    assert n > 50
