"""The plan of a purchase: loans against a closed formula, cash that reconciles, tax, stress, flags."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from galien.calculators.accounting.acquisition import (
    Activity,
    Charges,
    Deal,
    Flow,
    Plan,
    Regime,
    corporate_tax,
    project,
)
from galien.calculators.accounting.acquisition_flags import Seller, flags
from galien.calculators.accounting.acquisition_stress import stress, weakened
from galien.calculators.accounting.loans import Loan, schedule
from galien.calculators.accounting.quota import quota
from galien.kernel.errors import InvalidInput, NotAvailable
from galien.law import Law

LAW = Law.load()
TODAY = dt.date(2026, 11, 22)
CLOSE = Decimal("0.000001")
D = Decimal

PLAN = Plan(
    deal=Deal(
        price=D(1_500_000), equity=D(300_000), stock=D(200_000), fees=D(80_000),
        loans=(Loan(D(1_400_000), D("0.035"), 12), Loan(D(150_000), D("0.04"), 5, bullet=True)),
        working_capital_days=D(5),
    ),
    activity=Activity(
        Flow(D(40_000), D("42.50"), D("0.29")), Flow(D(20_000), D("11.20"), D("0.33")), D(48_000)
    ),
    charges=Charges(external=D(110_000), staff=D(210_000), taxes=D(8_000), depreciation=D(6_000)),
    owner_pay=D(70_000),
    first_year=2027,
)  # fmt: skip
AMOUNTS = st.integers(1_000, 3_000_000).map(Decimal)
RATES = st.integers(0, 900).map(lambda n: Decimal(n) / 10_000)


def owed_after(loan: Loan, months: int) -> Fraction:
    """Capital owed after some equal payments: the closed formula, in fractions."""
    rate, count = Fraction(loan.rate) / 12, loan.years * 12
    if not rate:
        return Fraction(loan.amount) * (count - months) / count
    return (
        Fraction(loan.amount)
        * ((1 + rate) ** count - (1 + rate) ** months)
        / ((1 + rate) ** count - 1)
    )


@given(AMOUNTS, RATES, st.integers(1, 15))
@settings(max_examples=40, deadline=None)
def test_a_loan_follows_the_closed_formula(amount: Decimal, rate: Decimal, years: int) -> None:
    loan = Loan(amount, rate, years)
    found = schedule(loan, years)
    for rank, year in enumerate(found, start=1):
        assert abs(Fraction(year.balance) - owed_after(loan, 12 * rank)) < Fraction(1, 10**6)
    assert abs(sum(year.principal for year in found) - amount) < CLOSE
    assert found[-1].balance == 0


def test_a_bullet_loan_pays_interest_then_everything() -> None:
    years = schedule(Loan(D(100_000), D("0.04"), 3, bullet=True), 4)
    assert [round(year.interest) for year in years] == [4000, 4000, 4000, 0]
    assert [year.principal for year in years] == [0, 0, 100_000, 0]
    assert [year.balance for year in years] == [100_000, 100_000, 0, 0]


def test_an_impossible_loan_is_refused() -> None:
    with pytest.raises(InvalidInput, match="Prêt impossible"):
        Loan(D(-1), D(0), 7)


@given(
    st.integers(0, 80_000).map(Decimal), st.integers(-500, 500).map(lambda n: D(n) / 10_000),
    st.sampled_from(Regime), RATES,
)  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_cash_reconciles_with_the_sum_of_what_moved(
    invoices: Decimal, growth: Decimal, regime: Regime, personal: Decimal
) -> None:
    flow = replace(PLAN.activity.prescription, invoices=invoices)
    activity = replace(PLAN.activity, prescription=flow, growth=growth)
    plan = replace(PLAN, activity=activity, regime=regime, personal_rate=personal)
    outcome = project(plan, LAW)
    money_in = sum(each.ebe for each in outcome.years)
    money_out = sum(
        each.owner_pay + each.tax + each.service + each.working_capital_change + each.investment
        for each in outcome.years
    )
    assert abs(outcome.opening_cash + money_in - money_out - outcome.years[-1].cash) < CLOSE
    assert abs(sum(loan.amount for loan in plan.deal.loans) - outcome.years[-1].owed
               - sum(each.principal for each in outcome.years)) < CLOSE  # fmt: skip


def test_the_first_year_by_hand() -> None:
    first = project(PLAN, LAW).years[0]
    turnover = 40_000 * Fraction("42.50") + 20_000 * Fraction("11.20") + 48_000
    margin = 1_700_000 * Fraction("0.29") + 224_000 * Fraction("0.33") + 48_000
    assert first.turnover == turnover == 1_972_000
    assert first.margin == margin == 614_920
    assert first.ebe == 614_920 - 110_000 - 210_000 - 8_000
    interest = 12 * Fraction(150_000) * Fraction("0.04") / 12
    loan = PLAN.deal.loans[0]
    whole = [owed_after(loan, month) for month in range(12)]
    interest += sum(owed * Fraction(loan.rate) / 12 for owed in whole)
    assert abs(Fraction(first.interest) - interest) < Fraction(1, 10**6)
    taxable = 286_920 - 70_000 - interest - 6_000
    tax = Fraction(42_500) * 15 / 100 + (taxable - 42_500) / 4
    assert abs(Fraction(first.tax) - tax) < Fraction(1, 10**6)
    assert first.cover is not None
    assert first.cover == (first.ebe - first.owner_pay - first.tax) / first.service


def test_a_capital_repaid_at_the_end_weighs_on_cash_and_not_on_the_cover() -> None:
    fourth, fifth = project(PLAN, LAW).years[3:5]
    assert (fourth.balloon, fifth.balloon) == (D(0), D(150_000))
    assert fifth.cover is not None and fourth.cover is not None
    assert abs(fifth.cover - fourth.cover) < D("0.02")
    assert fifth.cash < fourth.cash


def test_the_opening_cash_is_what_is_brought_less_what_is_paid() -> None:
    tied = D(1_972_000) * 5 / 365
    brought, paid = 300_000 + 1_550_000, 1_500_000 + 200_000 + 80_000
    assert abs(project(PLAN, LAW).opening_cash - (brought - paid - tied)) < CLOSE


@pytest.mark.parametrize(
    ("taxable", "turnover", "year", "expected"),
    [
        (100_000, 2_000_000, 2026, "20750"),
        (100_000, 11_000_000, 2026, "25000"),
        (100_000, 2_000_000, 2021, "22116.20"),  # 38 120 × 15 % + 61 880 × 26,5 %
        (-5_000, 2_000_000, 2026, "0"),
    ],
)
def test_corporate_tax(taxable: int, turnover: int, year: int, expected: str) -> None:
    assert corporate_tax(D(taxable), D(turnover), LAW, year=year) == D(expected)


def test_a_year_before_the_known_law_says_so() -> None:
    with pytest.raises(NotAvailable, match="2010"):
        corporate_tax(D(1), D(1), LAW, year=2010)


def test_the_break_even_is_where_the_plan_stops_holding() -> None:
    plan = replace(PLAN, deal=replace(PLAN.deal, equity=D(400_000)))
    found = stress(plan, LAW)
    assert found.break_even is not None and 0 < found.break_even < 1
    step = D("0.0001")
    assert project(weakened(plan, found.break_even - step, D(0)), LAW).holds
    assert not project(weakened(plan, found.break_even + step, D(0)), LAW).holds


def test_a_plan_that_does_not_hold_has_no_break_even() -> None:
    assert stress(replace(PLAN, owner_pay=D(400_000)), LAW).break_even is None


def test_less_turnover_and_less_margin_never_help() -> None:
    found = stress(PLAN, LAW)
    covers = [case.outcome.years[0].available for case in found.cases[:5]]
    assert covers == sorted(covers, reverse=True)
    by_margin = [case.outcome.years[0].available for case in found.cases if case.loss == 0]
    assert by_margin == sorted(by_margin, reverse=True)


def test_inputs_better_than_the_sellers_are_flagged() -> None:
    seller = Seller(
        turnover=D(1_900_000), margin_rate=D("0.30"), external=D(110_000), staff=D(230_000),
        goods_purchased=D(1_300_000), stock=D(200_000),
    )  # fmt: skip
    found = {each.code: each for each in flags(PLAN, seller, LAW, on=TODAY, shares=True)}
    assert {"better_turnover", "better_margin", "better_staff"} <= set(found)
    assert "better_external" not in found and "growth" not in found
    assert "56" in found["stock_days"].sentence and not found["stock_days"].sound
    assert not found["resales"].known


@pytest.mark.parametrize(
    ("population", "department", "allowed"),
    [(2499, "69", 0), (2500, "69", 1), (6999, "69", 1), (7000, "69", 2), (3000, "67", 0),
     (20_000, "976", None)],
)  # fmt: skip
def test_the_quota_of_a_commune(population: int, department: str, allowed: int | None) -> None:
    assert quota(population, LAW, on=TODAY, department=department).allowed == allowed
