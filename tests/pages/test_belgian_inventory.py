"""The inventory of the change of method: two totals and their gap, two documents, a method locked."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest

from tests.builders.workspace import FINESS, Desk

PLACE, OTHER = "990017", "990025"
ADDRESS = "/stock/inventaire-belge"
# The example of docs/methods/stock.md: 690 + 260 = 950 against 650 + 240 = 890.
TABLE = (
    "product_code;quantity;public_price_incl;vat_rate;theoretical_margin;average_cost;label\n"
    "0012344;100;10,60;6 %;31 %;6,50;Produit A\n"
    "0012351;20;24,20;21 %;35 %;12;Produit B\n"
)


def text_of(answer: Any) -> str:
    words = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", words.replace("\u00a0", " ").replace("\u202f", " "))


@pytest.fixture
def client(desk: Desk) -> Any:
    """A browser of the owner of a Belgian pharmacy; another one is not theirs."""
    from galien.records.models import Membership, Organisation, Pharmacy, Role, User

    for number in (PLACE, OTHER):
        company = Organisation.objects.create(name=f"Officine {number}", kind="pharmacy")
        Pharmacy.objects.create(finess=number, name=f"Pharmacie {number}", organisation=company)
    owner = User.objects.create_user("belge", password="galien", display_name="Bart Belge")
    mine = Organisation.objects.get(pharmacy=PLACE)
    Membership.objects.create(user=owner, organisation=mine, role=Role.OWNER)
    return desk.client("belge")


def send(client: Any, **more: str) -> Any:
    data = {"pharmacie": PLACE, "methode": "fiscal", "tableau": TABLE, **more}
    return client.post(ADDRESS, data, follow=True)


def test_both_values_and_what_the_former_method_overstated(client: Any) -> None:
    assert "Déposer l’inventaire compté" in text_of(client.get(ADDRESS))
    page = text_of(send(client))
    assert "950,00 € HTVA, 2 produits" in page
    assert "890,00 € HTVA, 2 produits" in page
    assert "60,00 € de trop à la méthode fiscale" in page
    assert "À partir du 30" in page


def test_a_file_takes_the_place_of_the_inventory_before(client: Any) -> None:
    send(client)
    file = io.BytesIO(TABLE.replace(";100;", ";10;").encode())
    file.name = "compte.csv"
    page = text_of(client.post(ADDRESS, {"pharmacie": PLACE, "fichier": file}, follow=True))
    assert "329,00 € HTVA" in page


def test_each_summary_says_nothing_of_the_other_method(client: Any) -> None:
    from python_calamine import CalamineWorkbook

    send(client)
    answer = client.get(f"{ADDRESS}/fiscal.xlsx?pharmacie={PLACE}")
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    cells = [cell for sheet in sheets for row in sheet for cell in row]
    assert 950 in cells
    assert 890 not in cells
    assert not any("moyen" in str(cell) for cell in cells)
    pdf = client.get(f"{ADDRESS}/weighted.pdf?pharmacie={PLACE}")
    assert pdf.content.startswith(b"%PDF")
    assert "cout-moyen-pondere.pdf" in pdf["Content-Disposition"]


def test_a_pharmacy_at_weighted_average_cost_sends_one(client: Any) -> None:
    page = text_of(send(client, methode="weighted"))
    assert "890,00 € HTVA" in page
    assert "Surévaluation" not in page
    assert client.get(f"{ADDRESS}/fiscal.pdf?pharmacie={PLACE}").status_code >= 400


def test_once_locked_the_method_changes_no_more(client: Any) -> None:
    send(client)
    page = client.post(f"{ADDRESS}/arreter", {"pharmacie": PLACE}, follow=True)
    assert "Méthode arrêtée" in text_of(page)
    assert "Remplacer" not in text_of(page)
    assert send(client).status_code == 404
    again = client.post(f"{ADDRESS}/arreter", {"pharmacie": PLACE}, follow=True)
    assert "est arrêté pour cette pharmacie" in text_of(again)


def test_a_wrong_table_is_told_by_its_line(client: Any) -> None:
    answer = send(client, tableau=TABLE.replace("6,50", "six"))
    assert answer.status_code == 400
    assert "ligne 2" in text_of(answer).lower()
    assert "Choisissez le fichier" in text_of(send(client, tableau=""))


@pytest.mark.parametrize("number", [OTHER, FINESS[0], "abc"])
def test_another_s_pharmacy_does_not_exist(client: Any, number: str) -> None:
    assert client.get(f"{ADDRESS}?pharmacie={number}").status_code == 404
    assert send(client, pharmacie=number).status_code == 404
    locked = client.post(f"{ADDRESS}/arreter", {"pharmacie": number})
    assert locked.status_code == 404


def test_only_who_reads_a_belgian_pharmacy_has_the_page(desk: Desk) -> None:
    assert desk.client("titulaire").get(ADDRESS).status_code == 404
    assert ADDRESS not in desk.client("titulaire").get("/").content.decode()
