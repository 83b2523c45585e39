"""What a command prints for people: lists within an answer as tables, amounts without idle zeros."""

from __future__ import annotations

from decimal import Decimal

import pytest

from galien.cli.output import rendered

NARROW = "\u202f"


def test_a_list_within_an_answer_is_a_table_under_its_name() -> None:
    answer = {
        "release": "a1",
        "facts": [{"fact": "sale_day", "rows": 12, "amount": Decimal("949.2900")},
                  {"fact": "stock_level", "rows": 1, "amount": None}],
        "previous": None,
    }  # fmt: skip
    assert rendered(answer, "table").splitlines() == [
        "release   a1",
        "facts",
        "  fact         rows  amount",
        "  ───────────  ────  ──────",
        "  sale_day       12  949,29",
        "  stock_level     1",
        "previous",
    ]


@pytest.mark.parametrize(
    ("value", "printed"),
    [("949975.2900", "949 975,29"), ("5.5000", "5,50"), ("0.1250", "0,125"), ("12", "12"), ("1E+3", "1 000")],
)  # fmt: skip
def test_an_amount_keeps_the_decimals_that_say_something(value: str, printed: str) -> None:
    text = rendered({"amount": Decimal(value)}, "table")
    assert text == f"amount  {printed.replace(' ', NARROW)}\n"


def test_things_told_in_other_words_stay_on_a_line() -> None:
    assert rendered({"x": [{"a": 1}, {"b": 2}]}, "table") == "x  a 1, b 2\n"
