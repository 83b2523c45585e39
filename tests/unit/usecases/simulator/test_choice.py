"""Pairs, labs and their brief on a ground of three products, worked by hand."""

from __future__ import annotations

import itertools
import random
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from galien.calculators.discounts.market import Offer
from galien.calculators.discounts.optimum.problem import Bought
from galien.calculators.discounts.pairs import Assign, Remainder
from galien.kernel.errors import InvalidInput
from galien.usecases.simulator.asked import Asked, Costs, read_asked
from galien.usecases.simulator.document import pdf, sections
from galien.usecases.simulator.ground import Fees, cost_of, rules_of
from galien.usecases.simulator.labs import choose, costs, digest, left_out, study_of, switched
from galien.usecases.simulator.negotiation import briefs
from galien.usecases.simulator.pairs import lines, rank, searched
from galien.usecases.simulator.plain import study_from_plain, study_to_plain
from tests.builders.labs import ground

D = Decimal
FREE = Asked(costs=Costs(orders=D(0)))


@pytest.mark.parametrize(
    "asked",
    [
        Asked(),
        Asked(
            period="2026", pharmacies=("750100018", "750100026"), same_box=False, excess=True,
            extras=False, clauses=False, exclusivity="toutes", assign=Assign.BEST,
            remainder=D("0.125"), costs=Costs(order=D("1.5"), disputes=D(3)), maximum=3,
            excluded=("É & fils",), imposed=("Zydus",), switching=D("2.5"), service=D("0.95"),
            served=(("Arrow", D("0.97")),), coverage=D("0.1"),
        ),
        Asked(remainder=Remainder.ZERO, maximum=0),
    ],
)  # fmt: skip
def test_settings_survive_an_address(asked: Asked) -> None:
    assert read_asked(parse_qsl(urlencode(asked.pairs()))) == asked


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"attribution": "dernier"}, "premier, mieux"),
        ({"maximum": "deux"}, "nombre de laboratoires"),
        ({"commande": "-1"}, "nombre positif"),
        ({"reliquat": "taux", "taux": "120"}, "dépasse 100 %"),
        ({"exclu": "A", "impose": "A"}, "à la fois imposé et écarté"),
        ({"servi": "Arrow 97"}, "Arrow=97"),
    ],
)
def test_a_wrong_setting_is_said(words: dict[str, str], said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        read_asked(words.items())


def test_what_dealing_with_a_lab_costs() -> None:
    """12 months, 2 pharmacies, 2 orders: 48 orders at 4 + 1 + 5 % of 20 €, and fees."""
    fees = Fees(order=D(3), invoice=D(1), dispute=D(20), yearly=D(100), joining=D(50))
    assert cost_of(fees, Costs(order=D(1)), ground()) == 48 * 6 + 100 + 50


def test_a_pair_with_its_tier_and_its_costs() -> None:
    """A first: 28 % of 9 000 €, then z at B, whose 48 orders cost 1 € each."""
    found = rank(ground(), Asked())
    best = found.pairs[0]
    assert (best.pair.first_lab, best.pair.total, best.cost) == ("A", D(2820), D(48))
    assert best.net == 2820 - 48
    assert searched(found, "", "a")[0].pair.second_lab == "A"


def test_the_products_of_each_part_add_up() -> None:
    found = rank(ground(), FREE)
    pair = found.pair("B", "A")
    parts = {part: lines(found, pair, part) for part in ("premier", "second", "reliquat")}
    assert [line.label for line in parts["premier"]] == ["Ypsol 2 mg", "Zétol 3 mg"]
    assert sum(line.discount for line in parts["premier"]) == pair.pair.first.discount
    assert parts["reliquat"] == ()
    with pytest.raises(InvalidInput):
        lines(found, pair, "tiers")


def test_an_excluded_lab_is_in_no_pair() -> None:
    assert rank(ground(), Asked(excluded=("A",))).pairs == ()


def test_whom_to_sign_with() -> None:
    chosen = choose(ground(), Asked())
    assert chosen.optimum.best.labs == ("A", "B")
    assert chosen.optimum.best.total == 2520 + 300 - 48
    assert chosen.gain == 2772 - 1000
    assert (switched(chosen), costs(chosen), left_out(chosen)) == (1, D(48), ())
    assert chosen.proved


def test_the_choice_is_never_worse_than_the_pairs_that_keep_the_clauses() -> None:
    draw = random.Random(7)
    for _ in range(25):
        here = drawn(draw)
        asked = Asked(assign=draw.choice([*Assign]))
        best = choose(here, asked).optimum.best.total
        fair = [each.net for each in rank(here, asked).pairs if not _breaks(each)]
        assert best >= max(fair, default=D(0)) - D("0.03")


def _breaks(each: Any) -> bool:
    return bool(each.breached or each.first.billed_back or each.second.billed_back)


def test_the_choice_equals_enumeration_with_ties_and_nothing_offered() -> None:
    draw = random.Random(11)
    for _ in range(25):
        here = drawn(draw, clauses=False)
        found = choose(here, FREE).optimum.best.total
        given = {(each.lab, each.equivalence): each.discount_rate for each in here.offers}
        best = D(0)
        for labs in itertools.product((None, *here.names), repeat=len(here.bought)):
            rates = [
                product.discount_rate if lab is None else given.get((lab, product.equivalence))
                for product, lab in zip(here.bought, labs, strict=True)
            ]
            if None not in rates:
                euros = (p.list_amount * (r or 0) for p, r in zip(here.bought, rates, strict=True))
                best = max(best, sum(euros, D(0)))
        assert abs(found - best) <= D("0.005")


def drawn(draw: random.Random, *, clauses: bool = True) -> Any:
    """Draw four products (some of no value, many ties) and three labs, one with one offer at most."""
    bought = tuple(
        Bought(code, D(1), D(draw.choice([0, 10, 10, 40])), D(draw.choice([0, 1, 2])) / 10)
        for code in "wxyz"
    )
    offers = [
        Offer(lab, code, D(draw.choice([0, 2, 2, 3])) / 10)
        for lab, often in (("A", 0.9), ("B", 0.7), ("C", 0.2))
        for code in "wxyz"
        if draw.random() < often
    ] or [Offer("A", "w", D("0.1"))]
    changes: dict[str, Any] = {"bought": bought, "offers": tuple(offers), "fees": {}}
    return ground(**changes) if clauses else ground(**changes, labs={})


def test_a_study_is_kept_as_text_and_read_back() -> None:
    told: list[str] = []
    asked = Asked(maximum=1)
    study = study_of(ground(), asked, lambda _, what: told.append(what))
    assert study_from_plain(study_to_plain(study)) == study
    assert {each.key: each.worth for each in study.clauses}["maximum_labs"] == 2772 - 2620
    assert [each.lab for each in study.entries] == ["B"]
    assert told[0] == "Choix des laboratoires"
    again = choose(ground(), asked, study)
    assert again.optimum == choose(ground(), asked).optimum


def test_another_figure_is_another_study() -> None:
    same = digest(ground(), Asked()), digest(ground(), Asked())
    assert len(set(same)) == 1
    others = {digest(ground(), Asked(maximum=2)), digest(ground(months=D(6)), Asked())}
    assert len({*same, *others}) == 3


def test_exclusivities_hold_as_asked() -> None:
    here = ground(exclusive={"A": "signed", "B": "offer"})
    held = {
        words: [lab for lab in "AB" if rules_of(here, Asked(exclusivity=words)).lab(lab).exclusive]
        for words in ("offres", "toutes", "aucune")
    }
    assert held == {"offres": ["B"], "toutes": ["A", "B"], "aucune": []}


def test_a_lab_that_offers_nothing_cannot_be_imposed() -> None:
    with pytest.raises(InvalidInput, match="n’offre rien"):
        choose(ground(), Asked(imposed=("Sandoz",)))


def test_what_to_ask_of_a_lab() -> None:
    chosen = choose(ground(), Asked())
    of_a, of_b = briefs(chosen)
    assert (of_a.lab, of_a.bought, of_a.offered, of_a.given) == (
        "A", D(9000), D(9000), D(9000),
    )  # fmt: skip
    assert of_a.facing[0].label == "Ypsol 2 mg"
    assert of_a.facing[0].short == 300
    assert "300 €" in of_a.asks[0].replace("\u202f", " ")
    assert of_b.best_rate == D("0.2")


def test_a_page_for_one_lab_names_no_other() -> None:
    page = sections(choose(ground(), Asked()), ("A",))
    assert page["summary"] is None
    assert [each["lab"] for each in page["labs"]] == ["A"]
    assert pdf(choose(ground(), Asked()))[:4] == b"%PDF"
