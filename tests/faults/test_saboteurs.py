"""Proof that the fault tests can fail: with one safety switched off, a fault brings the loss it prevents."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.sabotage import SABOTAGES
from tests.faults.test_disk import ERRORS, Scene, compiled, place, turns

AT_THE_END = 10**9
# Seen at the first faults; the others have narrow windows.
SAMPLE = ("bytes not synced", "journal not synced", "sweep forgets receipts")


def wrong(result: dict[str, Any]) -> bool:
    """Tell whether a fault left what no fault may leave."""
    return bool(result["wrong"]) or result.get("code") == 99


def broken(scene: Scene, kind: str) -> bool:
    """Tell whether some fault leaves what no fault may leave: at the end, after a step, then anywhere."""
    end = scene.meet(kind, AT_THE_END)
    if wrong(end):
        return True
    if kind in (*ERRORS, "power-after-eio"):
        return any(wrong(scene.meet(kind, n)) for n in places(end["changes"]))
    walk = scene.walk()
    anywhere = (n - 1 for n in places(len(walk)))
    return any(wrong(scene.revisit(kind, at)) for at in (*turns(walk), *anywhere))


def places(total: int) -> Iterator[int]:
    """Return places everywhere in a run, those far from each other first."""
    return (place(total, step) for step in range(1, 2 * total))


@pytest.mark.timeout(0)
@pytest.mark.parametrize(
    "sabotage",
    [name if name in SAMPLE else pytest.param(name, marks=pytest.mark.soak) for name in SABOTAGES],
)
def test_a_saboteur_is_caught(tmp_path: Path, sabotage: str) -> None:
    scene = Scene(tmp_path, compiled(tmp_path), "sqlite", sabotage)
    try:
        assert broken(scene, SABOTAGES[sabotage][1]), f"nothing fails: {sabotage}"
    finally:
        scene.close()
