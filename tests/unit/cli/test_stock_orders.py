"""`galien stock orders`: shelves typed by people, lines explained, one order a supplier."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders.commands import Ran, galien_here

SHELVES = """
product_code;label;daily_demand;on_hand;minimum;maximum;multiple;expires_on;list_price;tiers;class
GTT;Collyre;0,5;1;2;20;3;;4,00;;A
OK;Assez;0,5;40;;;;;3,00;;A
PER;Périme;2;30;;;;2026-11-23;6,00;60:5% 200:8%;B
"""
OFFERS = """
supplier;product_code;net_price;lead_days
Grossiste;GTT;4,00;0,5
Grossiste;PER;6,00;0,5
Labo;PER;5,40;4
Labo;GTT;4,05;4
"""
SUPPLIERS = """
supplier;shipping_fee;free_from;payment_days
Labo;12;200;60
"""


def orders(folder: Path, *options: object, shelves: str = SHELVES) -> Ran:
    (folder / "r.csv").write_text(shelves.lstrip(), "utf-8")
    (folder / "o.csv").write_text(OFFERS.lstrip(), "utf-8")
    (folder / "s.csv").write_text(SUPPLIERS.lstrip(), "utf-8")
    return galien_here(
        "stock",
        "orders",
        "--shelves",
        folder / "r.csv",
        *options,
        "--on",
        "2026-11-22",
        "--format",
        "json",
    )


def test_only_what_is_due_is_ordered_and_says_why(tmp_path: Path) -> None:
    done = orders(tmp_path)
    assert done.code == 0, done.stderr
    rows = {row["product_code"]: row for row in done.answer["rows"]}
    assert set(rows) == {"GTT", "PER"}
    assert rows["GTT"]["quantity"] == 21
    assert "arrondi au multiple de 3 (maximum 20)" in rows["GTT"]["reason"]
    assert rows["PER"]["position"] == 2
    assert "28 en stock périment avant d’être vendus" in rows["PER"]["reason"]


def test_lines_are_shared_between_suppliers(tmp_path: Path) -> None:
    given = ("--offers", tmp_path / "o.csv", "--suppliers", tmp_path / "s.csv")
    answer = orders(tmp_path, *given).answer
    assert {row["supplier"] for row in answer["rows"]} <= {"Grossiste", "Labo"}
    assert sum(each["amount"] for each in answer["orders"]) == pytest.approx(
        sum(row["amount"] for row in answer["rows"])
    )
    soon = orders(tmp_path, *given, "--within", 1).answer
    assert {row["supplier"] for row in soon["rows"]} == {"Grossiste"}
    assert "seul à pouvoir livrer" in soon["rows"][0]["reason"]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (";A\nOK", ";D\nOK", "A, B ou C"),
        ("60:5%", "60=5%", "ne se lit pas"),
        ("OK;Assez;0,5;40", "GTT;Assez;0,5;40", "figure deux fois"),
        ("OK;Assez;0,5;40", "OK;Assez;;40", "la case daily_demand est vide"),
        ("OK;Assez;0,5;40", "OK;Assez;0,5;-4", "négatif"),
    ],
)
def test_a_wrong_cell_is_named(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    done = orders(tmp_path, shelves=SHELVES.replace(old, new))
    assert (done.code, done.stdout) == (2, "")
    assert sentence in done.stderr
