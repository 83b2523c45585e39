"""Legal ceilings: what clauses give together on a product, against the maximum of its class."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from galien.calculators.discounts.ceilings import Finding, check, shares
from galien.model.clauses import ClauseIndex, clauses_for
from galien.model.contracts import (
    Base,
    Clause,
    ClauseKind,
    Contract,
    ProductKeys,
    ProductScope,
    Tier,
)
from tests.builders.contracts import contracts

DISCOUNT, UNITS, CASH, REBATE, COOPERATION = (
    ClauseKind.INVOICE_DISCOUNT,
    ClauseKind.FREE_UNITS,
    ClauseKind.CASH_DISCOUNT,
    ClauseKind.REBATE,
    ClauseKind.COOPERATION,
)
BOX, OTHER = ProductKeys("1" * 13, lab="Alpha", product_class="generic"), ProductKeys("2" * 13)
CEILINGS = {"generic": Decimal("0.4"), "general": Decimal("0.025")}


def clause(kind: ClauseKind, rate: str = "", **more: Any) -> Clause:
    return Clause(more.pop("name", kind.value), kind, rate=Decimal(rate) if rate else None, **more)


def found(*clauses: Clause, product_class: str = "generic", lab: str = "Alpha") -> Finding:
    contract = Contract("C", "", lab, dt.date(2026, 1, 1), clauses=clauses)
    return check(contract, [(BOX, product_class)], CEILINGS)[0]


@pytest.mark.parametrize(
    ("clauses", "most"),
    [
        ([clause(DISCOUNT, "0.40")], "0.4"),
        # 10 invoiced and 2 free: 16,67 % of what is delivered, not 20 %.
        ([clause(UNITS, paid=10, free=2)], "0.166667"),
        # 10 × 0,60 paid for 12 × 1: half.
        ([clause(DISCOUNT, "0.40"), clause(UNITS, paid=10, free=2)], "0.5"),
        # 100 at list, 60 invoiced, 5 % of the invoice is 3; 5 % of list is 5.
        ([clause(DISCOUNT, "0.40"), clause(REBATE, "0.05", base=Base.INVOICE)], "0.43"),
        ([clause(DISCOUNT, "0.40"), clause(REBATE, "0.05")], "0.45"),
        ([clause(CASH, "0.01"), clause(COOPERATION, "0.02"), clause(REBATE, "0.03")], "0.06"),
    ],
)
def test_every_form_of_discount_counts(clauses: list[Clause], most: str) -> None:
    assert round(found(*clauses).most, 6) == Decimal(most)


def test_tiers_count_as_what_may_be_reached_and_what_is_sure() -> None:
    tiers = (Tier(Decimal(0), Decimal("0.38")), Tier(Decimal(100), Decimal("0.42")))
    finding = found(clause(DISCOUNT, tiers=tiers))
    assert (finding.least, finding.most) == (Decimal("0.38"), Decimal("0.42"))
    assert (finding.sure_excess, finding.excess) == (Decimal(0), Decimal("0.02"))


def test_a_discount_at_its_ceiling_is_within_it() -> None:
    assert found(clause(DISCOUNT, "0.40")).excess == 0
    assert found(clause(DISCOUNT, "0.4001")).excess == Decimal("0.0001")


def test_what_is_not_reimbursed_has_no_ceiling_and_other_labs_are_left_out() -> None:
    contract = Contract("C", "", "Alpha", dt.date(2026, 1, 1), clauses=(clause(DISCOUNT, "0.9"),))
    assert check(contract, [(BOX, ""), (OTHER, "general")], CEILINGS) == ()


def test_a_product_named_by_hand_is_of_the_lab_and_labs_are_read_without_case() -> None:
    by_hand = clause(DISCOUNT, "0.3", scope=ProductScope(products=(OTHER.product,)))
    assert found(by_hand, clause(CASH, "0.01"), lab="ALPHA").products == 1
    contract = Contract("C", "", "Alpha", dt.date(2026, 1, 1), clauses=(by_hand,))
    assert check(contract, [(OTHER, "general")], CEILINGS)[0].excess == Decimal("0.275")


def test_a_class_the_catalogue_does_not_tell_is_checked_as_it_is_named() -> None:
    scope = ProductScope(classes=("biosimilar",))
    contract = Contract(
        "C", "", "Alpha", dt.date(2026, 1, 1), clauses=(clause(DISCOUNT, "0.25", scope=scope),)
    )
    (finding,) = check(contract, [(BOX, "generic")], {"biosimilar": Decimal("0.2")})
    assert (finding.products, finding.excess) == (0, Decimal("0.05"))


def test_products_given_the_same_make_one_finding_the_worst_first() -> None:
    dear = ProductScope(products=(BOX.product,))
    contract = Contract(
        "C",
        "S",
        "",
        dt.date(2026, 1, 1),
        clauses=(clause(DISCOUNT, "0.02"), clause(DISCOUNT, "0.45", name="more", scope=dear)),
    )
    products = [(ProductKeys(str(n)), "general") for n in range(5)] + [(BOX, "generic")]
    first, second = check(contract, products, CEILINGS)
    assert (first.clauses, first.products, first.excess) == (("more",), 1, Decimal("0.05"))
    assert (second.products, second.excess) == (5, Decimal(0))


@settings(max_examples=60)
@given(contract=contracts(), top=st.booleans())
def test_shares_never_pass_the_whole_when_there_is_one_clause(
    contract: Contract, top: bool
) -> None:
    for each in contract.clauses:
        assert 0 <= sum(shares([each], top=top)) <= 1


@settings(max_examples=60)
@given(contract=contracts(), data=st.data())
def test_the_index_finds_what_reading_every_clause_finds(contract: Contract, data: Any) -> None:
    scopes = [each.scope for each in contract.clauses]

    def pick(name: str) -> str:
        named = [each for scope in scopes for each in getattr(scope, name)]
        return str(data.draw(st.sampled_from(["", "x", *named])))

    keys = ProductKeys(
        pick("products") or pick("excluded"),
        pick("generic_groups"),
        pick("ranges"),
        pick("brands"),
        pick("labs"),
        pick("classes"),
    )
    index = ClauseIndex(contract)
    assert index.of(keys) == index.of(keys) == clauses_for(contract, keys)
