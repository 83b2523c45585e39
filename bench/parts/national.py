"""A thousand pharmacies over two years: whole group, ten of them, people alone and at once, memory."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import random
import tempfile
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from bench.duck import open_duckdb
from bench.mix import Mix
from bench.national_data import FIRST_MONTH, MONTHS, write_national
from bench.options import Options
from bench.parts.users import labs_of, loops, users_table
from bench.reading import open_file
from bench.report import Budget, Cell, Report, Table, say
from bench.timing import in_turn
from galien.analytics.question import Filter, Question
from galien.kernel.period import shift_months
from galien.usecases.ask import ask
from galien.usecases.services import Services
from galien.usecases.viewer import WORKSPACE_VIEWER

_PERIODS = ("last-12-months", "last-12-months", "last-month", "2026-Q3")
_KEYS = ("universe_1", "lab", "month", "generic_group", "pharmacy")
_MEASURES = ("quantity", "sales_incl", "sales_excl", "adjusted_margin", "margin_rate")


def measure(options: Options) -> Report:
    """Draw the file in another process, so that the memory measured here is the reader's alone."""
    report = Report("national")
    with tempfile.TemporaryDirectory(prefix="galien-bench-") as folder:
        path = Path(folder) / "national.duckdb"
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, mp_context=context) as other:
            rows = other.submit(write_national, path, options.seed).result()
        say(f"national: {rows} rows, {path.stat().st_size / 1e6:.0f} MB")
        report.data |= {"rollup_rows": rows, "file_mb": path.stat().st_size / 1e6}
        with open_duckdb(path, read_only=True) as connection:
            labs = labs_of(connection)
            codes = connection.execute("select pharmacy from pharmacy").fetchall()
        mix = Mix(
            tuple(str(code) for (code,) in codes), labs, (1, 10, 100, 300), ("sales",), _PERIODS
        )
        today = shift_months(FIRST_MONTH, MONTHS) + dt.timedelta(days=1)
        with open_file(path, today) as services:
            _families(services, mix, options, report)
            rows_of_users = loops(services, mix, options.seed, report)
    report.tables.append(users_table(rows_of_users))
    alone, together = rows_of_users
    report.budgets += [
        Budget("one user, p95", float(alone[3]), 200, "ms"),
        Budget("one user, worst", float(alone[4]), 700, "ms"),
        Budget("eight users at once, p95", float(together[3]), 700, "ms"),
        Budget("peak memory", _peak_gigabytes(), 4, "GB"),
    ]
    return report


def _families(services: Services, mix: Mix, options: Options, report: Report) -> None:
    """Time one question of each family: on the whole group, on ten pharmacies, on three hundred."""
    chance = random.Random(options.seed)
    scopes = {"whole group": 0, "10 of 1 000": 10, "300 of 1 000": 300}
    runs = {}
    for scope, count in scopes.items():
        kept = (Filter("pharmacy", tuple(chance.sample(mix.codes, count))),) if count else ()
        for key in _KEYS:
            question = Question("sales", _MEASURES, (key,), where=kept)
            runs[f"{scope} by {key}"] = partial(ask, question, WORKSPACE_VIEWER, services=services)
    medians = in_turn(runs, options.rounds)
    rows: list[tuple[Cell, ...]] = [
        (key, *(medians[f"{scope} by {key}"] for scope in scopes)) for key in _KEYS
    ]
    title = (
        f"Analyses of 1 000 pharmacies, 12 months against 12 ({report.data['rollup_rows']} rows)"
    )
    report.tables.append(Table(title, ("by", *(f"{scope} ms" for scope in scopes)), rows))
    whole = max(medians[f"whole group by {key}"] for key in _KEYS if key != "pharmacy")
    ten = max(medians[f"10 of 1 000 by {key}"] for key in _KEYS)
    report.data["medians_ms"] = medians
    report.budgets += [
        Budget("whole group, slowest family of the cube", whole, 30, "ms"),
        Budget("ten of a thousand, slowest family", ten, 50, "ms"),
    ]


def _peak_gigabytes() -> float:
    status = Path("/proc/self/status").read_text("utf-8").splitlines()
    peak = next(line.split()[1] for line in status if line.startswith("VmHWM"))
    return int(peak) / 1024**2
