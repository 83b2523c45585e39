"""`galien discounts contracts`: brought in, listed, checked against the ceilings, all from files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders.commands import Workplace
from tests.builders.contracts import AUTUMN

pytestmark = pytest.mark.django_db(transaction=True)
PRICE_LIST = "lab;since;code;remise %\nBêta;2026-01-01;3400930000021;12\nBêta;2026-01-01;34009;5\n"


@pytest.fixture
def place(tmp_path: Path) -> Workplace:
    found = Workplace(tmp_path / "work", here=True)
    header = "finess,name,department,typology,size_band,banner,lgo,group\n"
    pharmacies = tmp_path / "pharmacies.csv"
    pharmacies.write_text(header + "750100018,P,75,T,S,B,L,Groupe\n", encoding="utf-8")
    assert found.run("pharmacies", "import", pharmacies).code == 0
    return found


def test_files_are_brought_in_listed_and_checked(place: Workplace, tmp_path: Path) -> None:
    contract, prices = tmp_path / "c.yaml", tmp_path / "cgv.csv"
    contract.write_text(AUTUMN, encoding="utf-8")
    prices.write_text(PRICE_LIST, encoding="utf-8")
    ran = place.run("discounts", "contracts", "import", contract, prices)
    assert ran.code == 0, ran.stderr
    assert ran.answer == {
        "files": 2,
        "contracts": 2,
        "clauses": 2,
        "rows": 2,
        "rejected_rows": 1,
        "unknown_products": 1,
    }
    assert "« cgv.csv », ligne 3 : « 34009 » n’est pas un code de produit" in ran.stderr
    again = place.run("discounts", "contracts", "import", contract, prices)
    assert again.answer == ran.answer

    def listed(*options: str) -> list[str]:
        rows = place.run("discounts", "contracts", "list", *options).answer["rows"]
        return [row[0] for row in rows]

    assert listed() == ["Automne", "Bêta"]
    assert listed("--in-force") == ["Bêta"]
    assert listed("--standing", "signed") == ["Automne"]
    checked = place.run("discounts", "contracts", "check").answer
    names = [column["name"] for column in checked["columns"]]
    (row,) = [dict(zip(names, each, strict=True)) for each in checked["rows"]]
    assert (row["reference"], row["class"], row["ceiling"], row["on"]) == (
        "Automne",
        "generic",
        0.3,
        "2025-09-15",
    )
    assert round(row["excess"], 6) == 0.02
    assert "Bouches-du-Rhône" in row["source"]


def test_of_two_groups_one_is_named(place: Workplace, tmp_path: Path) -> None:
    pharmacies, contract = tmp_path / "p.csv", tmp_path / "c.yaml"
    pharmacies.write_text(
        "finess,name,department,typology,size_band,banner,lgo,group\n"
        "750000018,Du Port,75,,,,,Groupe B\n",
        encoding="utf-8",
    )
    contract.write_text(AUTUMN, encoding="utf-8")
    assert place.run("pharmacies", "import", pharmacies).code == 0
    unsaid = place.run("discounts", "contracts", "import", contract)
    assert unsaid.code == 2 and "« Groupe B »" in unsaid.stderr
    said = place.run("discounts", "contracts", "import", contract, "--organisation", "groupe b")
    assert said.code == 0, said.stderr
    assert place.run("discounts", "contracts", "list").answer["rows"][0][-1] == "Groupe B"
    wrong = place.run("discounts", "contracts", "import", contract, "--organisation", "Autre")
    assert wrong.code == 2 and "Aucune organisation" in wrong.stderr


def test_one_bad_file_keeps_nothing_of_any(place: Workplace, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(AUTUMN, encoding="utf-8")
    bad.write_text(AUTUMN.replace("rate: 32 %", "rate: 320 %"), encoding="utf-8")
    ran = place.run("discounts", "contracts", "import", good, bad)
    assert ran.code == 2
    assert "« bad.yaml ». Ligne 9, contrat « Automne », clause « Remise », rate" in ran.stderr
    assert place.run("discounts", "contracts", "list").answer["rows"] == []
