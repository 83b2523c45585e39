"""How many assistant pharmacists a turnover requires, on both sides of each change of the law."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from galien.calculators.assistants import assistants_required
from galien.kernel.errors import InvalidInput
from galien.law import Law

LAW = Law.load()


@pytest.mark.parametrize(
    ("day", "turnover", "required"),
    [
        ("2000-01-23", 823_224, 0),
        ("2000-01-23", 823_225, 1),
        ("2001-03-31", 1_646_450, 2),
        ("2001-04-01", 1_646_450, 1),
        ("2006-02-16", 1_100_000, 1),
        ("2007-02-08", 1_150_000, 1),
        ("2007-02-09", 1_150_000, 0),
        ("2009-04-05", 2_539_999, 1),
        ("2009-04-05", 2_540_000, 2),
        ("2011-07-27", 1_280_000, 1),
        ("2011-07-28", 1_280_000, 0),
        ("2022-02-26", 3_900_000, 3),
        ("2022-02-27", 3_900_000, 3),
        ("2026-11-22", 1_299_999, 0),
    ],
)
def test_one_assistant_a_completed_step(day: str, turnover: int, required: int) -> None:
    found = assistants_required(LAW, Decimal(turnover), on=dt.date.fromisoformat(day))
    assert found.required == required
    assert found.next_at is not None
    assert found.next_at > turnover


@pytest.mark.parametrize(
    ("day", "territory", "step"),
    [
        ("2020-06-01", "reunion", "1638000"),  # 1 300 000 × 1,26
        ("2020-06-01", "mayotte", "1638000"),
        ("2022-02-27", "mayotte", "1768000"),  # × 1,36
        ("2022-02-27", "saint_martin", "1716000"),  # × 1,32
        ("2022-02-27", "saint_pierre_et_miquelon", "1820000"),  # × 1,40
    ],
)
def test_the_step_is_raised_overseas(day: str, territory: str, step: str) -> None:
    on = dt.date.fromisoformat(day)
    found = assistants_required(LAW, Decimal(2_000_000), on=on, territory=territory)
    assert found.step == Decimal(step)
    assert found.required == 1
    assert len(found.cited) == 2


def test_a_dear_medicine_counts_for_the_cap_only_from_2022() -> None:
    dear = [(Decimal(10_000), 100)]
    turnover = Decimal(3_000_000)
    before = assistants_required(LAW, turnover, on=dt.date(2021, 6, 1), expensive=dear)
    after = assistants_required(LAW, turnover, on=dt.date(2024, 6, 1), expensive=dear)
    assert before.counted == turnover
    assert after.counted == turnover - 100 * (10_000 - 1_930)
    assert (before.required, after.required) == (2, 1)


def test_a_day_whose_step_was_not_found_is_said() -> None:
    found = assistants_required(LAW, Decimal(2_000_000), on=dt.date(2005, 1, 1))
    assert found.required is None
    assert (found.step, found.next_at) == (None, None)
    assert "16 février 2006" in found.unknown[0]


def test_an_unknown_territory_is_answered_with_the_nearest() -> None:
    with pytest.raises(InvalidInput, match="reunion"):
        assistants_required(LAW, Decimal(1), on=dt.date(2024, 1, 1), territory="runion")
