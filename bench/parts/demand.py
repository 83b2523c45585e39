"""Forecasts measured on real series and on the group: our choice beside naive, seasonal and averages."""

from __future__ import annotations

import time

from bench.demand import Evaluation, evaluate, group_series, real_series
from bench.options import Options
from bench.report import Budget, Report, Table, say
from galien.calculators.stock.arrays import Floats
from galien.kernel.errors import GalienError

COLUMNS = ("method", "MASE (median)", "RMSSE", "WAPE, %", "bias, %")


def measure(options: Options) -> Report:
    """Evaluate every set of series; the group's when its workspace is there."""
    report = Report("demand")
    sets: dict[str, tuple[Floats, tuple[str, ...]]] = {
        name: (demand, ()) for name, demand in real_series().items()
    }
    try:
        from bench.ground import current_file

        derived = options.workspace
        sets["the group"] = group_series(
            derived if derived.suffix == ".duckdb" else current_file(derived)
        )
    except GalienError as error:
        say(f"the group is left out: {error.message}")
    for name, (demand, families) in sets.items():
        started = time.process_time()
        found = evaluate(demand, families)
        seconds = time.process_time() - started
        report.tables.append(_table(name, found, seconds))
        ours, *others = found.rows
        best = min(each.rmsse for each in others)
        report.budgets.append(
            Budget(f"RMSSE against the best rival, {name}", ours.rmsse / best, 1.0, "×")
        )
    return report


def _table(name: str, found: Evaluation, seconds: float) -> Table:
    kept = "; ".join(
        f"{pattern.value} ({found.counts[pattern]}): {method}"
        for pattern, method in found.kept.items()
    )
    return Table(
        f"{name}: {found.series} series of {found.periods} months, the last {found.held_out} held out",
        COLUMNS,
        [(row.name, row.mase, row.rmsse, row.wape * 100, row.bias * 100) for row in found.rows],
        f"{seconds:.1f} s of processor. Kept: {kept}",
    )
