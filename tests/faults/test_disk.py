"""A load and a publication cut at every change they make on the disk: nothing lost, nothing twice.

The process is killed, a write is torn, the disk errs or fills, the power is cut at the n-th change,
n = 1, 2, … until none fires. What a stop leaves at each change is taken from one run, held still there;
what an error leaves takes a run each. A power cut takes away all that was not synced, or only the content
of files whose names got there. What is visible after is the old release or the new one, whole; what was
acknowledged is there; the same commands again reach the same state, and no file is left behind.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
STOPS = ("kill", "torn", "power", "power-named")
ERRORS = ("eio", "no-space")
KINDS = (*STOPS, *ERRORS)
EVERY_CHANGE = {
    "write",
    "pwrite",
    "half",
    "sendfile",
    "fsync",
    "fdatasync",
    "rename",
    "unlink",
    "mkdir",
}
SAMPLE = 2  # faults of a kind, in CI
GOLDEN = 0.6180339887  # steps that fall everywhere evenly, whatever the number of changes


class Scene:
    """The program that meets faults, its imports done."""

    def __init__(self, folder: Path, shim: Path, ledger: str, *sabotage: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.stage", str(folder), ledger, *sabotage],
            cwd=ROOT,
            env=os.environ | {"LD_PRELOAD": str(shim), "PYTHONPATH": f"{ROOT}/src:{ROOT}"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._changes: list[str] = []
        assert self._read() == {"ready": True}

    def meet(self, kind: str, n: int) -> dict[str, Any]:
        """Act with a fault of this kind at the n-th change, and check what is left."""
        return self._ask(f"{kind} {n}")

    def walk(self) -> list[str]:
        """Return every change of a run, in order, and its end; made once."""
        if not self._changes:
            self._changes = self._ask("walk")["changes"]
        return self._changes

    def revisit(self, kind: str, place: int) -> dict[str, Any]:
        """Check what a kind of stop leaves at a place of the walk."""
        return self._ask(f"revisit {kind} {place}")

    def resume(self, place: int) -> dict[str, Any]:
        """Check what a power cut leaves at the end of the run that follows a kill at a place of the walk."""
        return self._ask(f"resume {place}")

    def compare(self, kind: str, n: int) -> dict[str, Any]:
        """Stop a run for good at the n-th change, and tell what is not as on the walk."""
        return self._ask(f"compare {kind} {n}")

    def _ask(self, what: str) -> dict[str, Any]:
        assert self._process.stdin
        self._process.stdin.write(f"{what}\n")
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


def changes(scene: Scene, kind: str) -> int:
    """Return how many changes a clean run makes where such a fault can fall; it is met after the end."""
    clean = scene.meet(kind, 10**9)
    judge(kind, 10**9, clean)
    found: int = clean["changes"]
    return found


def place(total: int, step: float) -> int:
    """Return the change where the fault of a step falls."""
    return 1 + int(total * ((step * GOLDEN) % 1))


READERS = """
import ctypes, sys, duckdb, pyarrow as pa
from pathlib import Path
shim, folder = ctypes.CDLL(None), Path(sys.argv[1])
draft, other = folder / "draft.part", folder / "other.part"
for path in (draft, other):
    path.write_bytes(b"text")
for read in (
    Path.read_bytes,
    lambda path: pa.OSFile(str(path)).read(),
    lambda path: duckdb.execute(f"select content from read_blob('{path}')").fetchall(),
):
    shim.galien_watch(draft.name.encode())
    read(other)
    assert not shim.galien_opened()
    read(draft)
    assert shim.galien_opened()
"""


def test_a_draft_that_is_read_is_seen(tmp_path: Path) -> None:
    """What drafts hold is left out of account only where no check opens one."""
    subprocess.run(
        [sys.executable, "-c", READERS, str(tmp_path)],
        env=os.environ | {"LD_PRELOAD": str(compiled(tmp_path))},
        check=True,
    )


@pytest.mark.timeout(600)
def test_faults_everywhere_sampled(scene: Scene) -> None:
    for number, kind in enumerate(KINDS):
        total = changes(scene, kind)
        assert total > 50
        for step in range(1, SAMPLE + 1):
            n = place(total, step + number / len(KINDS))
            judge(kind, n, scene.meet(kind, n))


# What each step of a commit does on the disk, and the moment it is over: the change that comes after.
STEPS = (
    r"mkdir store/",
    r"fsync tmp/\w+\.part",
    r"rename store/",
    r"fsync store/",
    r"rename derived/\w+\.duckdb",
    r"rename derived/\w+\.json",
    r"rename releases/",
    r"fsync releases",
    r"unlink \w+\.sqlite3-journal",
    r"fdatasync \.",
)


def turns(changes: list[str], *, first: bool = True) -> list[int]:
    """Return the places where a step of the commit is just over: the `first` time, and the last."""
    found = {len(changes) - 1}
    for step in STEPS:
        made = [at for at, change in enumerate(changes) if re.match(step, change)]
        found |= {at + 1 for at in (*made[: 1 if first else 0], *made[-1:])}
    return sorted(found)


@pytest.mark.timeout(1200)
def test_a_stop_after_each_step_of_a_commit(scene: Scene) -> None:
    """Killed, cut off, and cut off once what was killed had been run to its end."""
    changes = scene.walk()
    for step in STEPS:
        assert any(re.match(step, change) for change in changes), f"no change is « {step} »"
    for at in turns(changes):
        for kind in ("kill", "power", "power-named"):
            result = scene.revisit(kind, at)
            assert result["wrong"] == "", f"{kind} before « {changes[at]} »: {result['wrong']}"
    for at in turns(changes, first=False):
        judge(f"power after a kill before « {changes[at]} »,", at, scene.resume(at))


SYNCS = (r"fsync tmp/", r"fsync store/", r"fsync store$", r"fdatasync \w", r"fdatasync \.")


@pytest.mark.timeout(0)
@pytest.mark.parametrize("all_of_them", [False, pytest.param(True, marks=pytest.mark.soak)])
def test_a_sync_that_failed_is_not_taken_for_one(scene: Scene, all_of_them: bool) -> None:
    """What is answered for after it is still there when the power is cut."""
    changes = [change for change in scene.walk() if not change.startswith("half ")]
    for sync in SYNCS:
        found = [n for n, change in enumerate(changes, 1) if re.match(sync, change)]
        for n in found if all_of_them else {found[0], found[-1]}:
            judge("power-after-eio", n, scene.meet("power-after-eio", n))


@pytest.mark.soak
@pytest.mark.timeout(0)
@pytest.mark.parametrize("kind", STOPS)
def test_a_stop_at_every_change(scene: Scene, kind: str) -> None:
    changes = scene.walk()
    tried: Counter[str] = Counter()
    assert {change.split()[0] for change in changes} >= EVERY_CHANGE
    for at, change in enumerate(changes):
        if change.startswith("half ") != (kind == "torn"):
            continue
        result = scene.revisit(kind, at)
        assert result["wrong"] == "", f"{kind} before « {change} »: {result['wrong']}"
        tried[f"{change.split()[0]}, {'checked' if result['checked'] else 'as another'}"] += 1
    sys.stdout.write(f"{kind}: {dict(tried)}\n")


@pytest.mark.soak
@pytest.mark.timeout(0)
@pytest.mark.parametrize("kind", ["kill", "power", "power-named"])
def test_a_run_held_still_leaves_what_a_stopped_one_leaves(scene: Scene, kind: str) -> None:
    """All through the load; a publication has two hands, which no two runs order alike."""
    scene.walk()
    n, alike = 1, scene.compare(kind, 1)
    while not alike["acknowledged"]:
        assert alike["other"] == []
        assert alike["said"]
        n += 4
        alike = scene.compare(kind, n)
    assert n > 30


@pytest.mark.soak
@pytest.mark.timeout(0)
@pytest.mark.parametrize("kind", ERRORS)
def test_an_error_at_every_change(scene: Scene, kind: str) -> None:
    n, fired = 0, True
    while fired:
        n += 1
        result = scene.meet(kind, n)
        judge(kind, n, result)
        fired = result["fired"]
    assert n > 50
    sys.stdout.write(f"{kind}: {n - 1} changes\n")
