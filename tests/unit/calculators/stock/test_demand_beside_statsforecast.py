"""Our methods beside those of statsforecast, where that large library is installed."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from galien.calculators.stock.demand import methods

models: Any = pytest.importorskip(
    "statsforecast.models", reason="statsforecast (extra « forecast ») is not installed"
)


@pytest.mark.parametrize("seed", range(40))
def test_forecasts_are_the_same(seed: int) -> None:
    chance = random.Random(seed)
    share, most = chance.uniform(0.1, 1), chance.randint(1, 12)
    demand = np.array(
        [float(chance.random() < share) * chance.randint(1, most) for _ in range(36)] + [1.0]
    )
    laid = demand[None]
    pairs = (
        (models.CrostonClassic(), methods.croston(laid)),
        (models.CrostonSBA(), methods.sba(laid)),
        (models.TSB(0.1, 0.1), methods.tsb(laid)),
        (models.SimpleExponentialSmoothing(0.3), methods.simple_smoothing(laid, 0.3)),
        (models.SeasonalNaive(12), methods.seasonal_naive(laid, 12)),
        (models.WindowAverage(6), methods.moving_average(laid, 6)),
    )
    for theirs, ours in pairs:
        expected = theirs.forecast(y=demand, h=1)["mean"][0]
        assert ours[0, -1] == pytest.approx(expected, rel=1e-12), theirs
