"""`galien discounts pairs`: keys, order and sentences, on tables typed by people."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders.commands import Ran, galien

PURCHASES = """
equivalence,quantity,list_amount,discount_rate
A,10,100.00,0.10
B,5,50.00,0.2
C,7,33.33,0.05
"""
OFFERS = """
lab;equivalence;discount_rate;extra_rate
X;A;0,30;0,05
Y;A;40 %;
Y;B;0,1;0
X;Q;0,1;0
"""
KEYS = [
    "first", "second", "first_products", "second_products", "remainder_products", "first_discount",
    "first_extra", "second_discount", "second_extra", "remainder_discount", "total",
]  # fmt: skip


def pairs(folder: Path, *options: str, offers: str = OFFERS, purchases: str = PURCHASES) -> Ran:
    bought, offered = folder / "P.csv", folder / "O.csv"
    bought.write_text(purchases.lstrip(), "utf-8")
    offered.write_text(offers.lstrip(), "utf-8")
    return galien(
        "discounts", "pairs", "--purchases", bought, "--offers", offered, "--format", "json",
        "--workspace", folder / "w", *options,
    )  # fmt: skip


def test_pairs_come_best_first_with_their_five_amounts(tmp_path: Path) -> None:
    done = pairs(tmp_path)
    answer = done.answer
    assert [list(row) for row in answer["rows"]] == [KEYS, KEYS]
    assert [list(row.values()) for row in answer["rows"]] == [
        ["Y", "X", 2, 0, 1, 45, 0, 0, 0, 1.67, 46.67],
        ["X", "Y", 1, 1, 1, 30, 5, 5, 0, 1.67, 41.67],
    ]
    assert (answer["products"], answer["list_amount"]) == (3, 183.33)
    assert answer["milliseconds"] > 0
    assert answer["coverage"][0]["first_products_share"] == pytest.approx(2 / 3)
    assert "équivalences absentes des achats (Q)" in done.stderr
    assert not (tmp_path / "w").exists()


def test_equal_totals_come_in_order_of_names(tmp_path: Path) -> None:
    answer = pairs(tmp_path, "--assign", "best", "--remainder", "10 %").answer
    assert [(row["first"], row["total"]) for row in answer["rows"]] == [("X", 48.33), ("Y", 48.33)]
    assert len(pairs(tmp_path, "--top", "1").answer["rows"]) == 1


@pytest.mark.parametrize(
    ("offers", "sentence"),
    [
        ("lab,equivalence,discount_rate\nX,A,0.1\n\nX,A,0.2\n", "ligne 4 : « X » a déjà une offre"),
        ("lab,equivalence,discount_rate\nX,A,NC\n", "ligne 2 : « NC » n’est pas un nombre"),
        ("lab,equivalence,discount_rate\nX,A,\n", "ligne 2 : la case discount_rate est vide"),
        ("lab,equivalence,discount_rate\nX,A,25\n", "un rapport : 0,25 pour 25 %"),
        ("lab,equivalence\nX,A\n", "colonne discount_rate"),
    ],
)
def test_a_mistake_is_told_with_its_line(offers: str, sentence: str, tmp_path: Path) -> None:
    done = pairs(tmp_path, offers=offers)
    assert (done.code, done.stdout) == (2, "")
    assert sentence in done.stderr


def test_an_equivalence_bought_twice_is_told_with_both_lines(tmp_path: Path) -> None:
    done = pairs(tmp_path, purchases=PURCHASES + "A,1,1.00,0\n")
    assert done.code == 2
    assert "ligne 5 : l’équivalence « A » figure déjà à la ligne 2" in done.stderr


def test_a_rate_is_a_ratio(tmp_path: Path) -> None:
    done = pairs(tmp_path, "--remainder", "40")
    assert done.code == 2
    assert "écrivez 0,10 ou 10 %" in done.stderr
