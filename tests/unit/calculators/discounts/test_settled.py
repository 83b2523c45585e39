"""The clauses of labs applied to pairs, compared with the same rules followed product by product."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from galien.calculators.discounts.market import Offer, Purchase, market
from galien.calculators.discounts.optimum.rules import Rules, read_rules
from galien.calculators.discounts.pairs import Assign, Settings, rank_pairs
from galien.calculators.discounts.settled import Settled, settle

D = Decimal
LABS = ("A", "B", "C")
CODES = "vwxyz"
THREE = [Purchase(code, D(1), D(amount), D("0.1")) for code, amount in
         (("x", "6000"), ("y", "3000"), ("z", "1000"))]  # fmt: skip
TWO_LABS = [Offer("A", "x", D("0.2")), Offer("A", "y", D("0.2")),
            Offer("B", "y", D("0.3")), Offer("B", "z", D("0.3"))]  # fmt: skip


def best(rules: Any, assign: Assign = Assign.FIRST) -> tuple[Settled, ...]:
    ranking = rank_pairs(market(THREE, TWO_LABS), Settings(assign))
    return settle(ranking, read_rules(rules), assign=assign)


def test_without_clauses_the_ranking_is_unchanged() -> None:
    ranking = rank_pairs(market(THREE, TWO_LABS))
    assert [each.pair for each in settle(ranking, Rules(), assign=Assign.FIRST)] == [
        *ranking.pairs()
    ]


def test_under_its_threshold_a_lab_gives_nothing() -> None:
    """B alone with z buys 1 000 € a year: under 100 € a month its 300 € are billed back."""
    found = best({"labs": {"B": {"monthly_threshold": 100}}})
    assert [(each.pair.first_lab, each.net) for each in found] == [("B", D(2400)), ("A", D(1800))]
    assert found[1].second.missing == 200
    assert found[1].second.billed_back


def test_a_tier_adds_its_rate_to_the_whole_part() -> None:
    found = best({"labs": {"A": {"tiers": [{"from": 9000, "rate": "0.08"}]}}})
    assert (found[0].pair.first_lab, found[0].first.tier, found[0].net) == ("A", D(720), D(2820))
    assert found[0].pair.first.extra == 720


def test_a_tier_stops_at_the_ceiling() -> None:
    found = best(
        {
            "labs": {"A": {"tiers": [{"from": 9000, "rate": "0.08"}]}},
            "ceilings": {"generic": "0.25"},
            "classes": {"x": "generic"},
        }
    )
    assert found[0].first.tier == 6000 * 5 // 100 + 240


def test_what_dealing_with_a_lab_costs_is_taken_off() -> None:
    found = best({"labs": {"A": {"cost": 700}, "B": {"cost": 50}}})
    assert [(each.pair.first_lab, each.cost, each.net) for each in found] == [
        ("B", D(750), D(1650)), ("A", D(750), D(1350)),
    ]  # fmt: skip


def test_an_exclusivity_that_a_pair_breaks_is_told() -> None:
    """B wants y and z; with A first it is left z alone."""
    found = {each.pair.first_lab: each for each in best({"labs": {"B": {"exclusive": True}}})}
    assert found["A"].second.breached
    assert not found["B"].breached


RATES = st.integers(0, 9).map(lambda each: D(each) / 20)
Case = tuple[list[Purchase], list[Offer], dict[str, Any], Assign]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw a few products (some of no value), labs (some with no offer) and clauses of each."""
    codes = CODES[: draw(st.integers(1, 5))]
    amounts = st.sampled_from(["0", "0.05", "10", "10", "33.33", "60"])
    purchases = [Purchase(code, D(1), D(draw(amounts)), draw(RATES)) for code in codes]
    offers = [
        Offer(lab, code, draw(RATES), draw(RATES) / 10)
        for lab in LABS
        for code in (*codes, "elsewhere")
        if draw(st.booleans())
    ]
    labs: dict[str, Any] = {
        lab: {
            "yearly_threshold": draw(st.sampled_from([0, 10, 50])),
            "minimum": draw(st.sampled_from([0, 0, 30])),
            "cost": draw(st.sampled_from([0, 1, "2.5"])),
            "tiers": draw(st.sampled_from([[], [{"from": 0, "rate": "0.01"}],
                          [{"from": 20, "rate": "0.021"}, {"from": 60, "rate": "0.1"}]])),
        }
        for lab in LABS
    }  # fmt: skip
    rules = {
        "labs": labs,
        "ceilings": draw(st.sampled_from([{}, {"generic": "0.3"}])),
        "classes": {code: "generic" for code in codes if draw(st.booleans())},
    }
    return purchases, offers, rules, draw(st.sampled_from(Assign))


def part_by_hand(
    lab: str, taken: Sequence[tuple[Purchase, Offer]], rules: dict[str, Any]
) -> tuple[Decimal, Decimal]:
    """Return what a lab gives on what it takes, and what it costs."""
    asked = rules["labs"][lab]
    if not taken:
        return D(0), D(0)
    volume = sum((bought.list_amount for bought, _ in taken), D(0))
    if volume < max(asked["yearly_threshold"], asked["minimum"]):
        return D(0), D(asked["cost"])
    rates = [D(tier["rate"]) for tier in asked["tiers"] if tier["from"] <= volume]
    tier = max(rates, default=D(0))
    sums = [D(0), D(0), D(0)]
    for bought, offer in taken:
        ceiling = D("0.3") if bought.equivalence in rules["classes"] and rules["ceilings"] else None
        room = tier
        if ceiling is not None:
            room = max(min(tier, ceiling - offer.discount_rate - offer.extra_rate), D(0))
        for place, rate in enumerate((offer.discount_rate, offer.extra_rate, room)):
            sums[place] += bought.list_amount * rate
    return sum((cents(each) for each in sums), D(0)), D(asked["cost"])


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(D("0.01"), rounding=ROUND_HALF_UP)


@settings(max_examples=200, deadline=None)
@given(cases())
def test_every_pair_is_what_decimals_give_product_by_product(case: Case) -> None:
    purchases, offers, declared, assign = case
    given_ = {(each.lab, each.equivalence): each for each in offers}
    ranking = rank_pairs(market(purchases, offers), Settings(assign))
    found = settle(ranking, read_rules(declared), assign=assign)
    labs = sorted({each.lab for each in offers})
    assert len(found) == len(labs) * (len(labs) - 1)
    assert list(found) == sorted(
        found, key=lambda each: (-each.net, each.pair.first_lab, each.pair.second_lab)
    )
    for each in found:
        first, second = each.pair.first_lab, each.pair.second_lab
        ones, twos, left = [], [], D(0)
        for bought in purchases:
            one = given_.get((first, bought.equivalence))
            two = given_.get((second, bought.equivalence))
            better = (
                one
                and two
                and assign is Assign.BEST
                and two.discount_rate + two.extra_rate > one.discount_rate + one.extra_rate
            )
            if one and not better:
                ones.append((bought, one))
            elif two:
                twos.append((bought, two))
            else:
                left += bought.list_amount * bought.discount_rate
        (a, b), (c, d) = (
            part_by_hand(lab, taken, declared) for lab, taken in ((first, ones), (second, twos))
        )
        assert each.net == a + c + cents(left) - b - d
        assert each.cost == b + d


def test_rules_with_many_decimals_stay_exact() -> None:
    found = best({"labs": {"A": {"tiers": [{"from": 0, "rate": "0." + "1" * 25}]}}})
    by_first = {each.pair.first_lab: each for each in found}
    assert by_first["A"].first.tier == D("1000.00")
