"""Legal ceilings of discounts, on both sides of every day they change (regulation facts)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from galien.law import Law
from galien.usecases.contracts.ceilings import ceilings_on

LAW = Law.load()


@pytest.mark.parametrize(
    ("name", "day", "ceiling"),
    [
        ("generic", "2007-12-31", "0.1074"),
        ("generic", "2008-01-01", "0.17"),
        ("generic", "2014-08-31", "0.17"),
        ("generic", "2014-09-01", "0.40"),
        ("generic", "2025-08-31", "0.40"),
        ("generic", "2025-09-01", "0.30"),
        ("generic", "2025-10-07", "0.30"),
        ("generic", "2025-10-08", "0.40"),
        ("generic", "2025-12-31", "0.40"),
        ("generic", "2026-01-01", "0.40"),
        # Before autumn 2025 hybrids and biosimilars are reimbursed medicines like others.
        ("hybrid", "2025-08-31", "0.025"),
        ("hybrid", "2025-09-01", "0.30"),
        ("hybrid", "2025-10-07", "0.30"),
        ("hybrid", "2025-10-08", "0.40"),
        ("hybrid", "2026-01-01", "0.40"),
        ("biosimilar", "2025-08-31", "0.025"),
        ("biosimilar", "2025-09-01", "0.15"),
        ("biosimilar", "2025-12-31", "0.15"),
        ("biosimilar", "2026-01-01", "0.20"),
        ("general", "2008-01-01", "0.025"),
        ("general", "2026-11-22", "0.025"),
    ],
)
def test_the_ceiling_of_a_class_on_a_day(name: str, day: str, ceiling: str) -> None:
    cited = ceilings_on(dt.date.fromisoformat(day), LAW)[name]
    assert cited.value == Decimal(ceiling)
    assert cited.source.title


def test_a_day_before_any_known_ceiling_has_none() -> None:
    assert ceilings_on(dt.date(2006, 12, 31), LAW) == {}
