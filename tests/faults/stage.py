"""The stage of the fault tests: a program, run under the shim, on which the scene meets its faults.

Imports are done once, then each fault is met by a forked child. It reads one request a line and answers
each with one line of JSON.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import pickle
import re
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import django

from tests.builders.warehouse import reference
from tests.faults.pictures import Picture, Pictures
from tests.faults.power import Power
from tests.faults.sabotage import SABOTAGES
from tests.faults.scene import Scene, Truth, act, check, prepare, workspace_in
from tests.faults.walk import Stop, walk

T = TypeVar("T")
NEVER = 10**9
KINDS = {"kill": 1, "eio": 2, "no-space": 3, "torn": 4, "power": 5, "power-named": 5, "walk": 6,
         "power-after-eio": 7}  # fmt: skip


def armed(scene: Scene, shim: ctypes.CDLL, kind: str, n: int, pipe: int) -> int:
    """Act with a fault at the n-th change, saying on the pipe what is acknowledged; return how it ended."""
    shim.galien_fault_arm(str(scene.root).encode(), ctypes.c_long(n), KINDS[kind], pipe)
    try:
        workspace = workspace_in(scene.root, scene.ledger)
        act(workspace, lambda: _note(pipe, b"A\n"))
    except Exception:  # noqa: BLE001 - an error said aloud is what a fault may do
        return 3
    return 0


def faulted(
    shim: ctypes.CDLL, scene: Scene, power: Power | None, kind: str, n: int, pictures: Pictures
) -> dict[str, Any]:
    """Act on a copy of the group with a fault at the n-th change, and leave what it leaves."""
    report, answer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(report)
        code = armed(scene, shim, kind, n, answer)
        _note(answer, b"%d" % shim.galien_fault_seen())
        os._exit(code)
    os.close(answer)
    said = b""
    while piece := os.read(report, 64):
        said += piece
    os.close(report)
    _, status = os.waitpid(child, 0)
    changes = said.removeprefix(b"A\n")
    if power:
        left = pictures.of(power.left(names_kept=kind == "power-named"))
        pictures.put_back(left, scene.root)
        power.over()
    return {
        "code": os.waitstatus_to_exitcode(status),
        "acknowledged": said.startswith(b"A"),
        "fired": not changes or int(changes) >= n,
        "changes": int(changes or 0),
    }


def _note(pipe: int, what: bytes) -> None:
    os.write(pipe, what)


def checked(
    scene: Scene, shim: ctypes.CDLL, truth: Truth, *, acknowledged: bool, published: bool
) -> tuple[str, bool]:
    """Check in a child, which remembers nothing; return what is wrong, and whether it opened a draft."""

    def work() -> tuple[str, bool]:
        drafts = "\n".join(path.name for path in (scene.root / "tmp").glob("*"))
        shim.galien_watch(drafts.encode())
        try:
            workspace = workspace_in(scene.root, scene.ledger)
            check(workspace, truth, acknowledged=acknowledged, published=published)
        except BaseException:  # noqa: BLE001 - told to the test
            return traceback.format_exc()[-3000:], True
        return "", bool(shim.galien_opened())

    return forked(work)


def forked(work: Callable[[], T]) -> T:
    """Run something in a forked child, so that this process starts no thread before forking."""
    report, answer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(report)
        with os.fdopen(answer, "wb") as pipe:
            pickle.dump(work(), pipe)
        os._exit(0)
    os.close(answer)
    with os.fdopen(report, "rb") as pipe:
        found: T = pickle.load(pipe)  # noqa: S301 - our own child
    os.waitpid(child, 0)
    return found


def _say(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def _prepared(scene: Scene, base: Path) -> tuple[Truth, list[str]]:
    """Make the group; return the truth and the modules that it took and that are not here yet."""
    had = set(sys.modules)
    truth = prepare(scene.root, base, scene.ledger)
    check(workspace_in(scene.root, scene.ledger), truth, acknowledged=True, published=True)
    return truth, [name for name in sys.modules if name not in had]


class Stage:
    """Where faults are met: each on the same group, each kind of leavings checked once."""

    def __init__(self, folder: Path, scene: Scene) -> None:
        self._shim = ctypes.CDLL(None)
        self._shim.galien_fault_seen.restype = ctypes.c_long
        self._folder, self._scene, self._base = folder, scene, folder / "base"
        self._truth, needed = forked(lambda: _prepared(scene, self._base))
        # Imported once here, and not in each child. An import starts no thread.
        for module in needed:
            importlib.import_module(module)
        reference()
        gc.freeze()
        self._pictures = Pictures(folder / "contents")
        self._first = self._pictures.take(self._base)
        self._stops: list[Stop] = []
        self._known: dict[tuple[Picture, bool, bool], str] = {}
        self._blind: set[tuple[Picture, bool, bool]] = set()

    def meet(self, kind: str, n: int) -> dict[str, Any]:
        """Meet a fault at the n-th change."""
        result, left = self._faulted(kind, n)
        return result | self._judged(left, result["acknowledged"], result["code"] == 0)

    def compare(self, kind: str, n: int) -> dict[str, Any]:
        """Stop for good at the n-th change, and tell what of it is not as on the walk."""
        result, left = self._faulted(kind, n)
        stop = [stop for stop in self._stops if kind in stop.left][n - 1]
        other = _unnamed(left) ^ _unnamed(stop.left[kind])
        said = stop.acknowledged == result["acknowledged"]
        return {
            "acknowledged": result["acknowledged"],
            "other": sorted(map(str, other)),
            "said": said,
        }

    def _faulted(self, kind: str, n: int) -> tuple[dict[str, Any], Picture]:
        self._pictures.put_back(self._first, self._scene.root)
        root = self._scene.root
        power = Power(root, self._base) if kind.startswith("power") else None
        result = faulted(self._shim, self._scene, power, kind, n, self._pictures)
        return result, self._pictures.take(root)

    def walk(self) -> list[str]:
        """Act once, stopped at every change; return what the changes are, the end last."""
        scene = self._scene
        self._pictures.put_back(self._first, scene.root)

        def run(pipe: int) -> int:
            return armed(scene, self._shim, "walk", 0, pipe)

        self._stops = walk(run, scene.root, self._base, self._pictures)
        return [stop.change for stop in self._stops]

    def revisit(self, kind: str, place: int) -> dict[str, Any]:
        """Check what a kind of stop leaves at a place of the walk, nothing where it is another's."""
        stop = self._stops[place]
        if kind not in stop.left:
            return {"wrong": "", "checked": False}
        self._pictures.put_back(stop.left[kind], self._scene.root)
        return self._judged(stop.left[kind], stop.acknowledged, stop.published)

    def resume(self, place: int) -> dict[str, Any]:
        """Run to the end what was killed at a place of the walk, then cut the power.

        What the killed run had not synced is not on the disk, though the next one finds it there.
        """
        scene, left = self._scene, self._stops[place].left
        for kind, folder in (("power", "before"), ("power-named", "contents-before")):
            self._pictures.put_back(left[kind], self._folder / folder)
        self._pictures.put_back(left["kill"], scene.root)
        power = Power(scene.root, self._folder / "before", self._folder / "contents-before")
        result = faulted(self._shim, scene, power, "power", NEVER, self._pictures)
        return result | self._judged(self._pictures.take(scene.root), True, result["code"] == 0)

    def _judged(self, left: Picture, acknowledged: bool, published: bool) -> dict[str, Any]:
        """Check the folder, unless one like it was checked: the same bytes under the same names.

        What drafts hold is not looked at once a check has opened none of those it found: whatever they
        held, it would have gone the same way.
        """
        key = (_undrafted(left), acknowledged, published)
        blind = key in self._blind
        exact = (left, acknowledged, published)
        known = blind or exact in self._known
        if not known:
            self._known[exact], opened = checked(
                self._scene, self._shim, self._truth, acknowledged=acknowledged, published=published
            )
            if not opened:
                self._blind.add(key)
        return {"wrong": "" if blind else self._known[exact], "checked": not known}


def _undrafted(picture: Picture) -> Picture:
    """Return a picture without what drafts hold."""
    return Picture(
        tuple((name, "" if name.startswith("tmp/") else held) for name, held in picture.names)
    )


def _unnamed(picture: Picture) -> set[tuple[str, str | None]]:
    """Return what a picture shows; drafts, named at random, by their ending alone."""
    return {(re.sub(r"^tmp/[0-9a-f]{32}", "tmp/", name), held) for name, held in picture.names}


def _answer(stage: Stage, request: list[str]) -> dict[str, Any]:
    match request:
        case ["walk"]:
            return {"changes": stage.walk()}
        case ["revisit", kind, place]:
            return stage.revisit(kind, int(place))
        case ["resume", place]:
            return stage.resume(int(place))
        case ["compare", kind, n]:
            return stage.compare(kind, int(n))
        case _:
            kind, n = request
            return stage.meet(kind, int(n))


def main() -> None:
    """Serve faults: one line in, one line out."""
    folder, ledger = Path(sys.argv[1]).resolve(), sys.argv[2]
    scene = Scene(folder / "run", ledger)
    if ledger == "django":
        os.environ["GALIEN_WORKSPACE"] = str(scene.root)
        os.environ["DJANGO_SETTINGS_MODULE"] = "galien.site.settings"
        django.setup()
    stage = Stage(folder, scene)
    if sys.argv[3:]:
        SABOTAGES[sys.argv[3]][0]()
    _say({"ready": True})
    for line in sys.stdin:
        _say(_answer(stage, line.split()))
    # The engine, imported and never started, would complain at an ordinary end.
    os._exit(0)


if __name__ == "__main__":
    main()
