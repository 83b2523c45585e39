"""What a pharmacy is worth: the five methods on the handbook's case, their dates, what they lack."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from galien.calculators.accounting.valuation import STEPS, Business, sensitivity, valuation
from galien.law import Law

LAW = Law.load()
D = Decimal
CASE_1171 = Business(
    turnovers=(D("2043037.20"),) * 3,
    ebe_restated=D("330258.05"),
    global_gross_margin=D("674389.30"),
    clients=47_606,
    invoices=59_977,
)


def test_the_case_in_2017_on_the_means_of_2017() -> None:
    found = valuation(CASE_1171, LAW, on=dt.date(2017, 12, 31))
    turnover, ebe = found.method("turnover_share"), found.method("ebe_multiple")
    assert turnover.value == D("2043037.20") * D("0.76")
    assert ebe.value == D("330258.05") * D("6.3")
    assert (ebe.low, ebe.high) == (D("330258.05") * 5, D("330258.05") * 7)
    assert "référence" in found.method("gross_margin_multiple").missing


def test_the_case_on_the_latest_surveys() -> None:
    found = valuation(CASE_1171, LAW, on=dt.date(2026, 11, 22))
    by_code = {each.code: each for each in found.methods}
    assert by_code["turnover_share"].value == D("2043037.20") * D("0.76")
    assert by_code["ebe_multiple"].value == D("330258.05") * D("7.2")
    assert by_code["gross_margin_multiple"].value == D("674389.30") * D("2.66")
    assert round(by_code["value_per_client"].value or 0, 2) == round(D("674389.30") * D("2.66"), 2)
    assert by_code["value_per_sale"].value == 59_977 * D(10) * D("2.66")
    assert {each.reference.year for each in found.methods if each.reference} == {2024}
    assert found.stock == D("204303.720") and found.stock_estimated


def test_a_small_pharmacy_has_the_figures_of_its_band() -> None:
    small = Business((D(1_000_000),), ebe_restated=D(100_000))
    found = valuation(small, LAW, on=dt.date(2026, 1, 1))
    assert found.method("turnover_share").value == 540_000
    assert found.method("ebe_multiple").value == 510_000
    assert found.method("turnover_share").note == "Moyenne de 1 an au lieu de trois."


def test_the_mean_of_three_years_is_taken() -> None:
    three = Business((D(2_200_000), D(2_000_000), D(1_800_000)))
    assert valuation(three, LAW, on=dt.date(2026, 1, 1)).method("turnover_share").base == 2_000_000


def test_nothing_known_says_what_is_missing() -> None:
    found = valuation(Business(), LAW, on=dt.date(2026, 1, 1))
    assert all(each.missing and each.value is None for each in found.methods)
    assert found.span is None and found.stock is None


@given(st.decimals(min_value=1, max_value=10**7, places=2))
def test_sensitivity_is_the_value_in_the_middle_and_grows_both_ways(turnover: Decimal) -> None:
    method = valuation(Business((turnover,)), LAW, on=dt.date(2026, 1, 1)).method("turnover_share")
    table = sensitivity(method)
    assert table is not None
    middle = STEPS.index(D(0))
    assert table.values[middle][middle] == method.value
    for row in (*table.values, *zip(*table.values, strict=True)):
        assert list(row) == sorted(row)
