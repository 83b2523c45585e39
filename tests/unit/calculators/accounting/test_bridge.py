"""From till to accounts, and margins by definition: case 1171, and laws that always hold."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from galien.calculators.accounting.bridge import (
    TYPED_ON_MARGIN,
    TYPED_ON_SALES,
    Booked,
    Supply,
    Till,
    margin_bridge,
    turnover_bridge,
)
from galien.calculators.accounting.margins import Margins, SaleResult

euros = st.decimals(-1_000_000, 1_000_000, places=2, allow_nan=False)
tills = st.builds(Till, euros, euros, euros, euros, st.none() | euros, euros)
books = st.builds(Booked, euros, euros, euros, euros, euros, euros, euros, euros, euros)
supplies = st.builds(Supply, st.none() | euros, st.none() | euros)
typed = st.dictionaries(st.sampled_from((*TYPED_ON_SALES, *TYPED_ON_MARGIN)), euros)


def test_case_1171() -> None:
    till = Till(goods=Decimal("1973470.58"), rentals=Decimal("27332.03"))
    booked = Booked(goods_sold=Decimal("1995017.11"), rentals=Decimal("27332.03"))
    bridge = turnover_bridge(till, booked, {})
    assert bridge.till == Decimal("2000802.61")
    assert bridge.accounts == Decimal("2022349.14")
    # The source prints 2 156,53 for this gap, and the right rate.
    assert bridge.total_gap == bridge.residual == Decimal("21546.53")
    assert round(bridge.rate or 0, 4) == Decimal("0.0108")


@given(tills, books, typed)
def test_gaps_and_residual_are_the_gap_of_turnover(
    till: Till, booked: Booked, amounts: dict[str, Decimal]
) -> None:
    bridge = turnover_bridge(till, booked, amounts)
    known = sum((gap.amount for gap in bridge.gaps if gap.amount is not None), Decimal(0))
    assert known + bridge.residual == bridge.accounts - bridge.till


@given(tills, books, supplies, typed)
def test_gaps_and_residual_are_the_gap_of_margin(
    till: Till, booked: Booked, supply: Supply, amounts: dict[str, Decimal]
) -> None:
    bridge = margin_bridge(till, booked, supply, amounts)
    assert bridge is not None
    known = sum((gap.amount for gap in bridge.gaps if gap.amount is not None), Decimal(0))
    assert known + bridge.residual == bridge.total_gap


@given(tills, books, euros, euros)
def test_nothing_stays_unexplained_once_goods_are_followed(
    till: Till, booked: Booked, delivered: Decimal, counted: Decimal
) -> None:
    bridge = margin_bridge(till, booked, Supply(delivered, counted), {})
    assert bridge is not None
    assert bridge.residual == 0


def test_fees_that_the_till_counts_apart_are_named() -> None:
    till = Till(goods=Decimal(1000), fees=Decimal(80), resales=Decimal(30))
    bridge = turnover_bridge(till, Booked(goods_sold=Decimal(1110)), {"gap_cut_off": Decimal(-5)})
    assert {gap.code: gap.amount for gap in bridge.gaps if gap.amount} == {
        "gap_fees": 80, "gap_resales": 30, "gap_cut_off": -5,
    }  # fmt: skip
    assert bridge.residual == 5


def test_without_costs_there_is_no_margin_to_compare() -> None:
    assert margin_bridge(Till(Decimal(10)), Booked(Decimal(10)), Supply(), {}) is None


def test_margins_of_case_1171() -> None:
    case = Margins(
        goods_sold=Decimal("1995017.11"), goods_purchased=Decimal("1398232.77"),
        stock_change=Decimal("-29584.87"), services_sold=Decimal("48020.09"),
        resales=Decimal("5139.49"), external_charges=Decimal("117986.49"),
    )  # fmt: skip
    assert case.turnover == Decimal("2043037.20")
    assert case.commercial_margin == Decimal("626369.21")
    assert round(case.goods_margin_rate or 0, 4) == Decimal("0.3140")
    assert round(case.commercial_margin_rate or 0, 4) == Decimal("0.3066")
    assert case.global_gross_margin == Decimal("674389.30")
    assert round(case.global_gross_margin_rate or 0, 4) == Decimal("0.3301")
    assert round(case.global_gross_margin_rate_without_resales or 0, 4) == Decimal("0.3309")
    assert case.balance_margin == Decimal("556402.81")


@given(euros, euros, euros, euros, euros, euros)
def test_margins_nest(
    sold: Decimal, bought: Decimal, change: Decimal, services: Decimal, fees: Decimal, out: Decimal
) -> None:
    each = Margins(sold, bought, change, services, fees_apart=fees, external_charges=out)
    assert each.commercial_margin + each.stock_change == each.gross_margin
    assert each.global_gross_margin - each.commercial_margin == each.production_margin + fees
    assert each.balance_margin + out == each.global_gross_margin


@given(st.integers(1, 100_000), euros, st.decimals(0, 20, places=2))
def test_a_result_is_margin_less_cost(sales: int, margin: Decimal, cost: Decimal) -> None:
    each = SaleResult("counter", sales, margin, cost)
    assert each.result == margin - sales * cost
