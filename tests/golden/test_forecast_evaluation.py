"""Forecasts on real series, measured on months that nobody looked at: better than simple rivals."""

from __future__ import annotations

import pytest

from bench.demand import evaluate, real_series
from galien.calculators.stock.arrays import Floats
from galien.calculators.stock.demand.patterns import INTERVAL_CUT, SIZE_CUT, shape

SERIES = real_series()


@pytest.mark.parametrize(
    ("name", "most"), [("hospital", 0.95), ("prescriptions (PBS)", 0.8), ("spare parts", 1.0)]
)
def test_our_choice_is_nearer_than_every_simple_rival(name: str, most: float) -> None:
    ours, *others = evaluate(SERIES[name]).rows
    assert ours.rmsse <= most * min(each.rmsse for each in others)


def test_spare_parts_fall_in_the_classes_of_syntetos_and_boylan() -> None:
    demand: Floats = SERIES["spare parts"]
    found = shape(demand)
    rare, varied = found.interval >= INTERVAL_CUT, found.variation >= SIZE_CUT
    assert int((rare & ~varied).sum()) == pytest.approx(2324, abs=15)
    assert int((rare & varied).sum()) == pytest.approx(347, abs=15)
