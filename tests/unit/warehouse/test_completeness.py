"""State of the data: what is missing is judged against each pharmacy's own habits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.builders.warehouse import (
    PHARMACIES,
    File,
    Workspace,
    days_between,
    random_file,
    reference,
)

JANUARY = days_between(dt.date(2026, 1, 2), dt.date(2026, 1, 31))
FEBRUARY = days_between(dt.date(2026, 2, 1), dt.date(2026, 2, 28))
NEW_YEAR = dt.date(2026, 1, 1)


def open_days(days: Iterable[dt.date], *closed: dt.date) -> list[dt.date]:
    """Return the days of a pharmacy that opens from Monday to Saturday, apart from those said."""
    return [day for day in days if day.isoweekday() < 7 and day not in closed]


def sales(pharmacy: str, days: Iterable[dt.date], *, seed: int = 1) -> File:
    """Return sales of ten lines a day."""
    file = random_file(seed, pharmacy=pharmacy, days=list(days), lines=1)
    for row in file.rows["sale_day"]:
        row["lines"] = 10
    return file


def found(workspace: Workspace, table: str, columns: str) -> list[tuple[Any, ...]]:
    release = workspace.publish()
    engine = workspace.engines.open(workspace.store.places.derived_file(release.release))
    rows = engine.query(
        f"select p.pharmacy, {columns} from {table} t join pharmacy p using (pharmacy_id) order by all"
    )
    engine.close()
    return list(zip(*(column.to_pylist() for column in rows.columns), strict=True))


STATES = "t.month, t.days_received, t.days_expected, t.state"
GAPS = "t.day, t.problem"
FIRST, SECOND = PHARMACIES[:2]


def test_a_pharmacy_closed_on_sundays_misses_none(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, reference())
    workspace.load(sales(FIRST, open_days(JANUARY)))
    assert found(workspace, "completeness", STATES) == [
        (FIRST, dt.date(2026, 1, 1), 26, 26, "complete")
    ]


def test_a_missing_day_is_counted_and_named(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, reference())
    wednesday = dt.date(2026, 1, 14)
    workspace.load(sales(FIRST, open_days(JANUARY, wednesday)))
    assert found(workspace, "completeness", STATES) == [
        (FIRST, dt.date(2026, 1, 1), 25, 26, "incomplete")
    ]
    assert found(workspace, "data_gap", GAPS) == [(FIRST, wednesday, "missing")]


def test_a_public_holiday_is_not_missing(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, reference())
    december = days_between(dt.date(2025, 12, 1), dt.date(2025, 12, 31))
    workspace.load(sales(FIRST, open_days([*december, *JANUARY], NEW_YEAR)))
    assert [row[-1] for row in found(workspace, "completeness", STATES)] == ["complete"] * 2


def test_a_day_at_a_tenth_of_its_weekday_is_low(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, reference())
    file = sales(FIRST, open_days([*JANUARY, *FEBRUARY]))
    thursday = dt.date(2026, 2, 12)
    for row in file.rows["sale_day"]:
        row["lines"] = 1 if row["day"] == thursday else 10
    workspace.load(file)
    assert found(workspace, "data_gap", GAPS) == [(FIRST, thursday, "low")]
    assert [row[-1] for row in found(workspace, "completeness", STATES)] == ["complete", "low"]


def test_a_late_pharmacy_misses_what_the_others_sent(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, reference())
    workspace.load(sales(FIRST, open_days([*JANUARY, *FEBRUARY])))
    workspace.load(sales(SECOND, open_days(JANUARY), seed=2))
    late = [row for row in found(workspace, "completeness", STATES) if row[0] == SECOND]
    assert late == [
        (SECOND, dt.date(2026, 1, 1), 26, 26, "complete"),
        (SECOND, dt.date(2026, 2, 1), 0, 24, "missing"),
    ]


def shrunk(workspace: Workspace) -> list[str]:
    """Publish two months of six rows a day, then the first one again with one row a day."""
    rich = random_file(1, pharmacy=FIRST, days=open_days([*JANUARY, *FEBRUARY]), lines=6)
    workspace.load(rich)
    workspace.publish()
    workspace.load(sales(FIRST, open_days(JANUARY), seed=9))
    return [row[-1] for row in found(workspace, "completeness", STATES)]


def test_a_finished_month_that_loses_rows_has_shrunk(tmp_path: Path) -> None:
    assert shrunk(Workspace(tmp_path, reference()))[0] == "shrunk"


def test_rows_that_come_back_lift_the_flag(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, reference())
    shrunk(workspace)
    workspace.load(random_file(10, pharmacy=FIRST, days=open_days(JANUARY), lines=6))
    assert "shrunk" not in [row[-1] for row in found(workspace, "completeness", STATES)]
