"""What a contract really gives: tiers, free units, conditions, payment, ceilings; sums done by hand."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from galien.calculators.discounts.deal import Deal
from galien.calculators.discounts.offered import Offered, Why, offered
from galien.calculators.discounts.volumes import Candidate, Terms
from galien.model.contracts import (
    Base,
    Clause,
    ClauseKind,
    Commitment,
    Conditions,
    Consequence,
    Contract,
    Counted,
    Measured,
    ProductKeys,
    ProductScope,
    Span,
    Tier,
)

KEYS = ProductKeys("3400930000014", generic_group="7", lab="ARROW", product_class="generic")
ZERO = Decimal(0)
YEAR = Terms(months=Decimal(12))


def rate(text: str, kind: ClauseKind = ClauseKind.INVOICE_DISCOUNT, **more: Any) -> Clause:
    return Clause(f"{kind} {text}", kind, rate=Decimal(text), **more)


def contract(*clauses: Clause, **more: Any) -> Contract:
    return Contract("C1", "", "ARROW", dt.date(2026, 1, 1), clauses=clauses, **more)


def given(
    found: Contract, terms: Terms = YEAR, *, amount: str = "1200", ratio: str = "1"
) -> Offered:
    candidate = Candidate(
        "E", KEYS, "generic", "Box", Decimal(100), Decimal(amount), Decimal(ratio)
    )
    return offered("ARROW", found, [candidate], terms)["E"]


def test_a_discount_alone_is_sure() -> None:
    found = given(contract(rate("0.30")))
    assert (found.discount_rate, found.extra_rate, found.total_rate) == (
        Decimal("0.30"), ZERO, Decimal("0.30"),
    )  # fmt: skip


def test_discount_and_free_units_make_the_discount_of_the_deal() -> None:
    """Ten paid at 25 % and two free are what the deal calculator says."""
    free = Clause("10+2", ClauseKind.FREE_UNITS, paid=10, free=2)
    found = given(contract(rate("0.25"), free))
    expected = Deal(Decimal("8.60"), 10, 2, Decimal("0.25")).discount_rate
    assert found.discount_rate == pytest.approx(expected)


def test_later_parts_apply_to_the_invoice_or_to_the_list() -> None:
    rebate = rate("0.10", ClauseKind.REBATE, base=Base.INVOICE)
    cooperation = rate("0.02", ClauseKind.COOPERATION, base=Base.LIST)
    found = given(contract(rate("0.20"), rebate, cooperation))
    assert found.extra_rate == Decimal("0.10") * Decimal("0.80") + Decimal("0.02")
    assert [part.kind for part in found.parts] == ["invoice_discount", "rebate", "cooperation"]


TIERS = (Tier(Decimal(1000), Decimal("0.02")), Tier(Decimal(5000), Decimal("0.05")))


def yearly(**more: Any) -> Clause:
    return Clause("RFA", ClauseKind.REBATE, tiers=TIERS, span=Span.YEAR, **more)


@pytest.mark.parametrize(
    ("amount", "months", "counted", "expected"),
    [
        ("999", 12, Counted.GROUP, "0"),
        ("1000", 12, Counted.GROUP, "0.02"),
        ("1250", 3, Counted.GROUP, "0.05"),  # 1 250 € in a quarter are 5 000 € a year
        ("9000", 12, Counted.PHARMACY, "0.02"),  # 3 000 € for each of three pharmacies
    ],
)
def test_tiers_are_reached_by_the_volume(
    amount: str, months: int, counted: Counted, expected: str
) -> None:
    terms = Terms(months=Decimal(months), pharmacies=3)
    found = given(contract(rate("0.20"), yearly(counted=counted)), terms, amount=amount)
    assert found.extra_rate == Decimal(expected)
    assert found.parts[1].why is (Why.COUNTED if expected != "0" else Why.TIER_MISSED)


def test_a_missed_commitment_leaves_out_what_it_conditions() -> None:
    asked = Commitment(
        "V", Decimal(2000), Measured.LIST_AMOUNT, consequence=Consequence.REBATE_LOST
    )
    rebate = rate("0.03", ClauseKind.REBATE, condition="V")
    missed = given(contract(rate("0.20"), rebate, commitments=(asked,)))
    assert (missed.total_rate, missed.parts[1].why) == (Decimal("0.20"), Why.COMMITMENT_MISSED)
    assert (missed.parts[1].reached, missed.parts[1].needed) == (Decimal(1200), Decimal(2000))
    met = given(contract(rate("0.20"), rebate, commitments=(asked,)), amount="2000")
    assert met.total_rate == Decimal("0.23")


def test_a_discount_billed_back_is_not_counted() -> None:
    asked = Commitment("V", Decimal(350), Measured.LIST_AMOUNT, Span.MONTH)
    missed = given(contract(rate("0.20"), commitments=(asked,)))
    assert (missed.total_rate, missed.parts[0].rate) == (ZERO, Decimal("0.20"))
    assert given(contract(rate("0.20"), commitments=(asked,)), amount="4200").total_rate > 0


def test_paying_later_is_worth_the_money_kept() -> None:
    later = contract(rate("0.20"), conditions=Conditions(payment_days=90))
    terms = Terms(months=Decimal(12), cost_of_money=Decimal("0.05"), usual_days=30)
    assert given(later, terms).extra_rate == pytest.approx(
        Decimal("0.80") * 60 / 365 * Decimal("0.05")
    )
    assert given(later).extra_rate == 0
    at_once = contract(rate("0.20"), conditions=Conditions(payment_days=0))
    assert given(at_once, terms).extra_rate < 0


def test_what_passes_the_ceiling_is_flagged_and_left_out_unless_asked() -> None:
    over = contract(rate("0.38"), rate("0.03", ClauseKind.COOPERATION))
    ceilings = {"generic": Decimal("0.40")}
    kept = given(over, Terms(months=Decimal(12), ceilings=ceilings))
    assert (kept.excess, kept.total_rate) == (Decimal("0.01"), Decimal("0.40"))
    assert [part.counted for part in kept.parts] == [Decimal("0.38"), Decimal("0.02")]
    assert kept.parts[1].why is Why.OVER_CEILING
    whole = given(over, Terms(months=Decimal(12), ceilings=ceilings, count_excess=True))
    assert (whole.excess, whole.total_rate) == (Decimal("0.01"), Decimal("0.41"))


def test_the_most_precise_clause_takes_the_place_of_the_others() -> None:
    precise = rate("0.10", scope=ProductScope(generic_groups=("7",)))
    assert given(contract(rate("0.30"), precise)).discount_rate == Decimal("0.10")


def test_a_product_outside_every_scope_is_not_offered() -> None:
    elsewhere = contract(rate("0.30", scope=ProductScope(generic_groups=("8",))))
    candidate = Candidate("E", KEYS, "generic", "Box", Decimal(1), Decimal(1))
    assert offered("ARROW", elsewhere, [candidate], YEAR) == {}


def test_another_box_is_brought_to_the_price_of_the_box_bought() -> None:
    assert given(contract(rate("0.30")), ratio="0.9").discount_rate == Decimal("0.270")


def test_the_best_of_several_products_of_a_lab_is_kept() -> None:
    dearer = ProductKeys("3400930000021", generic_group="9", lab="ARROW", product_class="generic")
    clauses = (rate("0.20"), rate("0.35", scope=ProductScope(generic_groups=("9",))))
    both = [
        Candidate("E", keys, "generic", keys.product, Decimal(1), Decimal(1))
        for keys in (KEYS, dearer)
    ]
    assert offered("ARROW", contract(*clauses), both, YEAR)["E"].label == dearer.product
