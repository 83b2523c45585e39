"""The labs to sign with: equal to enumeration on small cases, and clauses worked by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from galien.calculators.discounts.market import Offer, market
from galien.calculators.discounts.optimum.answer import Found, Optimum, optimise
from galien.calculators.discounts.optimum.problem import Bought
from galien.calculators.discounts.optimum.rules import read_rules
from galien.calculators.discounts.optimum.sensitivity import clauses, entries
from galien.calculators.discounts.pairs import Assign, Remainder, Settings, rank_pairs
from galien.kernel.errors import InvalidInput

LABS = ("A", "B", "C")


def bought(*rows: tuple[str, int, str]) -> list[Bought]:
    return [Bought(code, Decimal(1), Decimal(amount), Decimal(rate)) for code, amount, rate in rows]


def offers(**labs: dict[str, str]) -> list[Offer]:
    return [
        Offer(lab, code, Decimal(rate))
        for lab, rates in labs.items()
        for code, rate in rates.items()
    ]


def solved(purchases: list[Bought], offered: list[Offer], rules: Any = None) -> Optimum:
    return optimise(purchases, offered, read_rules(rules))


def told(found: Found | None) -> tuple[list[str], Decimal]:
    assert found is not None
    return [*found.labs], found.total


def placed(found: Optimum) -> dict[str, str | None]:
    return {each.equivalence: each.lab for each in found.assignment}


# Ten thousand euros over a year, three products.
THREE = bought(("x", 6000, "0.10"), ("y", 3000, "0.10"), ("z", 1000, "0.10"))
TWO_LABS = offers(A={"x": "0.20", "y": "0.20"}, B={"y": "0.30", "z": "0.30"})


def test_without_rules_each_product_goes_where_it_gains_most() -> None:
    found = solved(THREE, TWO_LABS)
    assert found.best.labs == ("A", "B")
    assert found.best.total == found.best.bound == 1200 + 900 + 300
    assert placed(found) == {"x": "A", "y": "B", "z": "B"}
    assert told(found.runner_up) == (["A"], Decimal(1200 + 600 + 100))


def test_a_product_moves_to_reach_a_threshold() -> None:
    """A bills back under 700 € a month: with x alone (500 €) it would give nothing."""
    found = solved(THREE, TWO_LABS, {"labs": {"A": {"monthly_threshold": 700}}})
    assert placed(found) == {"x": "A", "y": "A", "z": "B"}
    assert found.best.total == 1200 + 600 + 300


def test_a_lab_whose_threshold_is_out_of_reach_is_left() -> None:
    found = solved(THREE, TWO_LABS, {"labs": {"A": {"yearly_threshold": 9001}}})
    assert told(found.best) == (["B"], Decimal(600 + 900 + 300))


def test_a_lab_always_taken_under_its_threshold_is_billed_back() -> None:
    rules = {"labs": {"A": {"yearly_threshold": 9001, "always": True, "cost": 50}}}
    found = solved(THREE, TWO_LABS, rules)
    assert told(found.best) == (["A", "B"], Decimal(600 + 900 + 300 - 50))


def test_a_tier_is_worth_moving_a_product() -> None:
    """At 9 000 € A gives 8 points more on all: 28 % of 9 000 € and 30 % of z beat 2 400 €."""
    rules = {"labs": {"A": {"tiers": [{"from": 9000, "rate": 0.08}]}}}
    found = solved(THREE, TWO_LABS, rules)
    assert found.best.total == 2520 + 300
    assert [(part.lab, part.tier_rate) for part in found.parts] == [
        ("A", Decimal("0.08")), ("B", 0),
    ]  # fmt: skip


def test_a_ceiling_cuts_the_tier_too() -> None:
    rules = {
        "labs": {"A": {"tiers": [{"from": 9000, "rate": 0.08}]}},
        "ceilings": {"generic": 0.25},
        "classes": {"x": "generic"},
    }
    assert solved(THREE, TWO_LABS, rules).best.total == 6000 * 25 // 100 + 840 + 300


@pytest.mark.parametrize(
    ("rules", "labs", "total"),
    [
        ({"maximum_labs": 1}, ("A",), 1900),
        ({"maximum_labs": 0}, (), 1000),
        ({"exclusive": [["A", "B"]]}, ("A",), 1900),
        ({"labs": {"A": {"never": True}}}, ("B",), 1800),
        ({"labs": {"A": {"service": 0.9}}, "minimum_service": 0.95}, ("B",), 1800),
        ({"labs": {"A": {"exclusive": True}}}, ("A", "B"), 1200 + 600 + 300),
        ({"labs": {"B": {"minimum": 4001}}}, ("A",), 1900),
        ({"labs": {"B": {"cost": 501}}}, ("A",), 1900),
        ({"labs": {"B": {"cost": 499}}}, ("A", "B"), 1901),
        ({"keep": ["y"]}, ("A", "B"), 1200 + 300 + 300),
        ({"switching_cost": 201}, ("A", "B"), 1200 + 900 + 100 - 402),
        ({"remainder": "zero", "labs": {"A": {"never": True}}}, ("B",), 1200),
        ({"remainder": 0.02, "labs": {"A": {"never": True}}}, ("B",), 1320),
    ],
)  # fmt: skip
def test_each_clause_by_hand(rules: Any, labs: tuple[str, ...], total: int) -> None:
    found = solved(THREE, TWO_LABS, rules)
    assert told(found.best) == ([*labs], Decimal(total))


def test_a_product_that_stays_at_its_lab_costs_nothing_to_switch() -> None:
    here = [Bought("x", Decimal(1), Decimal(100), Decimal("0.1"), lab="A")]
    found = solved(here, offers(A={"x": "0.2"}), {"switching_cost": 50})
    assert found.best.total == 20


def test_what_a_clause_is_worth() -> None:
    rules = read_rules({"maximum_labs": 1, "labs": {"A": {"monthly_threshold": 100}}})
    best = optimise(THREE, TWO_LABS, rules).best
    found = clauses(THREE, TWO_LABS, rules, best)
    assert {each.key: int(each.worth) for each in found} == {
        "maximum_labs": 2400 - 1900,
        "labs.A.monthly_threshold": 0,
    }


def test_what_a_lab_must_add_to_enter() -> None:
    """C offers 5 % on x, which A takes at 20 %: 15 points more make it even."""
    offered = [*TWO_LABS, *offers(C={"x": "0.05"})]
    rules = read_rules(None)
    found = entries(THREE, offered, rules, optimise(THREE, offered, rules).best)
    assert [each.lab for each in found] == ["C"]
    assert found[0].rate is not None
    assert Decimal("0.15") <= found[0].rate <= Decimal("0.1502")


def test_a_lab_held_by_a_ceiling_cannot_enter() -> None:
    offered = [*TWO_LABS, *offers(C={"x": "0.05"})]
    rules = read_rules({"ceilings": {"generic": 0.2}, "classes": {"x": "generic"}, "switching_cost": 1,
                        "labs": {"C": {"switching_cost": 1}}})  # fmt: skip
    found = entries(THREE, offered, rules, optimise(THREE, offered, rules).best)
    assert [(each.lab, each.rate) for each in found] == [("C", None)]


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ({"maximum_lab": 2}, "maximum_labs"),
        ({"labs": {"A": {"treshold": 2}}}, "labs.A : clé « treshold » inconnue"),
        ({"labs": {"Aa": {}}}, "n’est dans aucune offre"),
        ({"ceilings": {"generic": 40}}, "0.40 pour 40 %"),
        ({"labs": {"A": {"tiers": [{"since": 1, "rate": 0.1}]}}}, "clé « since » inconnue"),
        ({"labs": {"A": {"always": True, "never": True}}}, "se contredisent"),
        ({"maximum_labs": 1.5}, "nombre entier"),
        ({"months": 0}, "au moins un mois"),
        ({"labs": {"A": {"always": True, "minimum": 99999}}}, "Toujours pris : A"),
        (["A"], "clé: valeur"),
    ],
)
def test_rules_that_are_wrong_are_said(rules: Any, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        solved(THREE, TWO_LABS, rules)


Case = tuple[list[Bought], list[Offer], dict[str, Any]]
RATES = st.integers(0, 9).map(lambda tenth: Decimal(tenth) / 20)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw up to five products, three labs and any mixture of clauses."""
    size = draw(st.integers(1, 5))
    codes = "vwxyz"[:size]
    purchases = [
        Bought(code, Decimal(1), Decimal(draw(st.integers(0, 60))), draw(RATES)) for code in codes
    ]
    offered = [
        Offer(lab, code, draw(RATES), draw(RATES) / 10)
        for lab, code in product(LABS, codes)
        if draw(st.booleans())
    ]
    named = sorted({each.lab for each in offered})
    rules: dict[str, Any] = {"labs": {lab: draw(lab_clauses()) for lab in named}}
    rules["maximum_labs"] = draw(st.sampled_from([None, 1, 2, 3]))
    rules["switching_cost"] = draw(st.integers(0, 2))
    if len(named) > 1 and draw(st.booleans()):
        rules["exclusive"] = [named[:2]]
    return purchases, offered, rules


@st.composite
def lab_clauses(draw: st.DrawFn) -> dict[str, Any]:
    lab: dict[str, Any] = {
        "yearly_threshold": draw(st.sampled_from([0, 20, 50])),
        "minimum": draw(st.sampled_from([0, 0, 30])),
        "cost": draw(st.sampled_from([0, 0, 1, 4])),
        "exclusive": draw(st.integers(0, 4)) == 0,
        "always": draw(st.integers(0, 6)) == 0,
    }
    if draw(st.booleans()):
        lab["tiers"] = [
            {"from": draw(st.integers(10, 90)), "rate": draw(st.sampled_from([0.02, 0.1]))}
        ]
    return lab


def enumerated(case: Case) -> Iterator[tuple[frozenset[str], Decimal]]:
    """Every assignment that the rules allow, with the labs it takes and its total, in plain Python."""
    purchases, offered, rules = case
    given_ = {(each.lab, each.equivalence): each for each in offered}
    places = [
        [None, *(lab for lab in LABS if (lab, each.equivalence) in given_)] for each in purchases
    ]
    always = {lab for lab, asked in rules["labs"].items() if asked["always"]}
    for choice in product(*places):
        labs = {lab for lab in choice if lab} | always
        total = _total(purchases, choice, labs, given_, rules)
        if total is not None:
            yield frozenset(labs), total


def _total(
    purchases: Sequence[Bought],
    choice: Sequence[str | None],
    labs: set[str],
    given_: Any,
    rules: Any,
) -> Decimal | None:
    if rules["maximum_labs"] is not None and len(labs) > rules["maximum_labs"]:
        return None
    if any(len(labs & set(group)) > 1 for group in rules.get("exclusive", [])):
        return None
    left = [b for b, at in zip(purchases, choice, strict=True) if not at]
    total = sum((b.list_amount * b.discount_rate for b in left), Decimal(0))
    for lab in labs:
        asked = rules["labs"][lab]
        own = [b for b, at in zip(purchases, choice, strict=True) if at == lab]
        wanted = [b for b in purchases if (lab, b.equivalence) in given_]
        volume = sum(b.list_amount for b in own)
        under = volume < asked["yearly_threshold"] and not asked["always"]
        if under or volume < asked["minimum"] or (asked["exclusive"] and own != wanted):
            return None
        more = [Decimal(str(t["rate"])) for t in asked.get("tiers", []) if t["from"] <= volume]
        total -= asked["cost"] + rules["switching_cost"] * len(own)
        for each in own if volume >= asked["yearly_threshold"] else []:
            offer = given_[lab, each.equivalence]
            total += each.list_amount * (offer.discount_rate + offer.extra_rate + sum(more))
    return total


@settings(max_examples=150, deadline=None)
@given(cases())
def test_the_optimum_and_its_runner_up_equal_enumeration(case: Case) -> None:
    every = list(enumerated(case))
    if not every:
        with pytest.raises(InvalidInput):
            solved(*case)
        return
    found = solved(*case)
    best = max(total for _, total in every)
    assert abs(found.best.total - best) <= Decimal("0.005")
    assert found.best.bound == found.best.total
    others = [total for labs, total in every if labs != set(found.best.labs)]
    assert (found.runner_up is None) == (not others)
    if found.runner_up is not None:
        assert abs(found.runner_up.total - max(others)) <= Decimal("0.005")
        assert found.runner_up.labs != found.best.labs


@settings(max_examples=40, deadline=None)
@given(cases())
def test_a_lab_more_never_lowers_the_optimum_without_thresholds(case: Case) -> None:
    purchases, offered, _ = case
    fewer = [each for each in offered if each.lab != "C"]
    assert solved(purchases, offered).best.total >= solved(purchases, fewer).best.total


@settings(max_examples=40, deadline=None)
@given(cases(), st.sampled_from(Assign))
def test_never_worse_than_the_best_pair(case: Case, assign: Assign) -> None:
    """To the cent of each of the five amounts of a pair, which are rounded apart."""
    purchases, offered, _ = case
    laid = market(purchases, offered)
    pairs = rank_pairs(laid, Settings(assign, Remainder.CURRENT)).pairs(1)
    total = solved(purchases, offered).best.total
    assert all(total >= pair.total - Decimal("0.03") for pair in pairs)
