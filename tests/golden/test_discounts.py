"""The handbook's worked examples of discounts."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from galien.calculators.discounts.deal import Deal
from galien.kernel import french
from tests.builders.commands import galien


def test_ten_paid_and_two_free(tmp_path: Path) -> None:
    """10 invoiced and 2 free at 8,60 €: 16,67 % and 7,17 €, not 20 %."""
    done = galien(
        "discounts", "deal", "--list-price", "8.60", "--paid", "10", "--free", "2",
        "--format", "json", "--workspace", tmp_path / "w",
    )  # fmt: skip
    assert (done.code, list(done.answer)) == (0, ["discount_rate", "unit_net_price"])
    assert done.answer["discount_rate"] == pytest.approx(1 / 6)
    assert done.answer["unit_net_price"] == 7.17
    assert not (tmp_path / "w").exists()


def test_one_free_for_ten() -> None:
    assert french.percent(Deal(Decimal("8.60"), 10, 1).discount_rate) == french.percent(
        Decimal("0.0909")
    )


def test_a_deal_is_weighed_when_sales_are_known(tmp_path: Path) -> None:
    line = ("discounts", "deal", "--list-price", "10", "--paid", "100", "--free", "25")
    need = ("--monthly-sales", "10", "--carrying-rate", "0,12", "--shelf-life", "24")
    answer = galien(*line, *need, "--format", "json", "--workspace", tmp_path / "w").answer
    assert answer == {
        "discount_rate": 0.2, "unit_net_price": 8, "worth_it": True, "gain": 187.5,
        "advantage": 250, "carrying_cost": 62.5, "cash": 1000, "cover_months": 12.5,
        "expired_units": 0, "expired_cost": 0, "sales_margin": pytest.approx(1 - 125 / 240),
        "better_quantity": 240, "break_even_quantity": 265,
    }  # fmt: skip
    without = galien(*line, "--stock", "3", "--workspace", tmp_path / "w")
    assert without.code == 2
    assert "--monthly-sales" in without.stderr
