"""Classes of a panel: the handbook's rules, judged by rules written a second time by hand."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from galien.calculators.accounting.classification import (
    INPUTS,
    MAJORITY,
    OLD_RULES,
    PLURALITY,
    Member,
    classify,
    rules_of,
)
from galien.calculators.accounting.panel import crossed, groups
from galien.kernel.errors import InvalidInput, NotAvailable
from galien.law import Law

LAW = Law.load()
ON = dt.date(2018, 1, 31)
CASE_1171 = {
    "turnover": Decimal("2043037.20"),
    "ebe_restated": Decimal("330258.05"),
    "global_gross_margin": Decimal("674389.30"),
    "balance_margin": Decimal("556402.81"),
    "vat21_purchase_share": Decimal("0.8354"),
    "prescription_counter_ratio": Decimal("2.0215"),
    "pmo": Decimal("46.05"),
}


def by_hand(values: dict[str, Decimal | None], rule: str) -> tuple[str, str, str]:
    """Class a pharmacy as a reader of the handbook does, with plain ifs."""
    turnover, ebe = values["turnover"], values["ebe_restated"]
    margin, bilan = values["global_gross_margin"], values["balance_margin"]
    high = low = known = 0
    for value, bottom, top in (
        (turnover, 1_600_000, 1_900_000),
        (ebe / turnover if ebe is not None and turnover else None, "0.115", "0.135"),
        (ebe, 200_000, 300_000),
        (margin / turnover if margin is not None and turnover else None, "0.31", "0.33"),
        (bilan, 500_000, 600_000),
        (margin, 550_000, 650_000),
    ):
        if value is not None:
            known += 1
            high += value > Decimal(top)
            low += value < Decimal(bottom)
    if known == 0:
        old = "unknown"
    elif rule == "plurality":
        old = "positive" if high > low else "negative" if low > high else "intermediate"
    else:
        old = "positive" if high >= 4 else "negative" if low >= 4 else "intermediate"
    share, ratio, pmo = (values[n] for n in INPUTS[4:])
    above = [
        share is not None and share > Decimal("0.8"),
        ratio is not None and ratio > Decimal("1.9"),
        pmo is not None and pmo > 43,
    ]
    below = [
        share is not None and share < Decimal("0.7"),
        ratio is not None and ratio < Decimal("1.6"),
        pmo is not None and pmo < 40,
    ]
    if share is None and ratio is None and pmo is None:
        new = "unknown"
    else:
        new = "positive" if sum(above) >= 2 else "negative" if sum(below) >= 2 else "intermediate"
    return old, new, model_by_hand(pmo, ratio)


def model_by_hand(pmo: Decimal | None, ratio: Decimal | None) -> str:
    if pmo is None or ratio is None:
        return "unknown"
    if pmo >= 43 and ratio >= Decimal("1.85"):
        return "liberal"
    if int(pmo + Decimal("0.5")) <= 40 and ratio <= Decimal("1.22"):
        return "commercial"
    return "mixed"


def random_values(source: random.Random) -> dict[str, Decimal | None]:
    def drawn(bottom: float, top: float, places: int) -> Decimal | None:
        if source.random() < 0.12:
            return None
        edge = source.random() < 0.2
        return Decimal(
            str(
                round(
                    source.choice((bottom, top))
                    if edge
                    else source.uniform(bottom - (top - bottom), top * 2 - bottom),
                    places,
                )
            )
        )

    return {
        "turnover": drawn(1_600_000, 1_900_000, 2),
        "ebe_restated": drawn(200_000, 300_000, 2),
        "global_gross_margin": drawn(550_000, 650_000, 2),
        "balance_margin": drawn(500_000, 600_000, 2),
        "vat21_purchase_share": drawn(0.7, 0.8, 4),
        "prescription_counter_ratio": drawn(1.22, 1.9, 2),
        "pmo": drawn(40, 43, 1),
    }


@pytest.mark.parametrize("rule", OLD_RULES)
@pytest.mark.parametrize("seed", range(200))
def test_random_pharmacies_are_classed_as_by_hand(seed: int, rule: str) -> None:
    rules = rules_of(LAW, on=ON, old_rule=rule)
    source = random.Random(seed)
    for _ in range(20):
        values = random_values(source)
        found = classify(Member("x", values), rules)
        assert (found.old.outcome, found.new.outcome, found.model) == by_hand(values, rule), values


def test_pharmacy_1171_is_positive_and_liberal_its_33_009_percent_being_above_33() -> None:
    found = classify(Member("1171", CASE_1171), rules_of(LAW, on=ON))
    assert (found.old.outcome, found.new.outcome, found.model) == (
        "positive",
        "positive",
        "liberal",
    )
    assert found.old.within == ("balance_margin",)
    assert len(found.old.deciding) == 5
    assert found.new.deciding == ("vat21_purchase_share", "prescription_counter_ratio", "pmo")


@pytest.mark.parametrize(
    ("pmo", "ratio", "model"),
    [
        ("43", "1.85", "liberal"),
        ("42.99", "1.85", "mixed"),
        ("40.49", "1.22", "commercial"),
        ("40.5", "1.22", "mixed"),
        ("39", "1.23", "mixed"),
    ],
)
def test_the_model_at_its_edges(pmo: str, ratio: str, model: str) -> None:
    values = {"pmo": Decimal(pmo), "prescription_counter_ratio": Decimal(ratio)}
    assert classify(Member("x", values), rules_of(LAW, on=ON)).model == model


def test_bounds_belong_to_the_band() -> None:
    values = {"turnover": Decimal(1_900_000), "ebe_restated": Decimal(200_000)}
    found = classify(Member("x", values), rules_of(LAW, on=ON))
    assert found.old.within == ("turnover", "ebe_restated")
    assert found.old.low == ("ebe_restated_rate",)
    assert found.new.outcome == "unknown"


def test_equal_counts_are_intermediate_and_a_majority_needs_four() -> None:
    values = dict(
        CASE_1171,
        turnover=Decimal(1_000_000),
        ebe_restated=Decimal(100_000),
        global_gross_margin=None,
        balance_margin=Decimal(700_000),
    )
    low_three = Member("x", values)
    assert classify(low_three, rules_of(LAW, on=ON, old_rule=PLURALITY)).old.outcome == "negative"
    assert (
        classify(low_three, rules_of(LAW, on=ON, old_rule=MAJORITY)).old.outcome == "intermediate"
    )
    even = Member("y", {"turnover": Decimal(2_000_000), "balance_margin": Decimal(1)})
    assert classify(even, rules_of(LAW, on=ON, old_rule=PLURALITY)).old.outcome == "intermediate"


def test_a_short_year_is_brought_to_twelve_months() -> None:
    half = Member("x", {n: v / 2 if n in INPUTS[:4] else v for n, v in CASE_1171.items()}, months=6)
    whole = Member("x", CASE_1171)
    rules = rules_of(LAW, on=ON)
    assert half.annualised and not whole.annualised
    assert classify(half, rules).old == classify(whole, rules).old


@given(st.permutations(list(CASE_1171)), st.integers(0, 1000))
def test_neither_the_order_of_columns_nor_of_rows_counts(order: list[str], seed: int) -> None:
    source = random.Random(seed)
    members = [Member(str(n), random_values(source)) for n in range(7)]
    shuffled = [Member(m.id, {name: m.values[name] for name in order}, m.months) for m in members]
    source.shuffle(shuffled)
    rules = rules_of(LAW, on=ON)
    first = {m.id: classify(m, rules).old for m in members}
    assert {m.id: classify(m, rules).old for m in shuffled} == first
    found, again = ([classify(m, rules) for m in each] for each in (members, shuffled))
    assert groups(found) == groups(again) and crossed(found) == crossed(again)


def test_the_rate_of_a_group_is_the_ratio_of_its_sums() -> None:
    big = Member("a", {"turnover": Decimal(3_000_000), "global_gross_margin": Decimal(600_000)})
    small = Member("b", {"turnover": Decimal(1_000_000), "global_gross_margin": Decimal(400_000)})
    rules = rules_of(LAW, on=ON)
    panel = groups([classify(each, rules) for each in (big, small)])[0]
    assert panel.rates["global_margin_rate"] == Decimal("0.25")
    assert panel.means["global_margin_rate"] == Decimal("0.3")
    assert panel.medians["turnover"] == 2_000_000


def test_every_member_is_in_one_cell_of_the_two_sets() -> None:
    source = random.Random(4)
    rules = rules_of(LAW, on=ON)
    found = [classify(Member(str(n), random_values(source)), rules) for n in range(60)]
    assert sum(crossed(found).values()) == 60
    assert sum(g.members for g in groups(found) if g.by == "old_set") == 60


def test_what_cannot_be_classed_is_said() -> None:
    with pytest.raises(InvalidInput, match="majority-of-four"):
        rules_of(LAW, on=ON, old_rule="majority")
    with pytest.raises(NotAvailable, match="inconnue au"):
        rules_of(LAW, on=dt.date(2010, 1, 1))
