"""The standard list: Galien against hand-written SQL and the other engines, on the same release."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial

from bench.cases import CASES, PURCHASES, SALES, Case
from bench.contenders import pandas_frames, polars_frames, postgres
from bench.contenders.base import Contender, cells, differences
from bench.contenders.galien import Galien
from bench.contenders.hand_sql import HandSql
from bench.ground import Ground, open_ground
from bench.options import Options
from bench.report import Budget, Report, Table, say
from bench.timing import geometric_mean, in_turn, processor_milliseconds
from galien.usecases.viewer import WORKSPACE_VIEWER

_SUBJECTS = (SALES, PURCHASES)
_SLOW_ROUNDS = 3
_PAIR_ROUNDS = 3
_RATIO, _GRACE = 1.5, 5.0  # ask() may take half as long again as the best SQL, or 5 ms more
_FASTER = {"Polars": 2}  # ten times for the others
HAND, OURS = "hand-written SQL", "ask()"
Medians = dict[str, dict[str, float]]


def measure(options: Options) -> Report:
    """Check that all contenders say the same, then time them in turn on every case."""
    report = Report("analyses")
    with open_ground(options.workspace) as ground, _contenders(ground, report) as contenders:
        hand = next(each for each in contenders if isinstance(each, HandSql))
        report.data["release"] = {"id": ground.release, "rows": ground.rows}
        medians: Medians = {}
        checked = 0
        for case in CASES:
            checked += _check(case, contenders)
            _choose(case, hand)
            medians[case.name] = _time(case, contenders, options.rounds)
            best, ours = medians[case.name][HAND], medians[case.name][OURS]
            say(f"{case.name}: by hand {best:.1f} ms, ask() {ours:.1f} ms")
    report.data |= {
        "medians_ms": medians,
        "cells_checked": checked,
        "differences": 0,
        "hand_written": hand.chosen,
    }
    _tell(report, medians, checked)
    return report


@contextmanager
def _contenders(ground: Ground, report: Report) -> Iterator[list[Contender]]:
    found: list[Contender] = [
        HandSql(ground.copy, ground.bounds),
        Galien(ground.services, WORKSPACE_VIEWER, ground.bounds),
    ]
    say("Polars and pandas: loading day facts")
    for engine in polars_frames.MODES:
        found.append(polars_frames.lazy(ground, _SUBJECTS, engine))
        found.append(polars_frames.eager(ground, _SUBJECTS, engine))
    found.append(pandas_frames.load(ground, _SUBJECTS))
    with ExitStack() as stack:
        if why := postgres.missing():
            say(f"PostgreSQL left out: {why}")
            report.data["left_out"] = {"PostgreSQL 15": why}
        else:
            found.append(stack.enter_context(postgres.cluster(ground, _SUBJECTS)))
        yield found


def _check(case: Case, contenders: Sequence[Contender]) -> int:
    """Compare every answer with the first, cell by cell; returns how many cells were compared."""
    expected = contenders[0].rows(case, contenders[0].run(case))
    if not expected:
        raise AssertionError(f"{case.name}: no row to compare")
    for other in contenders[1:]:
        found = differences(expected, other.rows(case, other.run(case)))
        if found:
            raise AssertionError(
                f"{case.name}: {other.name} differs on {len(found)} rows: {found[:3]}"
            )
    return cells(expected) * (len(contenders) - 1)


def _choose(case: Case, hand: HandSql) -> None:
    """Keep the fastest of the hand-written texts of a case, once they agree."""
    texts = hand.texts(case)
    expected = hand.rows(case, hand.run_text(case, texts[0]))
    for text in texts[1:]:
        if differences(expected, hand.rows(case, hand.run_text(case, text))):
            raise AssertionError(f"{case.name}: two hand-written texts differ")
    medians = in_turn({text: partial(hand.run_text, case, text) for text in texts}, 5)
    hand.chosen[case.name] = min(texts, key=medians.__getitem__)


def _time(case: Case, contenders: Sequence[Contender], rounds: int) -> dict[str, float]:
    """Time all in turn; then `ask()` and the SQL by hand alone, since milliseconds part them."""
    runs = {each.name: partial(each.run, case) for each in contenders}
    slow = {name: _SLOW_ROUNDS for name in runs if name.startswith(("pandas", "PostgreSQL"))}
    medians = in_turn(runs, rounds, fewer=slow)
    pair = {name: runs[name] for name in (HAND, OURS)}
    alone = in_turn(pair, _PAIR_ROUNDS * rounds)
    processor = processor_milliseconds(pair, rounds)
    medians |= {f"{name}, alone": time for name, time in alone.items()}
    return medians | {f"{name}, CPU alone": time for name, time in processor.items()}


def _tell(report: Report, medians: Medians, checked: int) -> None:
    """Put the table of cases and the budgets in the report."""
    others = [name for name in _merged(next(iter(medians.values()))) if name not in {HAND, OURS}]
    factors: dict[str, list[float]] = {name: [] for name in others}
    lines: list[tuple[str | float, ...]] = []
    ratios, work = [], []
    for case, times in medians.items():
        hand, ours = times[f"{HAND}, alone"], times[f"{OURS}, alone"]
        ratios.append(ours / hand)
        verdict = "held" if _held(hand, ours) else "NOT HELD"
        merged = _merged(times)
        for name in others:
            factors[name].append(merged[name] / merged[OURS])
        shown = [values[-1] for values in factors.values()]
        processor = times[f"{OURS}, CPU alone"] / times[f"{HAND}, CPU alone"]
        work.append(processor)
        lines.append((case, hand, ours, ours / hand, verdict, processor, *shown))
    means = {name: geometric_mean(values) for name, values in factors.items()}
    mean = geometric_mean(ratios)
    lines.append(("geometric mean", "", "", mean, "", geometric_mean(work), *means.values()))
    columns = ("case", "SQL ms", "ask() ms", "ask/SQL", "≤ 1.5× or + 5 ms", "CPU ask/SQL")
    report.tables.append(
        Table(
            "Standard analyses, 12 months against the 12 before (medians; others ÷ ask())",
            (*columns, *others),
            lines,
            f"{checked} cells compared before timing; sums equal to the cent everywhere. SQL and ask() "
            "read the release's tables, the others its day facts.",
        )
    )
    over = sum(line[4] == "NOT HELD" for line in lines)
    report.budgets.append(Budget("cases beyond 1.5 × the best SQL and + 5 ms", over, 0, "cases"))
    for name, mean in means.items():
        wanted = _FASTER.get(name, 10)
        report.budgets += [
            Budget(f"{name} ÷ ask(), geometric mean", mean, wanted, "×", at_least=True),
            Budget(f"{name} ÷ ask(), worst case", min(factors[name]), 1, "×", at_least=True),
        ]
    report.data["geometric_means"] = means | {"ask() ÷ SQL": mean}


def _held(hand: float, ours: float) -> bool:
    return ours <= max(_RATIO * hand, hand + _GRACE)


def _merged(times: Mapping[str, float]) -> dict[str, float]:
    """Return the times of all in turn, with the fastest of Polars' ways as Polars."""
    whole = {name: time for name, time in times.items() if not name.endswith("alone")}
    polars = {name: whole.pop(name) for name in list(whole) if name.startswith("polars")}
    return whole | {"Polars": min(polars.values())}
