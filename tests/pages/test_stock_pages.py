"""The pages of stock: figures of the small group's shelves, files, rights, nothing to show."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from galien.kernel import french
from tests.builders.workspace import FINESS, LAST, Desk

# Each pharmacy counted 10, 11, 12 and 13 boxes at 3,50 €: 161 €.
ADDRESSES = ("classes", "rotation", "dormants", "valeur")


def text_of(answer: Any) -> str:
    words = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", words.replace("\u00a0", " ").replace("\u202f", " "))


def test_classes_lead_to_the_products_of_a_cell(desk: Desk) -> None:
    client = desk.client("acheteur")
    page = client.get("/stock/classes")
    assert "Classes de sorties et de stock croisées" in page.content.decode()
    link = re.search(r'href="([^"]*classe=[ABC]{2})#produits"', page.content.decode())
    assert link is not None
    cell = client.get(link[1].replace("&amp;", "&"))
    assert "Tous les produits" in text_of(cell)


def test_rotation_stands_beside_shares_by_rate(desk: Desk) -> None:
    page = text_of(desk.client("titulaire").get("/stock/rotation?par=vat_rate"))
    assert "Jours de stock" in page
    assert "2,1 %" in page
    assert "55" in page


def test_value_by_four_methods(desk: Desk) -> None:
    client = desk.client("titulaire")
    page = text_of(client.get(f"/stock/valeur?au={LAST}&marge=30"))
    assert "Coût moyen pondéré (PAMP) 161,00 0,00 4 0" in page
    assert "pour comparaison seulement" in page


def test_what_sleeps_says_its_day_and_its_settings(desk: Desk) -> None:
    client = desk.client("titulaire")
    page = text_of(client.get(f"/stock/dormants?au={LAST}&vue=excedents&couverture=0"))
    assert "Excédents de ce qui se vend" in page
    empty = text_of(client.get(f"/stock/dormants?au={LAST}&vue=retours"))
    assert "Rien à montrer dans cette vue" in empty


@pytest.mark.parametrize("address", ADDRESSES)
def test_each_page_comes_as_a_file(desk: Desk, address: str) -> None:
    answer = desk.client("titulaire").get(f"/stock/{address}?au={LAST}&format=csv")
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]


@pytest.mark.parametrize("address", ["classes", "rotation?par=vat_rate"])
def test_a_file_gives_the_figures_of_the_page(desk: Desk, address: str) -> None:
    client, mark = desk.client("acheteur"), "&" if "?" in address else "?"
    page = text_of(client.get(f"/stock/{address}"))
    content = client.get(f"/stock/{address}{mark}format=csv").content.decode("utf-8-sig")
    lines = [line.split(";") for line in content.splitlines()]
    (shares, *_) = [number for number, line in enumerate(lines) if any("(%)" in c for c in line)]
    heads, first = lines[shares], lines[shares + 1]
    told = [cell for head, cell in zip(heads, first, strict=True) if "(%)" in head and cell]
    assert told
    for cell in told:
        figure = Decimal(cell.replace(",", "."))
        assert french.number(figure, 1) in page or french.number(figure, 0) in page
        assert figure > 1 or figure == 0
    figures = [cell for line in lines for cell in line if re.fullmatch(r"-?\d+,\d+", cell)]
    assert all(len(cell.partition(",")[2]) <= 3 for cell in figures)


@pytest.mark.parametrize("address", ADDRESSES)
def test_another_s_pharmacy_does_not_exist(desk: Desk, address: str) -> None:
    answer = desk.client("titulaire").get(f"/stock/{address}?pharmacie={FINESS[3]}")
    assert answer.status_code == 404


@pytest.mark.parametrize("address", ["dormants", "valeur"])
def test_a_day_without_count_says_what_to_do(desk: Desk, address: str) -> None:
    page = text_of(desk.client("titulaire").get(f"/stock/{address}?au=2020-01-01"))
    assert "Aucun stock à montrer" in page
    wrong = desk.client("titulaire").get(f"/stock/{address}?au=hier")
    assert wrong.status_code == 400


def test_without_a_right_on_purchases_the_last_receipt_is_not_told(desk: Desk) -> None:
    from galien.records.models import Authorisation

    for each in Authorisation.objects.filter(pharmacy=FINESS[0]):
        each.feeds = ["sales", "stock"]
        each.save()
    address = f"/stock/dormants?pharmacie={FINESS[0]}&au={LAST}"
    page = text_of(desk.client("acheteur").get(address))
    assert "Achats non ouverts à vos droits" in page
    assert "161" in page
    assert "Achats non ouverts" not in text_of(desk.client("titulaire").get(address))
