"""The contract of `galien stock abc|rotation|value` and `galien prices`: keys to the letter, no workspace."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.builders.commands import Ran, galien_here

Run = Callable[..., Ran]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run a command in a place without workspace, on a file when there is one."""

    def ran(*line: object, **files: str) -> Ran:
        for name, content in files.items():
            (tmp_path / f"{name}.csv").write_text(content)
        there = [tmp_path / str(each)[1:] if str(each).startswith("@") else each for each in line]
        found = galien_here("--workspace", tmp_path / "none", *there, "--format", "json")
        assert not (tmp_path / "none").exists()
        return found

    return ran


ITEMS = (
    "product_code;outgoing_value;stock_value\nP1;500;10\nP2;300;20\nP3;100;500\nP4;60;30\nP5;40;5\n"
)


def test_abc_of_a_file(run: Run) -> None:
    answer = run("stock", "abc", "--items", "@items.csv", items=ITEMS).answer
    assert answer["rows"][0] | {"cumulative_share_stock": 0} == {
        "product_code": "P1",
        "class_outgoing": "A",
        "class_stock": "C",
        "cumulative_share_outgoing": 0.5,
        "cumulative_share_stock": 0,
        "holding": "always",
    }
    assert answer["classes"] == [
        {"class": "A", "products": 2, "share_of_products": 0.4, "share_of_value": 0.8},
        {"class": "B", "products": 2, "share_of_products": 0.4, "share_of_value": 0.16},
        {"class": "C", "products": 1, "share_of_products": 0.2, "share_of_value": 0.04},
    ]


def test_a_line_at_fault_is_named(run: Run) -> None:
    found = run("stock", "abc", "--items", "@items.csv", items=ITEMS + "P1;1;1\n")
    assert found.code == 2
    assert "ligne 7" in found.stderr
    assert "P1" in found.stderr


def test_what_the_disk_refuses_is_said_in_french(run: Run, tmp_path: Path) -> None:
    gone = run("stock", "abc", "--items", "@gone.csv")
    assert (gone.code, "(il n’existe pas)" in gone.stderr) == (2, True)
    folder = run("stock", "abc", "--items", tmp_path)
    assert (folder.code, "(c’est un dossier)" in folder.stderr) == (2, True)


def test_rotation_of_two_amounts(run: Run) -> None:
    found = run("stock", "rotation", "--average-stock", "39", "--cost-of-goods", "360")
    assert found.answer["days"] == 39
    assert round(found.answer["turns"], 4) == 9.2308
    assert run("stock", "rotation", "--average-stock", "39").code == 2


def test_value_of_a_file_by_every_method(run: Run) -> None:
    stock = (
        "product_code,quantity,average_cost,last_cost,public_price_incl,vat_rate,theoretical_margin\n"
        "1,100,6.50,6.60,10.60,0.06,0.31\n2,20,12,12,24.20,0.21,0.35\n"
    )
    line = ("stock", "value", "--on", "2025-08-31", "--items", "@stock.csv", "--method", "fiscal")
    answer = run(*line, stock=stock).answer
    assert answer["value"] == 950
    told = {each["method"]: (each["value"], each["difference"]) for each in answer["methods"]}
    assert told == {"weighted": (890, 0), "last": (900, 10), "fifo": (900, 10), "fiscal": (950, 60)}


def test_the_fiscal_method_is_told_to_be_over(run: Run) -> None:
    stock = "product_code,quantity\n1,1\n"
    line = ("stock", "value", "--on", "2025-09-30", "--items", "@stock.csv", "--method", "fiscal")
    assert "30 septembre 2025" in run(*line, stock=stock).stderr


def test_a_cost_below_zero_is_refused(run: Run) -> None:
    stock = "product_code;quantity;average_cost\nP1;10;-2\n"
    found = run("stock", "value", "--on", "2026-02-28", "--items", "@stock.csv", stock=stock)
    assert (found.code, found.stdout) == (2, "")
    assert "ligne 2, colonne average_cost : un prix n’est pas négatif" in found.stderr


def test_margin_of_a_price(run: Run) -> None:
    answer = run("prices", "margin", "--cost", "28", "--price", "40", "--vat", "0.2").answer
    assert {name: round(value, 4) for name, value in answer.items()} == {
        "price_excl": 40,
        "price_incl": 48,
        "margin": 12,
        "margin_rate": 0.3,
        "markup_rate": 0.4286,
        "factor": 1.4286,
    }


def test_price_of_a_margin(run: Run) -> None:
    answer = run("prices", "margin", "--cost", "10", "--margin", "0.45").answer
    assert (answer["price_excl"], answer["price_incl"]) == (18.18, None)
    assert (answer["margin_rate"], round(answer["factor"], 4)) == (0.45, 1.8182)
    assert run("prices", "margin", "--cost", "10", "--margin", "1").code == 2
    assert run("prices", "margin", "--cost", "10", "--price", "12", "--vat", "20").code == 2


def test_a_policy_is_tried_on_a_file(run: Run, tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(
        "name: Essai\nrounding: x9\nelasticity: -1\ncategories:\n  - {name: Tout, margin: 30 %}\n"
    )
    items = (
        "product_code;cost;vat_rate;price_incl;quantity;nature;reimbursable\n"
        "A;10;0,20;15,00;100;other;\nB;3;0,021;4,00;9;medicine;oui\n"
    )
    out = tmp_path / "prix.csv"
    line = ("prices", "policy", "apply", policy, "--try", "--items", "@items.csv", "--out", out)
    answer = run(*line, items=items).answer
    assert out.read_text("utf-8-sig").splitlines()[1] == ";A;15,00;17,19;Tout : marge 30 %."
    [row] = answer["rows"]
    assert (row["product_code"], row["former_price_incl"], row["price_incl"]) == ("A", 15, 17.19)
    assert answer["exceptions"] == [
        {"reason": "Prix réglementé : il ne se fixe pas.", "products": 1}
    ]
    assert answer["applied"] is False
    # 100 × (17,19 − 15) ÷ 1,2 at constant volume; turnover unmoved at an elasticity of −1.
    assert answer["constant"] == {"turnover": 182.5, "margin": 182.5}
    assert answer["expected"]["turnover"] == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("categories: []", "aucune catégorie"),
        ("categories: [{name: x}]", "catégorie « x »"),
        ("categories: [{name: x, margin: 1, factor: 2}]", "un seul des trois"),
        ("categories: [{name: x, margin: 130 %}]", "marge sous 1"),
        ("categories: [{name: x, margin: 30 %, were: {}}]", "were"),
        ("rounding: x7\ncategories: [{name: x, margin: 30 %}]", "x7"),
        ("a: [", "YAML"),
    ],
)
def test_a_policy_at_fault_is_explained(run: Run, tmp_path: Path, text: str, said: str) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(text)
    items = "product_code,cost,vat_rate\nA,10,0.2\n"
    found = run("prices", "policy", "apply", policy, "--try", "--items", "@items.csv", items=items)
    assert found.code == 2
    assert said in found.stderr


HARD = """\
name: Dur
rounding:
  - {from: 0, ending: x9}
  - {from: 5, ending: five_cents}
  - {from: 10, ending: 90, way: down}
categories:
  - {name: Tout, margin: 30 %, floor_margin: 5 %}
ceilings: {CEIL: 9.00}
floors: {FLOOR: 20.00}
rebates: [{category: Tout, rate: 10 %, floor_margin: 25 %}]
"""
HARD_ITEMS = """\
product_code;cost;vat_rate;price_incl;quantity;maximum_incl;minimum_incl;reimbursable;nature
ZERO;0;0,2;3;10;;;;
NOVAT;10;0;15,00;100;;;;
TINY;0,02;0,2;0,04;1000;;;;
CEIL;8;0,2;9,5;10;;;;
FLOOR;8;0,2;12;10;;;;
MAXMIN;5;0,2;8;10;7;8;;
EDGE;2,92;0,2;5;10;;;;
REG;3;0,021;4;9;;;oui;medicine
SAME;10;0,2;16,90;5;;;;
"""


def test_hard_products_are_priced_or_left_with_a_reason(run: Run, tmp_path: Path) -> None:
    policy = tmp_path / "hard.yaml"
    policy.write_text(HARD)
    answer = run("prices", "propose", policy, "--items", "@items.csv", items=HARD_ITEMS).answer
    found = {row["product_code"]: row for row in answer["rows"]}
    assert {code: row["price_incl"] for code, row in found.items()} == {
        "ZERO": None,
        "NOVAT": 13.9,  # 10 ÷ 0,7 = 14,29 without tax, down to ,90
        "TINY": 0.09,  # 0,02 ÷ 0,7 × 1,2 = 0,034: there is no ,x9 under it
        "CEIL": None,  # 8 ÷ 0,95 × 1,2 = 10,11 over the ceiling of 9
        "FLOOR": 20.9,  # from 13,71 up to 20, in ,90
        "MAXMIN": None,
        "EDGE": 5,  # 5,006 stands in the band that begins at 5
        "REG": None,
        "SAME": 16.9,
    }
    assert (answer["changed"], answer["unchanged"], answer["exception"]) == (3, 2, 4)
    assert "nul" in found["ZERO"]["reason"]
    assert "plancher dépasse" in found["CEIL"]["reason"]
    assert "Relevé au plancher" in found["FLOOR"]["reason"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("A;-1;;", "colonne price_incl : -1 est négatif"),
        ("A;;;", "la case price_incl est vide"),
        ("A;abc;;", "n’est pas un nombre"),
        ("A;3;-2;", "colonne cost : -2 est négatif"),
        ("A;3;2;1,2", "n’est pas un taux"),
        ("A;3;2;-0,2", "n’est pas négatif"),
    ],
)
def test_a_wrong_cell_is_named_with_its_line(run: Run, line: str, said: str) -> None:
    prices = f"product_code;price_incl;cost;vat_rate\n{line}\n"
    found = run("prices", "check", "@prices.csv", prices=prices)
    assert found.code == 2
    assert "ligne 2" in found.stderr
    assert said in found.stderr


def test_a_price_over_its_lpp_limit_is_refused_with_the_text(run: Run) -> None:
    prices = (
        "product_code;price_incl;cost;vat_rate;nature;reimbursable;lpp_maximum_incl\n"
        "OVER;41,00;20;0,055;device;oui;40,99\nAT;40,99;20;0,055;device;oui;40,99\n"
    )
    [row] = run("prices", "check", "@prices.csv", prices=prices).answer["rows"]
    assert (row["product_code"], row["code"], row["standing"]) == ("OVER", "above_lpp", "refused")
    assert "L. 165-3" in row["sentence"]


def test_prices_of_a_file_are_checked_refusals_first(run: Run) -> None:
    prices = (
        "product_code,price_incl,cost,vat_rate,nature,reimbursable,maximum_incl,advised_incl,quantity\n"
        "A,11.99,10,0.2,other,,,,5\nB,45,20,0.2,device,oui,41,,7\nC,30,20,0.2,other,,,50,9\n"
    )
    answer = run("prices", "check", "@prices.csv", prices=prices).answer
    assert (answer["prices"], answer["refused"], answer["doubted"]) == (3, 2, 1)
    assert [(row["product_code"], row["code"]) for row in answer["rows"]] == [
        ("B", "above_maximum"),
        ("A", "under_cost"),
        ("C", "far_from_advised"),
    ]


COUNTED = (
    "product_code;label;quantity;public_price_incl;vat_rate;theoretical_margin;average_cost\n"
    "0012345;Médicament;100;10,60;6 %;31 %;6,50\n3000017;Crème;20;24,20;21 %;35 %;12\n"
)


def test_belgium_s_inventory_comes_as_two_summaries_each_of_its_own_method(
    run: Run, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    answer = run("stock", "inventory", "@counted.csv", "--out", out, counted=COUNTED).answer
    assert [(each["method"], each["value"]) for each in answer["summaries"]] == [
        ("fiscal", 950),
        ("weighted", 890),
    ]
    assert answer["overstatement"] == 60
    texts = {path.name: path.read_text("utf-8-sig") for path in out.iterdir()}
    assert sorted(texts) == [
        "inventaire-2025-08-31-cout-moyen-pondere.csv",
        "inventaire-2025-08-31-methode-fiscale.csv",
    ]
    fiscal = texts["inventaire-2025-08-31-methode-fiscale.csv"]
    assert "950,00" in fiscal
    assert "890,00" not in fiscal
    assert "moyen" not in fiscal


def test_a_pharmacy_at_weighted_average_cost_sends_one(run: Run) -> None:
    line = ("stock", "inventory", "@counted.csv", "--weighted-before")
    answer = run(*line, counted=COUNTED).answer
    assert [each["method"] for each in answer["summaries"]] == ["weighted"]
    assert answer["overstatement"] == 0
