"""`galien accounts vat-b`: the worked example from a file, and files that cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders.commands import galien_here

EXAMPLE = """
rates:
  0.055: {coefficient: 1.529}
  0.196:
    families:
      - {name: Parapharmacie, share: 0.30, markup: 0.60}
      - {name: Bébé, share: 0.30, markup: 0.45}
      - {name: Matériel, share: 0.40, markup: 0.35}
months:
  - {month: 2013-03, receipts: 100000, purchases: {0.055: 10000, 0.196: 5000}}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "tva.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.django_db
def test_the_worked_example(tmp_path: Path) -> None:
    ran = galien_here("accounts", "vat-b", written(tmp_path, EXAMPLE), "--format", "json")
    assert ran.code == 0, ran.stderr
    parts = ran.answer["parts"]
    assert [round(part["incl"]) for part in parts] == [16131, 8701, 75168]
    assert [round(part["excl"]) for part in parts] == [15290, 7275, 73622]
    assert round(sum(part["incl"] for part in parts), 2) == 100000
    assert ran.answer["months"][0]["month"] == "2013-03"
    assert "déclaration préalable" in ran.stderr


@pytest.mark.django_db
def test_a_short_file_and_a_year_end(tmp_path: Path) -> None:
    text = (
        "coefficients: {'0.055': 1.5}\nreceipts: 10000\npurchases: {0.055: 1000}\n"
        "year_end:\n  opening_stock: {0.021: 800, 0.055: 200}\n  closing_stock: "
        "{0.021: 500, 0.055: 500}\n"
    )
    ran = galien_here("accounts", "vat-b", written(tmp_path, text), "--format", "json")
    assert ran.code == 0, ran.stderr
    reduced, low = ran.answer["year_end"]
    assert reduced["adjusted"] and reduced["difference"] == -474.75  # 300 × 1,055 × 1,5
    assert low["difference"] == 474.75


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "est vide"),
        ("a: [", "YAML"),
        ("taux: 3", "Clé inconnue : « taux »"),
        ("months: 3", "il faut une liste"),
        ("months: [{purchases: {0.055: 1}}]", "il manque « receipts »"),
        ("receipts: -5", "nombre positif"),
        ("{receipts: 5, coefficients: {5.5: 1.2}}", "0.055 pour 5,5"),
        ("{receipts: 5, purchases: {0.055: 1}}", "Aucun coefficient"),
        ("rates: {0.055: {families: [{share: 1}]}}", "soit « markup »"),
        ("{receipts: 5, year_end: {opening_stock: {0.021: 1}}}", "closing_stock"),
        ("coefficients: {0.055: 1.5}", "Aucun mois"),
    ],
)
def test_a_mistake_is_told_with_what_to_do(tmp_path: Path, text: str, said: str) -> None:
    ran = galien_here("accounts", "vat-b", written(tmp_path, text))
    assert ran.code == 2
    assert said in ran.stderr


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    ran = galien_here("accounts", "vat-b", tmp_path / "rien.yaml")
    assert ran.code == 2 and "introuvable" in ran.stderr
