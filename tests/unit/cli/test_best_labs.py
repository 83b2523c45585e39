"""`galien discounts optimise`: keys of the contract, tolerant files, French refusals."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders.commands import Ran, galien_here

PURCHASES = """\
equivalence,quantity,list_amount,discount_rate,lab,class
x,600,6000,0.10,A,generic
y,300,3000,0.10,,generic
z,100,1000,0.10,,
"""
OFFERS = """\
lab,equivalence,discount_rate,extra_rate
A,x,0.20,
A,y,0.20,
B,y,0.30,0.01
B,z,0.30,
"""
RULES = """\
months: 12
labs:
  A: {monthly_threshold: 700}
switching_cost: 10
"""


def optimised(folder: Path, rules: str, *options: object, purchases: str = PURCHASES) -> Ran:
    for name, text in (("p.csv", purchases), ("o.csv", OFFERS), ("r.yaml", rules)):
        (folder / name).write_text(text, encoding="utf-8")
    return galien_here(
        "discounts", "optimise", "--purchases", folder / "p.csv", "--offers", folder / "o.csv",
        "--rules", folder / "r.yaml", *options, "--format", "json",
    )  # fmt: skip


def test_the_keys_are_those_of_the_contract(tmp_path: Path) -> None:
    ran = optimised(tmp_path, RULES)
    assert ran.code == 0, ran.stderr
    assert {"labs", "total", "bound", "gap", "assignment", "runner_up"} <= set(ran.answer)
    assert ran.answer["labs"] == ["A", "B"]
    # x stays at A for nothing, y joins it to reach 8 400 € a year, z goes to B.
    assert ran.answer["total"] == ran.answer["bound"] == 1200 + (600 - 10) + (300 - 10)
    assert ran.answer["gap"] == 0
    assert [(each["equivalence"], each["lab"]) for each in ran.answer["assignment"]] == [
        ("x", "A"), ("y", "A"), ("z", "B"),
    ]  # fmt: skip
    assert ran.answer["runner_up"]["labs"] == ["A"]
    assert ran.answer["runner_up"]["total"] == 1200 + (600 - 10) + 100
    assert "2 080,00" in ran.stderr.replace("\u202f", " ")


def test_no_rules_is_no_file_or_an_empty_one(tmp_path: Path) -> None:
    assert optimised(tmp_path, "").answer["total"] == 1200 + 930 + 300


def test_legal_ceilings_are_those_of_the_day(tmp_path: Path) -> None:
    """In September 2025 a generic could be given 30 % at most: the extra point is not counted."""
    ran = optimised(tmp_path, "ceilings: law\n", "--on", "2025-09-15")
    assert ran.answer["total"] == 1200 + 900 + 300


def test_sensitivity_is_told_when_asked(tmp_path: Path) -> None:
    ran = optimised(tmp_path, "maximum_labs: 1\n", "--sensitivity")
    assert ran.answer["labs"] == ["A"]
    assert ran.answer["clauses"][0]["clause"] == "maximum_labs"
    assert ran.answer["clauses"][0]["worth"] == 2430 - 1900
    assert [each["lab"] for each in ran.answer["entries"]] == ["B"]


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ("maximum_lab: 2", "« maximum_labs »"),
        ("labs: {A: {monthly_treshold: 2}}", "« monthly_threshold »"),
        ("labs: {Aa: {cost: 2}}", "Aa"),
        ("labs: [A", "pas du YAML"),
        ("- A", "clé: valeur"),
    ],
)
def test_rules_that_are_wrong_are_refused_in_french(tmp_path: Path, rules: str, said: str) -> None:
    ran = optimised(tmp_path, rules)
    assert ran.code == 2
    assert said in ran.stderr
    assert not ran.stdout
