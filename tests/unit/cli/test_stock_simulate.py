"""`galien stock simulate`: the file, what it refuses, and the comparison it prints."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import pytest

from tests.builders.commands import Ran, galien_here

FIRST = dt.date(2026, 1, 1)
FILE = """
sales: ventes.csv
products: produits.csv
from: 2026-03-01
policy: {kind: service, service: {A: 0.99, B: 0.9}, longest_cover: 30}
against:
  - {kind: min-max, minimum_days: 5, maximum_days: 15}
  - {kind: cover, days: 10}
payment_days: 45
costs: {line: 0.25, holding: 0.12}
"""


def simulate(folder: Path, file: str = FILE) -> Ran:
    chance = random.Random(3)
    sales = ["product_code,day,quantity,delivered"]
    for n in range(120):
        for code in "AB":
            sold = chance.randint(0, 4)
            sales.append(f"{code},{FIRST + dt.timedelta(days=n)},{sold},{sold}")
    (folder / "ventes.csv").write_text("\n".join(sales), "utf-8")
    (folder / "produits.csv").write_text(
        "product_code;price;cost;opening;lead_days;multiple;class\nA;5;3;10;2;3;A\nB;8,5;6;4;;;B\n",
        "utf-8",
    )
    (folder / "essai.yaml").write_text(file, "utf-8")
    return galien_here("stock", "simulate", "--policy", folder / "essai.yaml", "--format", "json")


def test_the_policy_stands_beside_simpler_ones_and_what_happened(tmp_path: Path) -> None:
    done = simulate(tmp_path)
    assert done.code == 0, done.stderr
    answer = done.answer
    assert (answer["from"], answer["to"], answer["products"]) == ("2026-03-01", "2026-04-30", 2)
    assert [row["policy"] for row in answer["rows"]] == ["service", "min-max", "cover", "happened"]
    for row in answer["rows"]:
        assert 0.5 < row["service_level"] <= 1
        assert row["lowest_cash"] <= 0
    assert answer["rows"][3]["lost_units"] == 0


def test_without_a_past_it_is_said(tmp_path: Path) -> None:
    done = simulate(tmp_path, "sales: ventes.csv\nproducts: produits.csv\n")
    assert "partent sans rien savoir" in done.stderr
    assert [row["policy"] for row in done.answer["rows"]][:3] == ["service", "min-max", "cover"]


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (FILE + "polic: 3\n", "clé inconnue « polic ». Vouliez-vous dire policy ?"),
        (FILE.replace("days: 10", "dayz: 10"), "Vouliez-vous dire days ?"),
        (FILE.replace("kind: cover", "kind: oracle"), "kind est l’un de"),
        (FILE.replace("2026-03-01", "2027-03-01"), "choisissez from et to"),
        (FILE.replace("45", "-1"), "payment_days"),
        ("sales: ventes.csv\n", "donnez products"),
        ("sales: [", "n’est pas un fichier YAML lisible"),
        (FILE.replace("days: 10", "days: beaucoup"), "un nombre positif"),
        (
            "sales: ventes.csv\nproducts: produits.csv\nagainst: 5\n",
            "against : une liste de politiques",
        ),
        ("sales: ventes.csv\nproducts: produits.csv\ncosts: 4\n", "costs : line et holding"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, file: str, sentence: str) -> None:
    done = simulate(tmp_path, file)
    assert (done.code, done.stdout) == (2, "")
    assert sentence in done.stderr
