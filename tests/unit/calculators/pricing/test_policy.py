"""A price policy: which rule prices a product, floors and ceilings never broken, its effect tried."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from galien.calculators.pricing.arithmetic import Ending, Rounding, RoundingBand
from galien.calculators.pricing.effect import Change, Response, effect
from galien.calculators.pricing.policy import (
    Bound,
    Category,
    ImageRule,
    Outcome,
    Policy,
    Priced,
    Target,
    below_break_even,
    propose,
)
from galien.calculators.pricing.rebates import RebateRule, rebate
from galien.calculators.pricing.rebates import given as given_to_clients
from galien.kernel.errors import InvalidInput

ZERO = Decimal(0)
D = Decimal
SUN = Category(
    "Solaire", (Target(ZERO, margin_rate=D("0.25")),), {"family": frozenset({"Solaire"})}
)
REST = Category(
    "Reste", (Target(ZERO, factor=D("1.8")), Target(D(20), margin_rate=D("0.30"))), floor_margin=D("0.10")
)  # fmt: skip
POLICY = Policy("Été", (SUN, REST), excluded=frozenset({"out"}))


def product(code: str = "p", cost: str = "10", **more: object) -> Priced:
    return Priced(code, D(cost), D("0.20"), **more)  # type: ignore[arg-type]


def test_the_first_category_that_holds_a_product_prices_it() -> None:
    sun, low, high = propose(
        POLICY, [product(attributes={"family": "Solaire"}), product(), product(cost="21")]
    )
    assert (sun.price_incl, sun.category, sun.rule) == (D("16.00"), "Solaire", "marge 25 %")
    assert (low.price_incl, low.rule) == (D("21.60"), "coefficient 1,8")
    assert (high.price_incl, high.rule) == (D("36.00"), "marge 30 %")


def test_the_same_price_is_said_unchanged() -> None:
    [found] = propose(POLICY, [product(price_incl=D("21.60"))])
    assert found.outcome is Outcome.UNCHANGED


def test_a_ceiling_and_a_floor_hold_and_are_told() -> None:
    capped, raised = propose(
        POLICY, [product(most_incl=D("14.10")), product(least_incl=D("25.00"))]
    )
    assert (capped.price_incl, capped.bound) == (D("14.10"), Bound.CEILING)
    assert (raised.price_incl, raised.bound) == (D("25.00"), Bound.FLOOR)
    assert "plafond" in capped.reason
    assert "plancher" in raised.reason


def test_an_image_product_follows_competitors_but_not_under_its_floor() -> None:
    policy = Policy("p", (REST,), image=ImageRule(D("-0.02")))
    near, under = propose(
        policy,
        [
            product(image=True, competitors_incl=D(15)),
            product(image=True, competitors_incl=D(9)),
        ],
    )
    assert near.price_incl == D("14.70")
    assert (under.price_incl, under.bound) == (D("13.34"), Bound.FLOOR)  # 10 ÷ 0,9 × 1,2


@pytest.mark.parametrize(
    ("priced", "said"),
    [
        (product("out"), "exclu"),
        (product(free=False), "réglementé"),
        (Priced("p", None, D("0.2")), "inconnus"),
        (product(most_incl=D("12.00")), "plancher dépasse"),
    ],
)
def test_what_is_not_priced_says_why(priced: Priced, said: str) -> None:
    [found] = propose(POLICY, [priced])
    assert found.outcome is Outcome.EXCEPTION
    assert found.price_incl is None
    assert said in found.reason


def test_a_policy_without_a_category_for_a_product_says_so() -> None:
    [found] = propose(Policy("p", (SUN,)), [product()])
    assert "Aucune catégorie" in found.reason


amounts = st.decimals("0.01", "200", places=2)


@given(
    cost=amounts,
    margin=st.decimals("-0.5", "0.9", places=2),
    floor=st.decimals("0", "0.8", places=2),
    least=st.none() | amounts,
    most=st.none() | amounts,
    ending=st.sampled_from(Ending),
    competitors=st.none() | amounts,
)
def test_a_policy_never_breaks_its_floors_and_ceilings(
    *,
    cost: Decimal,
    margin: Decimal,
    floor: Decimal,
    least: Decimal | None,
    most: Decimal | None,
    ending: Ending,
    competitors: Decimal | None,
) -> None:
    category = Category("c", (Target(ZERO, margin_rate=margin),), floor_margin=floor)
    policy = Policy("p", (category,), Rounding((RoundingBand(ZERO, ending),)))
    priced = Priced(
        "x",
        cost,
        D("0.20"),
        least_incl=least,
        most_incl=most,
        image=True,
        competitors_incl=competitors,
    )
    [found] = propose(policy, [priced])
    if found.price_incl is None:
        assert most is not None
        return
    kept = found.margin
    assert kept is not None
    assert kept.margin >= 0
    assert kept.margin_rate is not None
    assert kept.margin_rate >= floor - D("1e-20")
    assert least is None or found.price_incl >= least
    assert most is None or found.price_incl <= most


def test_targets_under_the_break_even_margin_are_told() -> None:
    found = below_break_even(POLICY, D("0.28"))
    assert [(name, str(target.margin_rate)) for name, target in found] == [("Solaire", "0.25")]


def test_bands_of_cost_leave_no_hole_and_targets_are_one_of_two() -> None:
    for wrong in (
        lambda: Category("c", (Target(D(5), factor=D(2)),)),
        lambda: Target(ZERO),
        lambda: Target(ZERO, margin_rate=D(1)),
    ):
        with pytest.raises(InvalidInput):
            wrong()


def test_a_policy_is_tried_in_euros_before_it_is_applied() -> None:
    # Cost 10, price 18 € excl. tax instead of 16 €, 50 a year.
    [found] = propose(POLICY, [product(price_incl=D("19.20"))])
    tried = effect([found], {"p": D(50)})
    assert tried.touched == 1
    assert tried.constant == Change(turnover=D(100), margin=D(100))
    assert tried.expected is None


def test_volumes_that_answer_take_some_of_it_back_with_uncertainty() -> None:
    proposals = propose(POLICY, [product(price_incl=D("19.20"))])
    tried = effect(proposals, {"p": D(50)}, Response(D(-1), D("0.5")))
    assert tried.expected is not None
    assert tried.low is not None
    assert tried.high is not None
    # 50 × 16 ÷ 18 = 44,44 sold at 18 €: turnover unchanged, margin 44,44 × 8 − 50 × 6.
    assert round(tried.expected.turnover, 6) == 0
    assert round(tried.expected.margin, 2) == D("55.56")
    assert tried.low.margin < tried.expected.margin < tried.high.margin


def test_each_universe_answers_in_its_own_way_and_the_others_as_a_whole() -> None:
    proposals = propose(
        POLICY,
        [
            product("a", price_incl=D("19.20"), attributes={"universe_1": "Beauté"}),
            product("b", price_incl=D("19.20"), attributes={"universe_1": "Hygiène"}),
        ],
    )
    response = Response(D(-1), D("0.5"), universes={"Beauté": Response(D(0))})
    beauty, other = effect(proposals, {"a": D(50), "b": D(50)}, response).products
    assert beauty.expected == beauty.low == beauty.high == beauty.constant
    assert other.expected is not None
    assert round(other.expected.margin, 2) == D("55.56")


def test_exceptions_are_told_and_bring_nothing() -> None:
    tried = effect(propose(POLICY, [product("out"), product(price_incl=D("21.60"))]), {})
    assert (tried.touched, tried.unchanged, len(tried.exceptions)) == (0, 1, 1)
    assert tried.constant == Change()


def test_a_client_rebate_stops_at_the_floor() -> None:
    rules = (RebateRule("Fidélité", D("0.20"), floor_margin=D("0.25")),)
    large = rebate(product(price_incl=D("24.00")), rules)
    assert large is not None
    assert (large.rate, large.price_incl, large.capped) == (D("0.20"), D("19.2000"), False)
    small = rebate(product(price_incl=D("17.60")), rules)
    assert small is not None
    assert small.capped
    assert round(small.price_incl, 10) == 16  # 10 ÷ 0,75 × 1,2
    none = rebate(product(price_incl=D("17.60"), free=False), rules)
    assert none is not None
    assert none.rate == 0


def test_what_rebates_take_off_the_margin_in_a_year() -> None:
    rules = (RebateRule("Solaire", D("0.10"), category="Solaire"),)
    sun, rest = product("s", price_incl=D("24.00")), product("r", price_incl=D("24.00"))
    none = replace(rest, product_code="n", cost=None)
    lines = [(sun, D(30), "Solaire"), (rest, D(50), "Reste"), (none, D(9), "Solaire")]
    found = given_to_clients(lines, rules)
    # 24 € is 20 € excl. tax on a cost of 10: 30 × 2,40 ÷ 1,2 of rebates; 80 × 10 of margin before them.
    assert (found.products, found.capped) == (1, 0)
    assert (found.amount, found.gross, found.sales) == (D(60), D(800), D(1600))


def test_a_rebate_that_the_floor_takes_whole_is_counted_as_held() -> None:
    rules = (RebateRule("x", D("0.10"), floor_margin=D("0.50")),)
    found = given_to_clients([(product(price_incl=D("24.00")), D(30), "Reste")], rules)
    assert (found.products, found.capped, found.amount) == (0, 1, ZERO)


@given(
    price=amounts, cost=amounts, rate=st.decimals("0", "0.9", places=2),
    floor=st.decimals("0", "0.9", places=2),
)  # fmt: skip
def test_a_rebate_never_goes_under_its_floor_nor_over_its_rate(
    price: Decimal, cost: Decimal, rate: Decimal, floor: Decimal
) -> None:
    found = rebate(
        Priced("p", cost, D("0.20"), price), (RebateRule("x", rate, floor_margin=floor),)
    )
    assert found is not None
    assert 0 <= found.rate <= rate
    least = cost / (1 - floor) * D("1.20")
    assert found.rate == 0 or found.price_incl >= least - D("1e-20")
