"""A column of numbers is written exactly as each of its numbers alone."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from galien.kernel import french

figures = st.one_of(
    st.integers(-(10**15), 10**15),
    st.decimals(-(10**12), 10**12, places=4),
    st.floats(-1e12, 1e12, allow_subnormal=False),
    # Halves, where binary and decimal writings part.
    st.integers(-(10**6), 10**6).map(lambda thousandths: (thousandths + 0.5) / 1000),
)


@given(st.lists(figures, max_size=8), st.integers(0, 3))
def test_a_column_is_written_as_its_numbers_are(values: list[french.Number], decimals: int) -> None:
    assert french.numbers(values, decimals) == [french.number(v, decimals) for v in values]


@given(st.lists(figures, max_size=8), st.integers(0, 3))
def test_a_column_of_ratios_is_written_a_hundredfold(
    values: list[french.Number], decimals: int
) -> None:
    alone = [french.percent(value, decimals).removesuffix("\u202f%") for value in values]
    assert french.numbers(values, decimals, times=100) == alone


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        (0.125, 2, "0,13"),
        (2.675, 2, "2,68"),
        (Decimal("-0.4"), 0, "0"),
        (-0.04, 1, "0,0"),
        (-1234567.5, 0, "\u22121\u202f234\u202f568"),
    ],
)
def test_halves_go_away_from_zero_and_nothing_has_no_sign(
    value: french.Number, decimals: int, written: str
) -> None:
    assert french.numbers([value], decimals) == [written]
