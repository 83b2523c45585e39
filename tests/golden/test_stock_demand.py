"""The handbook's own figures on demand and orders."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders.commands import galien_here


def test_150_sold_on_30_days_in_stock_of_90_is_5_a_day(tmp_path: Path) -> None:
    file = tmp_path / "ventes.csv"
    file.write_text(
        "product_code,period,quantity,days_in_stock,days\nA,2026-Q3,150,30,90\n", "utf-8"
    )
    done = galien_here("stock", "demand", "--series", file, "--format", "json")
    assert done.code == 0, done.stderr
    (row,) = done.answer["rows"]
    assert list(row) == [
        "product_code", "pattern", "method", "raw_daily", "corrected_daily", "forecast", "error",
        "lost_units",
    ]  # fmt: skip
    assert row["raw_daily"] == pytest.approx(1.67, abs=0.005)
    assert row["corrected_daily"] == 5
    assert row["lost_units"] == 300
    assert row["forecast"] is None
