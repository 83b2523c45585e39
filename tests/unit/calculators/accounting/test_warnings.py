"""References and warnings: what a balance sheet says, and each threshold crossed and not."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from galien.calculators.accounting.balance import Balance, Side, balance_of
from galien.calculators.accounting.benchmarks import BENCHMARKS, peers, positions
from galien.calculators.accounting.figures import Figure, Figures, figures
from galien.calculators.accounting.warnings import EarlyWarning, Situation, State, warnings
from galien.law import Law
from galien.model.accounts import AccountTotal, Ledger
from tests.golden.case_1171 import ACCOUNTS

LAW = Law.load()
ON = dt.date(2018, 1, 31)
D = Decimal


def account(number: str, label: str, opening: int, closing: int, moved: int = 0) -> AccountTotal:
    """An account that goes from an opening to a closing balance, both debits less credits."""
    return AccountTotal(
        number, label,
        debit=D(max(opening, 0) + max(closing - opening, 0) + moved),
        credit=D(max(-opening, 0) + max(opening - closing, 0) + moved),
        opening_debit=D(max(opening, 0)), opening_credit=D(max(-opening, 0)),
    )  # fmt: skip


LEDGER = Ledger(
    "", dt.date(2017, 2, 1), ON,
    (
        account("164000", "Emprunt acquisition du fonds", -300_000, -250_000),
        account("164100", "Emprunt agencement", -60_000, -50_000),
        account("207000", "Fonds commercial", 1_700_000, 1_700_000),
        account("215400", "Matériel", 50_000, 62_000),
        account("370021", "Stock marchandises 2,1 %", 80_000, 100_000),
        account("370200", "Stock marchandises 20 %", 60_000, 70_000),
        account("401000", "Fournisseurs", -150_000, -170_000),
        account("411000", "Clients", 10_000, 12_000),
        account("411500", "Tiers payant CPAM", 30_000, 40_000),
        account("416000", "Clients douteux", 0, 3_000),
        account("445660", "TVA déductible", 5_000, 6_000, moved=50_000),
        account("445710", "TVA collectée", -4_000, -5_000, moved=70_000),
        account("491000", "Dépréciation des clients", 0, -1_000),
        account("512000", "Banque", 40_000, 55_000),
        account("530000", "Caisse", 500, 700),
    ),
)  # fmt: skip
AMOUNTS = {**ACCOUNTS, "goods_purchased_20": D("119440.37")}


def amount(code: str) -> Decimal:
    return AMOUNTS.get(code, D(0))


def found(ledger: Ledger = LEDGER) -> Figures:
    return figures(amount, balance_of(ledger), headcount=D(6))


def by_code(situation: Situation, on: dt.date = ON) -> dict[str, EarlyWarning]:
    return {each.code: each for each in warnings(situation, LAW, on=on)}


def test_the_balance_sheet_is_read_from_its_accounts() -> None:
    read = balance_of(LEDGER)
    assert read.days == 365
    assert read.stock == Side(D(140_000), D(170_000)) and read.stock.mean == 155_000
    assert set(read.stock_by_rate or {}) == {"2_1", "20"}
    assert [read.suppliers, read.clients, read.third_party] == [170_000, 55_000, 40_000]
    assert [read.debt, read.acquisition_debt] == [300_000, 250_000]
    assert [read.doubtful, read.provisions] == [3_000, 1_000]
    assert [read.cash, read.goodwill, read.investment] == [55_700, 1_700_000, 12_000]
    assert [read.deductible_vat, read.collected_vat] == [51_000, 71_000]


def test_days_are_worked_out_on_their_own_flows() -> None:
    values = {code: each.value for code, each in found().items()}
    bought = D("1398232.77") + D("117986.49") + 51_000
    assert values["stock_days"] == D(155_000) * 365 / D("1398232.77")
    assert values["supplier_days"] == D(170_000) * 365 / bought
    assert values["client_days"] == D(55_000) * 365 / (D("2043037.20") + 71_000)
    tied = 170_000 - 170_000 + 55_000 + 6_000 - 5_000
    assert values["working_capital_days"] == D(tied) * 365 / D("2043037.20")
    assert values["turnover_per_head"] == D("2043037.20") / 6


def test_what_has_no_account_is_unknown_and_said() -> None:
    bare = figures(amount, balance_of(replace(LEDGER, accounts=())))
    assert bare["stock_days"] == Figure(None, "le stock (comptes 37)")
    assert all(each.value is not None or each.missing for each in bare.values())
    states = {w.code: w.state for w in warnings(Situation(bare, Balance(365)), LAW, on=ON)}
    known = {code for code, state in states.items() if state is not State.UNKNOWN}
    assert known == {"margin_low", "margin_high"}


def test_the_case_against_its_band() -> None:
    placed = {each.benchmark.figure: each for each in positions(found(), LAW, on=ON)}
    margin = placed["gross_margin_rate"]
    band = margin.references[0]
    assert band.value == D("0.285")
    assert (band.lower, band.upper) == (D(1_533_000), D(2_060_000))
    assert placed["headcount"].references[0].year == 2006
    assert placed["value_added_rate"].good is True
    assert {each.figure for each in BENCHMARKS} == set(placed)


def test_above_the_last_bound_the_last_band_is_given_and_said() -> None:
    big = {**found(), "turnover": Figure(D(4_000_000))}
    first = positions(big, LAW, on=ON)[0].references[0]
    assert first.beyond and first.value == D("0.287")


def test_warnings_of_the_case() -> None:
    case = by_code(Situation(found(), balance_of(LEDGER)))
    alerts = {code for code, each in case.items() if each.state is State.ALERT}
    assert alerts == {
        "margin_high", "stock_days", "stock_days_vat_2_1", "stock_days_vat_20",
        "stock_over_suppliers", "working_capital", "goodwill", "receivables",
    }  # fmt: skip
    assert case["debt"].value == D(50_000) / D("2043037.20")
    assert case["receivables"].value == 2_000
    assert "76" in case["goodwill"].sentence
    assert all(each.sentence for each in case.values() if each.state is State.ALERT)
    assert all(each.threshold for each in case.values() if each.state is not State.UNKNOWN)


def test_a_high_margin_is_normal_in_a_shopping_centre() -> None:
    case = by_code(Situation(found(), balance_of(LEDGER), zone="Centre commercial"))
    assert case["margin_high"].state is State.CLEAR


@pytest.mark.parametrize(
    ("code", "figure", "clear", "alert"),
    [
        ("margin_low", "commercial_margin_rate", "0.27", "0.2699"),
        ("margin_high", "commercial_margin_rate", "0.30", "0.3001"),
        ("stock_days", "stock_days", "40", "40.01"),
        ("stock_days_vat_2_1", "stock_days_vat_2_1", "20", "20.1"),
        ("stock_days_vat_20", "stock_days_vat_20", "180", "181"),
        ("working_capital", "working_capital_days", "10", "10.5"),
        ("debt", "free_debt_rate", "0.20", "0.21"),
        ("third_party", "third_party_days", "9", "9.1"),
        ("turnover_per_head", "turnover_per_head", "279000", "278999"),
    ],
)
def test_a_threshold_is_crossed_strictly(code: str, figure: str, clear: str, alert: str) -> None:
    for value, state in ((clear, State.CLEAR), (alert, State.ALERT)):
        changed = {**found(), figure: Figure(D(value))}
        assert by_code(Situation(changed, balance_of(LEDGER)))[code].state is state


def test_stock_is_longer_than_the_suppliers_credit() -> None:
    changed = {**found(), "stock_days": Figure(D(45)), "supplier_days": Figure(D(42))}
    case = by_code(Situation(changed, balance_of(LEDGER)))["stock_over_suppliers"]
    assert (case.state, case.value) == (State.ALERT, D(3))


@given(st.lists(st.integers(-1000, 1000).map(D), max_size=12))
def test_peers_are_told_from_five_on_and_stand_in_order(values: list[Decimal]) -> None:
    known = peers(values)
    if len(values) < 5:
        assert known is None
        return
    assert known is not None and known.count == len(values)
    assert min(values) <= known.low <= known.median <= known.high <= max(values)
