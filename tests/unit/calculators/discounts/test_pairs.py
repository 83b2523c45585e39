"""The ranking of pairs of labs, compared with the same rules followed product by product."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from galien.calculators.discounts.exact import Summable
from galien.calculators.discounts.market import Market, Offer, Purchase, market
from galien.calculators.discounts.pairs import (
    Assign,
    Part,
    Remainder,
    Settings,
    parts_of,
    rank_pairs,
)
from galien.kernel.errors import InvalidInput
from tests.builders import pairs_by_hand

D = Decimal
RATES = st.decimals(0, 1, places=4) | st.sampled_from([D(0), D("0.1"), D("0.10"), D("0.2")])
AMOUNTS = st.decimals(-500, 90_000, places=2) | st.decimals(0, 10**9, places=4)


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Purchase], list[Offer], Settings]:
    products = draw(st.lists(st.sampled_from("ABCDEFGH"), unique=True, max_size=8))
    purchases = [
        Purchase(each, D(draw(st.integers(-3, 999))), draw(AMOUNTS), draw(RATES))
        for each in products
    ]
    cells = st.tuples(
        st.sampled_from(["Arrow", "Biogaran", "EG", "Mylan"]), st.sampled_from("ABCDEFGHZ")
    )
    offers = [
        Offer(lab, equivalence, draw(RATES), draw(RATES))
        for lab, equivalence in draw(st.lists(cells, unique=True, max_size=20))
    ]
    kept = draw(st.sampled_from(Remainder) | RATES)
    return purchases, offers, Settings(draw(st.sampled_from(Assign)), kept)


@given(cases())
@settings(max_examples=150, deadline=None)
def test_every_pair_is_what_decimals_give_product_by_product(
    case: tuple[list[Purchase], list[Offer], Settings],
) -> None:
    purchases, offers, chosen = case
    assert told(market(purchases, offers), chosen) == pairs_by_hand.rows(purchases, offers, chosen)


@given(cases(), st.integers(20, 40))
@settings(max_examples=60, deadline=None)
def test_rates_with_any_number_of_decimals_stay_exact(
    case: tuple[list[Purchase], list[Offer], Settings], places: int
) -> None:
    purchases, offers, chosen = case
    long = D(1).scaleb(-places)
    precise = [Offer(e.lab, e.equivalence, e.discount_rate + long) for e in offers]
    laid = market(purchases, precise)
    assert told(laid, chosen) == pairs_by_hand.rows(purchases, precise, chosen)


def told(laid: Market, chosen: Settings) -> list[pairs_by_hand.Row]:
    return [
        (
            -each.total,
            each.first_lab,
            each.second_lab,
            figures(each.first),
            figures(each.second),
            figures(each.remainder),
        )
        for each in rank_pairs(laid, chosen).pairs()
    ]


def figures(part: Part) -> pairs_by_hand.Part:
    return (part.products, part.quantity, part.list_amount, part.discount, part.extra)


@given(cases())
@settings(max_examples=100, deadline=None)
def test_the_products_of_each_part_are_those_counted(
    case: tuple[list[Purchase], list[Offer], Settings],
) -> None:
    purchases, offers, chosen = case
    laid = market(purchases, offers)
    for each in rank_pairs(laid, chosen).pairs():
        places = laid.labs.index(each.first_lab), laid.labs.index(each.second_lab)
        whose = parts_of(laid, *places, chosen.assign)
        counts = [int((whose == part).sum()) for part in (1, 2, 0)]
        assert counts == [each.first.products, each.second.products, each.remainder.products]


def test_letting_the_better_take_each_product_never_costs() -> None:
    bought = [Purchase("A", D(1), D(100), D(0)), Purchase("B", D(1), D(100), D(0))]
    offers = [
        Offer("X", "A", D("0.10")), Offer("X", "B", D("0.30")),
        Offer("Y", "A", D("0.20")), Offer("Y", "B", D("0.10"), D("0.20")),
    ]  # fmt: skip
    laid = market(bought, offers)
    by_first = rank_pairs(laid, Settings()).pairs()
    by_best = rank_pairs(laid, Settings(Assign.BEST)).pairs()
    assert [(each.first_lab, each.total) for each in by_first] == [("Y", D(50)), ("X", D(40))]
    # B brings 30 % with either lab: the first of the pair keeps it.
    assert [(each.first_lab, each.first.products) for each in by_best] == [("X", 1), ("Y", 2)]
    assert {each.total for each in by_best} == {50}


def test_an_amount_is_rounded_once_after_the_sum() -> None:
    bought = [Purchase(each, D(1), D("0.10"), D("0.05")) for each in "ABC"]
    offers = [Offer("X", each, D("0.04")) for each in "AB"] + [Offer("Y", "Z", D("0.5"))]
    best = rank_pairs(market(bought, offers)).pairs()[0]
    assert (best.first.discount, best.remainder.discount) == (D("0.01"), D("0.01"))
    assert best.total == D("0.02")


def test_what_comes_twice_is_refused() -> None:
    bought = Purchase("A", D(1), D(1), D(0))
    with pytest.raises(InvalidInput, match="figure deux fois"):
        market([bought, bought], [])
    with pytest.raises(InvalidInput, match="deux offres"):
        market([bought], [Offer("X", "A", D(0)), Offer("X", "A", D("0.1"))])


def test_an_offer_for_what_nobody_buys_counts_nowhere() -> None:
    laid = market([Purchase("A", D(1), D(1), D(0))], [Offer("X", "B", D("0.5"))])
    assert laid.labs == ("X",)
    assert [each.equivalence for each in laid.unknown] == ["B"]
    assert rank_pairs(laid).pairs() == ()


@given(st.lists(st.integers(-(2**61), 2**61), min_size=1, max_size=40), st.data())
def test_a_sum_in_doubles_is_the_sum_of_whole_numbers(
    values: list[int], data: st.DataObject
) -> None:
    picked = data.draw(st.lists(st.booleans(), min_size=len(values), max_size=len(values)))
    whole = np.array([[each] for each in values], np.object_)
    choices = np.array([picked], np.float64)
    expected = sum(each for each, chosen in zip(values, picked, strict=True) if chosen)
    assert Summable.of(whole).picked_by(choices).tolist() == [[expected]]
