"""The contenders of the benchmark say what Galien says, on a small group drawn at random."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.cases import CASES, PURCHASES, SALES, Case
from bench.contenders import pandas_frames, polars_frames
from bench.contenders.base import Contender, Rows, differences
from bench.contenders.galien import Galien
from bench.contenders.hand_sql import HandSql
from bench.ground import Ground, open_ground
from galien.usecases.viewer import WORKSPACE_VIEWER
from tests.builders.derived import build, random_group


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    path: Path = tmp_path_factory.mktemp("bench") / "release.duckdb"
    build(random_group(5, visits=1500, pharmacies=12, products=40), path)
    with open_ground(path) as opened:
        yield opened


@pytest.fixture(scope="module")
def others(ground: Ground) -> list[Contender]:
    subjects = (SALES, PURCHASES)
    return [
        Galien(ground.services, WORKSPACE_VIEWER, ground.bounds),
        polars_frames.lazy(ground, subjects, "streaming"),
        polars_frames.eager(ground, subjects, "in-memory"),
        pandas_frames.load(ground, subjects),
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_contender_gives_the_same_answer(
    case: Case, ground: Ground, others: list[Contender]
) -> None:
    hand = HandSql(ground.copy, ground.bounds)
    expected = hand.rows(case, hand.run(case))
    assert expected
    for text in hand.texts(case):
        assert not differences(expected, hand.rows(case, hand.run_text(case, text)))
    for other in others:
        assert not differences(expected, other.rows(case, other.run(case))), other.name


def test_a_wrong_cent_is_seen() -> None:
    right: Rows = {"A": ((1, 250), (0.5,))}
    assert differences(right, {"A": ((1, 251), (0.5,))})
    assert differences(right, {"A": ((1, 250), (0.6,))})
    assert differences(right, {})
    assert not differences(right, {"A": ((1, 250), (0.5 + 1e-12,))})
