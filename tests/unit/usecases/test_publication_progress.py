"""How far a publication is only ever grows, also when it starts again."""

from __future__ import annotations

from galien.usecases.publish import _in_stages


def test_stages_follow_each_other() -> None:
    told: list[float] = []
    tell = _in_stages(lambda done, _: told.append(done))
    for label, done, total in (
        ("publication", 0, 4),
        ("publication", 3, 4),
        ("analyse", 0, 1),
        ("publication", 0, 4),
        ("analyse", 0, 1),
    ):
        tell(label, done, total)
    assert told == sorted(told)
    assert told[-1] < 1
