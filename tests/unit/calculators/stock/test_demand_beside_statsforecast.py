"""Our methods beside those of statsforecast: what version 2.1.1 of it forecast of 96 series."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from galien.calculators.stock.arrays import Floats
from galien.calculators.stock.demand import methods

FILE = Path(__file__).parents[3] / "golden/forecasts/statsforecast_2.1.1.csv"
with FILE.open(encoding="utf-8", newline="") as lines:
    SERIES = list(csv.DictReader(lines))


def ours(demand: Floats) -> dict[str, Floats]:
    laid = demand[None]
    return {
        "naive": methods.naive(laid),
        "croston": methods.croston(laid),
        "sba": methods.sba(laid),
        "tsb": methods.tsb(laid),
        "smoothing": methods.simple_smoothing(laid, 0.3),
        "seasonal_naive": methods.seasonal_naive(laid, 12),
        "moving_average_6": methods.moving_average(laid, 6),
    }


def test_the_file_tells_real_and_invented_series() -> None:
    names = {row["series"].split()[0] for row in SERIES}
    assert names == {"hospital", "prescriptions", "spare", "invented"}
    assert len(SERIES) == 96


@pytest.mark.parametrize("row", SERIES, ids=[row["series"] for row in SERIES])
def test_forecasts_are_the_same(row: dict[str, str]) -> None:
    found = ours(np.array([float(each) for each in row["demand"].split()]))
    assert set(found) == set(row) - {"series", "demand"}
    for method, forecast in found.items():
        assert forecast[0, -1] == pytest.approx(float(row[method]), rel=1e-12), method
