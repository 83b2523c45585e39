"""Timing: contenders in turn, round after round, medians and ratios; noise is said, not hidden."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Mapping, Sequence

Runs = Mapping[str, Callable[[], object]]


def in_turn(runs: Runs, rounds: int, *, fewer: Mapping[str, int] | None = None) -> dict[str, float]:
    """Time each of `runs` in turn (A B C A B C…), after one round that does not count.

    `fewer` gives the rounds of those too slow for all of them. Returns medians in milliseconds.
    """
    limits = {name: min(rounds, (fewer or {}).get(name, rounds)) for name in runs}
    for run in runs.values():
        run()
    taken: dict[str, list[float]] = {name: [] for name in runs}
    for number in range(rounds):
        for name, run in runs.items():
            if number < limits[name]:
                taken[name].append(milliseconds(run))
    return {name: statistics.median(times) for name, times in taken.items()}


def processor_milliseconds(runs: Runs, rounds: int) -> dict[str, float]:
    """Return the processor time of each run, all threads added up: a busy machine weighs less on it."""
    taken: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            started = time.process_time()
            run()
            taken[name].append((time.process_time() - started) * 1000)
    return {name: statistics.median(times) for name, times in taken.items()}


def milliseconds(run: Callable[[], object]) -> float:
    """Return the wall time of one call, in milliseconds."""
    started = time.perf_counter()
    run()
    return (time.perf_counter() - started) * 1000


def geometric_mean(ratios: Sequence[float]) -> float:
    """Return the geometric mean of positive ratios.

    >>> geometric_mean([2.0, 8.0])
    4.0
    """
    return math.exp(sum(map(math.log, ratios)) / len(ratios))


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value under which a share of the values lies, nearest rank.

    >>> percentile([1, 2, 3, 4], 0.5)
    2
    """
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
