"""The pages of pay and of a tried law: figures, choices kept in the address, mistakes said."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal
from pathlib import Path

import pytest

from tests.builders.commands import galien
from tests.builders.workspace import FINESS, Desk, boxes, days_of

PAY, TRY = "/gestion/remuneration", "/gestion/loi/essai"
SCALE = "parametre=mdl_scale&de=0&taux=20&de=10&taux=5"


def rows(content: bytes) -> list[dict[str, str]]:
    """Read a CSV export."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def sold(finess: str) -> list[int]:
    """Count the boxes of the two medicines of prescriptions."""
    return [sum(boxes(finess, day, rank) for day in days_of(finess)) for rank in range(2)]


def test_the_margin_of_a_pharmacy_is_that_of_its_boxes(desk: Desk) -> None:
    answer = desk.client("titulaire").get(f"{PAY}?par=pharmacy&format=csv")
    assert answer.status_code == 200
    (row,) = rows(answer.content)
    first, second = sold(FINESS[0])
    # 3,80 €: 0,191 + 0,1323; 15,60 €: 0,191 + 0,9583.
    expected = first * Decimal("0.3233") + second * Decimal("1.1493")
    shown = next(value for name, value in row.items() if name.startswith("Marge réglementée"))
    assert shown == f"{expected:.2f}".replace(".", ",")


def test_the_page_tells_structure_fees_and_law(desk: Desk) -> None:
    page = desk.client("titulaire").get(PAY).content.decode()
    for words in (
        "Structure de la rémunération", "Honoraires dus et facturés", "Référence 2020",
        "l’âge du patient n’est jamais gardé", "Marge dégressive lissée",
    ):  # fmt: skip
        assert words in page


def test_the_choices_are_kept_in_the_links(desk: Desk) -> None:
    page = desk.client("acheteur").get(f"{PAY}?par=pharmacy&period=last-month").content.decode()
    assert f"{PAY}?period=last-12-months&amp;par=pharmacy" in page
    one = desk.client("acheteur").get(f"{PAY}?pharmacie={FINESS[1]}").content.decode()
    assert re.search(rf'<option value="{FINESS[1]}" selected', one)


@pytest.mark.parametrize("query", ["par=colour", "pharmacie=999999999", "period=demain"])
def test_a_stranger_in_the_address_is_refused(desk: Desk, query: str) -> None:
    assert desk.client("acheteur").get(f"{PAY}?{query}").status_code == 400


def test_a_neighbour_cannot_choose_the_pharmacy_of_another(desk: Desk) -> None:
    assert desk.client("voisin").get(f"{PAY}?pharmacie={FINESS[0]}").status_code == 400


@pytest.mark.parametrize("style", ["csv", "xlsx", "parquet", "svg"])
def test_both_pages_are_exported_and_drawn(desk: Desk, style: str) -> None:
    client = desk.client("acheteur")
    for path in (f"{PAY}?format={style}", f"{TRY}?{SCALE}&format={style}"):
        assert client.get(path).status_code == 200


def test_a_tried_scale_is_priced_on_the_boxes_sold(desk: Desk) -> None:
    answer = desk.client("titulaire").get(f"{TRY}?{SCALE}&format=csv")
    (row,) = rows(answer.content)
    first, second = sold(FINESS[0])
    # 3,80 €: 20 %; 15,60 €: 20 % to 10 €, 5 % above.
    expected = first * Decimal("0.76") + second * Decimal("2.28")
    shown = next(v for n, v in row.items() if n.startswith("Marge réglementée, proposition"))
    assert shown == f"{expected:.2f}".replace(".", ",")


def test_the_form_opens_on_the_values_in_force_with_their_source(desk: Desk) -> None:
    page = desk.client("titulaire").get(TRY).content.decode()
    assert 'value="1930"' in page
    assert "Le Moniteur des pharmacies" in page
    assert "Effet de la proposition" not in page


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("parametre=fee_hd_excl&valeur=abc", "n’est pas un nombre positif"),
        ("parametre=discount_ceiling_generic&valeur=130", "dépasse 100"),
        ("parametre=mdl_scale&de=5&taux=10", "commencent à 0"),
        ("parametre=mdl_scale&de=0&taux=10&de=0&taux=5", "commencent à 0"),
    ],
)
def test_a_mistake_is_said_beside_the_form(desk: Desk, query: str, words: str) -> None:
    answer = desk.client("titulaire").get(f"{TRY}?{query}")
    assert answer.status_code == 200
    assert words in answer.content.decode()


def test_an_unknown_parameter_is_refused(desk: Desk) -> None:
    assert desk.client("titulaire").get(f"{TRY}?parametre=age_du_capitaine").status_code == 400


@pytest.mark.parametrize("by", ["pharmacy", "product_class", "price_slice", "month"])
def test_each_breakdown_shows_the_effect(desk: Desk, by: str) -> None:
    page = desk.client("acheteur").get(f"{TRY}?{SCALE}&par={by}").content.decode()
    assert "Effet de la proposition" in page
    assert f"par={by}" in page


OVERLAY = """
label: "Barème proposé"
country: FR
topic: pharmacist_margin
unit: ratio
values:
  - since: 2026-01-01
    value:
      - {from: "0", rate: "0.2"}
      - {from: "10", rate: "0.05"}
    source: {title: "Proposition"}
    checked_on: 2026-11-21
"""


def test_the_command_tries_a_folder_of_values(small_workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "mdl_scale.yaml").write_text(OVERLAY, encoding="utf-8")
    common = ("--workspace", small_workspace, "--format", "json", "--on", "2026-11-21")
    line = ("law", "what-if", "--overlay", tmp_path, "--period", "2026-08", "--by", "pharmacy")
    answer = galien(*common, *line)
    assert answer.code == 0, answer.stderr
    totals = answer.answer["totals"]
    change = totals["regulated_margin_proposed"] - totals["regulated_margin"]
    assert totals["regulated_margin_effect"] == pytest.approx(change, abs=0.011)
    assert totals["regulated_margin_effect"] > 0
    assert {row[0] for row in answer.answer["rows"]} == set(FINESS)


def test_the_command_says_what_is_not_a_folder(small_workspace: Path) -> None:
    answer = galien("--workspace", small_workspace, "law", "what-if", "--overlay", "/nulle/part")
    assert answer.code == 2
    assert "n’est pas un dossier" in answer.stderr
