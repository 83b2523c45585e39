"""Proof that the fault tests can fail: with one safety switched off, a fault brings the loss it prevents."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.sabotage import SABOTAGES
from tests.faults.test_disk import Scene, compiled, place

AT_THE_END = 10**9
# Seen at the first faults; the others have narrow windows.
SAMPLE = ("bytes not synced", "journal not synced", "sweep forgets receipts")


def broken(scene: Scene, kind: str, n: int) -> bool:
    """Tell whether a fault leaves what no fault may leave."""
    result = scene.meet(kind, n)
    return bool(result["wrong"]) or result["code"] == 99


@pytest.mark.timeout(0)
@pytest.mark.parametrize(
    "sabotage",
    [name if name in SAMPLE else pytest.param(name, marks=pytest.mark.soak) for name in SABOTAGES],
)
def test_a_saboteur_is_caught(tmp_path: Path, sabotage: str) -> None:
    kind = SABOTAGES[sabotage][1]
    scene = Scene(tmp_path, compiled(tmp_path), "sqlite", sabotage)
    try:
        total = scene.meet(kind, AT_THE_END)["changes"]
        faults = (AT_THE_END, *(place(total, step) for step in range(1, 2 * total)))
        assert any(broken(scene, kind, n) for n in faults), f"nothing fails: {sabotage}"
    finally:
        scene.close()
