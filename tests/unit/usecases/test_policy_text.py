"""A price policy written as YAML reads back the same, and what a file may say is read strictly."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from galien.calculators.pricing.arithmetic import Ending, Rounding, RoundingBand, Way
from galien.calculators.pricing.effect import Response
from galien.calculators.pricing.policy import Category, ImageRule, Policy, Target
from galien.calculators.pricing.rebates import RebateRule
from galien.kernel.errors import InvalidInput
from galien.usecases.prices.policy_file import Volumes, WrittenPolicy, policy_of
from galien.usecases.prices.policy_text import policy_text

BARE = "categories: [{name: Tout, margin: 30 %}]\n"
names = st.text("abé: #'\"-%0123[]{}&*!|>?@`", min_size=1, max_size=12).map(str.strip).filter(bool)
codes = st.text("0123456789", min_size=7, max_size=13)
rates = st.decimals("0", "0.99", places=4)
prices = st.decimals("0", "500", places=2)


@st.composite
def categories(draw: st.DrawFn) -> Category:
    starts = sorted(draw(st.sets(st.integers(1, 500), max_size=3)))
    aims = st.one_of(
        rates.map(lambda rate: {"margin_rate": rate}),
        st.decimals("0.5", "9", places=3).map(lambda factor: {"factor": factor}),
    )
    targets = tuple(Target(Decimal(start), **draw(aims)) for start in (0, *starts))
    where = draw(
        st.dictionaries(st.sampled_from(("lab", "brand")), st.frozensets(names, min_size=1))
    )
    ways = st.sampled_from(Way)
    rounding = draw(
        st.none()
        | st.builds(
            lambda ending, way: Rounding((RoundingBand(Decimal(0), ending, way),)),
            st.sampled_from(Ending),
            ways,
        )
    )
    return Category(draw(names), targets, where, draw(rates), rounding)


@given(
    parts=st.lists(categories(), min_size=1, max_size=3),
    image=st.frozensets(codes, max_size=2),
    bounds=st.dictionaries(codes, prices, max_size=2),
    response=st.none() | st.builds(Response, st.decimals("-5", "5", places=2), rates),
    gap=st.decimals("-0.2", "0.2", places=3),
    passed_on=rates,
    rate=rates,
)
def test_a_policy_written_reads_back_the_same(
    *,
    parts: list[Category],
    image: frozenset[str],
    bounds: dict[str, Decimal],
    response: Response | None,
    gap: Decimal,
    passed_on: Decimal,
    rate: Decimal,
) -> None:
    written = WrittenPolicy(
        Policy("Été : 2026", tuple(parts), Rounding(), ImageRule(gap), image),
        image=image,
        floors=bounds,
        response=response,
        volumes=Volumes.ASSUMED if response else Volumes.CONSTANT,
        rebates=(RebateRule(parts[0].name, rate, category=parts[0].name),),
        passed_on=passed_on,
    )
    assert replace(policy_of(policy_text(written)), text="") == written


def test_volumes_are_measured_assumed_or_constant() -> None:
    assert policy_of(BARE).volumes is Volumes.NETWORK
    assert policy_of(BARE + "elasticity: network").volumes is Volumes.NETWORK
    assert policy_of(BARE + "elasticity: none").volumes is Volumes.CONSTANT
    found = policy_of(BARE + "elasticity: -0,8")
    assert (found.volumes, found.response) == (Volumes.ASSUMED, Response(Decimal("-0.8")))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("floors: {A: 5}\nceilings: {A: 4.50}", "le plancher, 5,00"),
        ("ceilings: {A: 4,50}", "avec un point"),
        ("image: {gap: 2,5}", "avec un point"),
        ("floors: {A: -1}", "n’est pas négatif"),
        ("rebates: [{category: Toux, rate: 5 %}]", "« Tout »"),
        ("passed_on: 120 %", "part de 0 à 100"),
        ("elasticity: {value: -1, standard_error: -1}", "n’est pas négative"),
        ("turnover: 1e999999\nfixed_costs: 1", "hors de toute mesure"),
        ("image: {gap: 1e-999999}", "hors de toute mesure"),
    ],
)
def test_a_file_that_cannot_hold_is_refused_in_french(more: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        policy_of(BARE + more)
