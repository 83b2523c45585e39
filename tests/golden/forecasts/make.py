"""Writes what statsforecast forecasts of some series, for the test that holds our methods to it.

Run where the extra `forecast` is installed, from the root of the repository:
`python tests/golden/forecasts/make.py`. The file is named by the version that made it.
"""

from __future__ import annotations

import csv
import importlib
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from bench.demand import real_series

HERE = Path(__file__).parent
STEPS = {"spare parts": 110, "hospital": 96, "prescriptions (PBS)": 48}
SHORTEST = 24
INVENTED = 24


def invented(seed: int) -> list[float]:
    """Return three years of demand, rare or not, small or not."""
    chance = random.Random(seed)
    share, most = chance.uniform(0.1, 1), chance.randint(1, 12)
    months = [float(chance.random() < share) * chance.randint(1, most) for _ in range(36)]
    return [*months, 1.0]


def series() -> Iterator[tuple[str, list[float]]]:
    """Name the series: real ones that are wholly known, at two moments of their life, then invented ones."""
    for name, table in real_series().items():
        for place in range(0, len(table), STEPS[name]):
            row = table[place]
            if np.isnan(row).any() or not (row > 0).any():
                continue
            for length in (SHORTEST, len(row)):
                if (row[:length] > 0).any():
                    yield f"{name} {place}, {length} months", row[:length].tolist()
    for seed in range(INVENTED):
        yield f"invented {seed}", invented(seed)


def main() -> None:
    """Write one line a series: its demand, then the next month by each method."""
    library: Any = importlib.import_module("statsforecast")
    models: Any = importlib.import_module("statsforecast.models")
    methods = {
        "naive": models.Naive(),
        "croston": models.CrostonClassic(),
        "sba": models.CrostonSBA(),
        "tsb": models.TSB(0.1, 0.1),
        "smoothing": models.SimpleExponentialSmoothing(0.3),
        "seasonal_naive": models.SeasonalNaive(12),
        "moving_average_6": models.WindowAverage(6),
    }
    path = HERE / f"statsforecast_{library.__version__}.csv"
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(["series", "demand", *methods])
        for name, demand in series():
            known = np.array(demand)
            told = [float(each.forecast(y=known, h=1)["mean"][0]) for each in methods.values()]
            writer.writerow([name, " ".join(f"{each:.17g}" for each in demand), *map(repr, told)])


if __name__ == "__main__":
    main()
