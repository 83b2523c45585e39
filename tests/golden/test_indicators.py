"""The indicators of pharmacy 1171 are those the handbook prints, unrounded figures rounded once."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import pytest

from galien.calculators.accounting.indicators import ActivityRow, indicators
from tests.golden.case_1171 import ACCOUNTS, ACTIVITY

FOUND = indicators(ACTIVITY, ACCOUNTS)

EUROS = {
    "pmo": "46.05",
    "pmc": "44.07",
    "pmvc": "12.33",
    "pmv": "34.98",
    "prescription_counter_ratio": "2.02",
    "pmc_to_pmo": "0.96",
    "value_added_per_sale": "11.24",
    "value_added_per_client": "14.17",
    "balance_margin_per_client": "11.69",
    "pcg": "282237.96",
    "pcg_with_owners": "130347.57",
}
PERCENTS = {
    "prescription_share": "88.37",
    "prescription_share_strict": "87.83",
    "prescription_linked_share": "95.10",
    "tied_counter_share": "62.49",
    "bare_counter_share": "37.51",
    "prescription_bearer_share": "84.06",
    "other_client_share": "15.94",
    "other_turnover_share": "4.90",
    "bearer_invoice_share": "87.35",
    "vat21_purchase_share": "83.54",
    "vat21_purchase_share_net_of_stock": "79.22",
    "vat21_purchase_share_gross": "79.66",
    "staff_ratio": "10.79",
}


def rounded(value: Decimal | None) -> Decimal:
    assert value is not None
    return value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


@pytest.mark.parametrize(("name", "printed"), EUROS.items())
def test_an_amount_of_the_handbook(name: str, printed: str) -> None:
    assert rounded(FOUND[name].value) == Decimal(printed)


@pytest.mark.parametrize(("name", "printed"), PERCENTS.items())
def test_a_share_of_the_handbook(name: str, printed: str) -> None:
    value = FOUND[name].value
    assert value is not None
    assert rounded(value * 100) == Decimal(printed)


def test_no_indicator_of_the_handbook_is_left_out() -> None:
    assert set(FOUND) - set(EUROS) - set(PERCENTS) == {"tied_counter_turnover", "turnover_per_fte"}


def test_tied_counter_sales_are_12_371_at_the_counter_basket() -> None:
    turnover = FOUND["tied_counter_turnover"].value
    assert turnover is not None
    assert rounded(turnover) == rounded(12371 * Decimal("244006.02") / 19796)


def test_the_source_s_own_pmo_comes_back_with_the_other_rentals_it_added() -> None:
    over = Decimal("1755446.37") + Decimal("55932.48") + Decimal("31375.44") + Decimal("478.82")
    assert rounded(over / 40034) == Decimal("46.04")
    assert (Decimal(40034) / 19796).quantize(Decimal("0.0001")) == Decimal("2.0223")


def test_the_printed_total_is_22_cents_off_and_tolerated() -> None:
    assert ACTIVITY.printed_gap() == Decimal("-0.22")
    assert ACTIVITY.adds_up()
    assert ACTIVITY.invoices(*(row.sale_type for row in ACTIVITY.rows)) == 59977


def test_resales_change_no_indicator() -> None:
    resale = ActivityRow("resale", Decimal("5500.00"), 31)
    assert indicators(replace(ACTIVITY, rows=(*ACTIVITY.rows, resale)), ACCOUNTS) == FOUND
