"""Sums of boxes, shares of pay, fees against those billed, reforms and ceilings: laws they keep."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from galien.calculators.pay.fees import FeeCheck
from galien.calculators.pay.structure import Pay
from galien.calculators.pay.sums import exact_sums
from galien.calculators.pay.what_if import Outcome, Trial, discount_left
from galien.kernel.errors import InvalidInput

amounts = st.decimals(0, 30_000, places=7, allow_nan=False)
euros = st.decimals(-10_000, 10_000, places=2, allow_nan=False)
rows = st.lists(st.tuples(st.integers(0, 3), st.integers(-50, 2_000), st.integers(0, 4)))


@given(rows, st.lists(amounts, min_size=5, max_size=5))
def test_sums_are_those_of_plain_decimals(
    sold: list[tuple[int, int, int]], unit: list[Decimal]
) -> None:
    group, quantity, place = (np.array([r[i] for r in sold], dtype=np.int64) for i in range(3))
    plain = [sum((q * unit[p] for g, q, p in sold if g == k), Decimal(0)) for k in range(4)]
    assert exact_sums(group, quantity, place, unit, count=4) == plain


def test_a_year_of_a_thousand_pharmacies_does_not_overflow() -> None:
    many = np.full(1000, 10_000_000, dtype=np.int64)
    none = np.zeros(1000, dtype=np.int64)
    assert exact_sums(none, many, none, [Decimal("22.5")], count=1) == [Decimal("2.25E+11")]


def test_an_amount_finer_than_sums_can_hold_is_refused() -> None:
    one = np.zeros(1, dtype=np.int64)
    with pytest.raises(InvalidInput, match="six décimales"):
        exact_sums(one, one, one, [Decimal(1).scaleb(-15)], count=1)


@given(euros, euros, euros)
def test_shares_of_pay_make_a_whole(margin: Decimal, fees: Decimal, discounts: Decimal) -> None:
    pay = Pay(margin, fees, discounts)
    shares = (pay.margin_share, pay.fees_share, pay.discounts_share)
    if pay.total == 0:
        assert shares == (None, None, None)
    else:
        assert abs(sum((s for s in shares if s is not None), Decimal(0)) - 1) < Decimal("1e-15")


def test_discounts_that_are_not_known_stay_so_in_sums() -> None:
    both = Pay(Decimal(1), Decimal(2), None) + Pay(Decimal(3), Decimal(4), Decimal(5))
    assert both == Pay(Decimal(4), Decimal(6), None)
    assert (both.total, both.discounts_share) == (Decimal(10), None)


@given(euros, euros, euros)
def test_fees_due_and_beyond_make_those_billed(
    box: Decimal, prescription: Decimal, billed: Decimal
) -> None:
    check = FeeCheck(3, 2, box, prescription, billed)
    assert check.due + check.beyond == check.billed
    assert (check + check).beyond == 2 * check.beyond


@given(euros, euros, euros, euros)
def test_the_effect_is_what_leads_from_one_law_to_the_other(
    a: Decimal, b: Decimal, c: Decimal, d: Decimal
) -> None:
    before, after = Outcome(a, b, c, d), Outcome(d, c, b, a)
    assert before + Trial(before, after).effect == after
    assert Trial(before, before).effect == Outcome()


@pytest.mark.parametrize(
    ("discount", "value", "ceiling", "left"),
    [
        ("45", "100", "0.4", "40"),
        ("30", "100", "0.4", "30"),
        ("30", "100", None, "30"),
        ("-8", "-20", "0.2", "-8"),
    ],
)
def test_a_ceiling_leaves_at_most_its_part_of_the_ex_factory_price(
    discount: str, value: str, ceiling: str | None, left: str
) -> None:
    limit = Decimal(ceiling) if ceiling else None
    assert discount_left(Decimal(discount), Decimal(value), limit) == Decimal(left)
