"""What is always true of management balances, whatever the ledger and its rules."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from galien.calculators.accounting.lines import LINES, PARENT, destinations
from galien.calculators.accounting.rules import Rules, rules_for, versions
from galien.calculators.accounting.statement import annualised, statement
from galien.kernel.errors import InvalidInput
from galien.kernel.glossary import terms
from galien.model.accounts import AccountTotal, Ledger

FIRST, LAST = dt.date(2024, 1, 1), dt.date(2024, 12, 31)
amounts = some.decimals(Decimal(0), Decimal("999999.99"), places=2)
numbers = some.from_regex(r"[67][0-9]{2,7}", fullmatch=True)


def ledger(
    rows: dict[str, tuple[Decimal, Decimal]], labels: dict[str, str] | None = None
) -> Ledger:
    named = labels or {}
    return Ledger("", FIRST, LAST, tuple(
        AccountTotal(number, named.get(number, ""), *rows[number]) for number in sorted(rows)
    ))  # fmt: skip


ledgers = some.dictionaries(numbers, some.tuples(amounts, amounts), max_size=30).map(ledger)
corrections = some.dictionaries(
    some.from_regex(r"[67][0-9]{1,5}", fullmatch=True),
    some.sampled_from(destinations()),
    max_size=8,
)


def of(*accounts: tuple[str, str, str]) -> Ledger:
    """Return the ledger of (account, label, debits less credits)."""
    return Ledger("", FIRST, LAST, tuple(
        AccountTotal(number, label, max(Decimal(text), Decimal(0)), max(-Decimal(text), Decimal(0)))
        for number, label, text in accounts
    ))  # fmt: skip


@given(ledgers, corrections, some.sampled_from(versions()))
def test_the_net_result_is_class_7_less_class_6_whatever_the_rules(
    made: Ledger, own: dict[str, str], rules: Rules
) -> None:
    assert statement(made, rules.corrected(own)).amount("net_result") == -made.balance("6", "7")


@given(ledgers, corrections)
def test_lines_add_up(made: Ledger, own: dict[str, str]) -> None:
    found = statement(made, rules_for(FIRST).corrected(own))
    for line in found.lines:
        below = sum((each.amount for each in line.accounts), Decimal(0))
        parts = next(each for each in LINES if each.code == line.code)
        added = sum((found.amount(code) for code in parts.plus), Decimal(0))
        taken = sum((found.amount(code) for code in parts.minus), Decimal(0))
        assert line.amount == below + added - taken


@given(ledgers)
def test_every_account_is_beneath_one_line_only(made: Ledger) -> None:
    found = statement(made, rules_for(FIRST))
    listed = [
        account.account
        for line in found.lines
        for account in line.accounts
        if line.code != "owner_costs"  # told apart, and counted in staff
    ]
    assert sorted(listed) == [each.account for each in made.accounts]


@given(ledgers)
def test_the_year_before_is_what_it_was(made: Ledger) -> None:
    rules = rules_for(FIRST)
    beside = statement(of(("707", "", "-100")), rules, made)
    alone = statement(made, rules)
    assert {each.code: each.previous for each in beside.lines} == {
        each.code: each.amount for each in alone.lines
    }


def test_every_line_and_detail_is_a_word_of_the_glossary() -> None:
    assert {line.code for line in LINES} | set(PARENT) <= set(terms())


DEFAULTS = {
    "707000": "goods_sold_other", "709700": "sales_rebates", "607100": "goods_purchased_other",
    "603700": "stock_change", "609700": "purchase_rebates", "706100": "production_other",
    "713000": "production_other", "722000": "production_other", "708800": "production_resales",
    "601000": "external_charges", "603100": "external_charges", "609100": "external_charges",
    "611000": "external_charges", "623000": "external_charges", "635100": "taxes",
    "641000": "salaries", "645000": "social_charges", "644000": "owner_costs",
    "646000": "owner_costs", "740000": "subsidies_other", "791610": "external_charges",
    "791630": "taxes", "791640": "salaries", "791000": "other_operating_income",
    "797000": "other_operating_income", "651000": "other_operating_charges",
    "758000": "other_operating_income", "681100": "depreciation",
    "781700": "other_operating_income", "661000": "financial_charges",
    "768000": "financial_income", "686500": "financial_charges", "786500": "financial_income",
    "671000": "exceptional_charges", "771000": "exceptional_income",
    "687100": "exceptional_charges", "787500": "exceptional_income", "695000": "income_tax",
    "689000": "other_operating_charges", "789000": "other_operating_income",
}  # fmt: skip


@pytest.mark.parametrize("account", DEFAULTS)
def test_an_account_goes_to_its_line_by_default(account: str) -> None:
    assert rules_for(FIRST).line_of(account) == DEFAULTS[account]


def test_the_chart_changes_for_years_opened_from_2025() -> None:
    before, after = rules_for(dt.date(2024, 12, 31)), rules_for(dt.date(2025, 1, 1))
    assert (before.line_of("649000"), after.line_of("649000")) == (
        "salaries",
        "staff_reimbursements",
    )
    assert after.line_of("758700") == "insurance_indemnities"
    assert (before.is_gone("791000"), after.is_gone("791000")) == (False, True)


@pytest.mark.parametrize(
    ("label", "number", "line"),
    [
        ("Achats marchandises 2,1 %", "607100", "goods_purchased_2_1"),
        ("ACHATS MSES TVA 2.10", "607200", "goods_purchased_2_1"),
        ("Achats 5,5%", "607300", "goods_purchased_5_5"),
        ("Achats taux 10", "607400", "goods_purchased_10"),
        ("Achats 20,00 %", "607500", "goods_purchased_20"),
        ("Achats exonérés", "607600", "goods_purchased_exempt"),
        ("Achats 19,6 %", "607700", "goods_purchased_other"),
        ("Achats", "60702100", "goods_purchased_2_1"),
        ("Achats", "607020", "goods_purchased_20"),
        ("Achats", "607100", "goods_purchased_other"),
    ],
)
def test_the_rate_of_a_purchase_is_read_from_its_label_then_its_number(
    label: str, number: str, line: str
) -> None:
    assert rules_for(FIRST).line_of(number, label) == line


def test_a_transfer_is_taken_off_the_line_of_its_charge() -> None:
    made = statement(of(("613", "Loyer", "100"), ("79161300", "Loyer refacturé", "-30")),
                     rules_for(FIRST))  # fmt: skip
    assert made.amount("external_charges") == 70
    assert made.amount("other_operating_income") == 0


def test_payments_of_the_health_insurance_are_told_apart_wherever_they_are_booked() -> None:
    made = statement(of(
        ("707000", "Ventes", "-1000"), ("706100", "Vaccination", "-50"),
        ("740000", "ROSP", "-20"), ("758000", "Indemnités d’astreinte", "-5"),
    ), rules_for(FIRST))  # fmt: skip
    assert made.amount("objective_payments") == 20
    assert made.amount("duty_payments") == 5
    assert made.amount("public_health_payments") == 50
    assert made.amount("payments_outside_turnover") == 25
    assert made.amount("turnover") == 1050


@pytest.mark.parametrize(
    "label", ["Rémunération du gérant", "Salaire titulaire", "Cotisations TNS"]
)
def test_an_account_that_speaks_of_an_owner_is_proposed_and_not_moved(label: str) -> None:
    rules, account = rules_for(FIRST), AccountTotal("641100", label, Decimal(1), Decimal(0))
    assert rules.speaks_of_owner(account)
    assert rules.line_of(account.account, label) != "owner_costs"
    assert not rules.corrected({"6411": "owner_costs"}).speaks_of_owner(account)


@pytest.mark.parametrize(("prefix", "line"), [("401", "taxes"), ("", "taxes"), ("6411", "ebitda")])
def test_a_correction_that_means_nothing_is_refused(prefix: str, line: str) -> None:
    with pytest.raises(InvalidInput):
        rules_for(FIRST).corrected({prefix: line})


def test_a_short_year_is_brought_to_twelve_months() -> None:
    short = Ledger(
        "", FIRST, dt.date(2024, 6, 30), of(("707", "", "-600"), ("512", "", "600")).accounts
    )
    whole = annualised(short)
    assert whole.balance("707") == -1200
    assert whole.balance("512") == 600
