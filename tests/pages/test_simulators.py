"""References, VAT, valuation and acquisition in pages: typed figures, accounts, files, rights."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest

from tests.builders import fec
from tests.builders.workspace import FINESS, Desk

YEAR = f"pharmacie={FINESS[0]}&exercice={fec.LAST}"
METHOD_B = (
    "recettes=100+000&achats55=10000&marge55=52%2C9&achats200=5000&marge200=45%2C5"
    "&debut21=70&debut55=20&debut200=10&fin21=48&fin55=32&fin200=20"
)
PLAN = (
    "prix=1500000&stock=200000&frais=80000&apport=400000&pret=1400000&duree=12&taux=3%2C5&bfr=0"
    "&ordonnances=40000&panier_o=42%2C5&marge_o=29&comptoir=20000&panier_c=11%2C2&marge_c=33"
    "&services=48000&externes=110000&personnel=210000&impots=8000&remuneration=70000&debut=2027"
    "&amortissements=6000&habitants=7000&departement=69&pharmacies=3&achat=parts"
)


def keep_accounts(finess: str) -> None:
    """Keep the accounts of case 1171, and the stock and suppliers of its balance sheet."""
    from galien.records.models import AccountingYear, YearTotal

    year = AccountingYear.objects.create(
        pharmacy_id=finess, first_day=fec.FIRST, last_day=fec.LAST, origin="fec",
        received_at=dt.datetime(2026, 11, 20, tzinfo=dt.UTC),
    )  # fmt: skip
    rows = [
        *fec.CASE_1171,
        ("370021", "Stock 2,1 %", "200000"),
        ("401100", "Fournisseurs X", "-90000"),
    ]
    merged = {account: (label, Decimal(text)) for account, label, text in rows}
    for account, (label, amount) in merged.items():
        YearTotal.objects.create(
            year=year, account=account, label=label, debit=max(amount, Decimal(0)),
            credit=max(-amount, Decimal(0)), opening_debit=0, opening_credit=0,
        )  # fmt: skip


def text_of(answer: Any) -> str:
    words = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", words.replace("\u00a0", " ").replace("\u202f", " "))


def test_warnings_and_references_of_a_year(desk: Desk) -> None:
    keep_accounts(FINESS[0])
    page = text_of(desk.client("titulaire").get(f"/gestion/references?{YEAR}"))
    assert "Marge avec honoraires très haute Alerte 30,7 %" in page
    assert "28,5 % (2006)" in page
    assert "0 autre pharmacie dans cette sélection : il en faut au moins 5" in page
    assert "Ne peut être dit" in page


def test_four_other_pharmacies_are_not_shown_and_five_would_be(desk: Desk) -> None:
    """The rule is the calculator's; the page says how many there are."""
    for finess in FINESS:
        keep_accounts(finess)
    page = text_of(desk.client("titulaire").get(f"/gestion/references?{YEAR}"))
    assert "Pharmacies comparables" not in page


def test_method_b_from_a_form(desk: Desk) -> None:
    page = text_of(desk.client("acheteur").get(f"/gestion/tva?{METHOD_B}"))
    assert "16 130,95 15 290,00" in page
    assert "Total 100 000,00" in page
    assert "Régularisation" in page and "à faire" in page
    assert "déclaration préalable" in page


def test_method_b_says_what_is_wrong(desk: Desk) -> None:
    page = text_of(
        desk.client("acheteur").get("/gestion/tva?recettes=10&achats55=10000&marge55=50")
    )
    assert "dépassent les recettes" in page
    typo = desk.client("acheteur").get("/gestion/tva?recettes=douze")
    assert "« douze » n’est pas un nombre." in text_of(typo)


def test_the_split_of_a_month_adds_up(desk: Desk) -> None:
    page = text_of(desk.client("titulaire").get("/gestion/tva?periode=last-month"))
    assert "TVA collectée" in page and "Non vendu" not in page.split("Méthode B")[1]
    assert "encaissements par moyen de paiement" in page


def test_a_value_from_typed_figures_and_its_file(desk: Desk) -> None:
    client = desk.client("acheteur")
    asked = "ca1=2+043+037%2C20&ebe=330258%2C05&marge=674389%2C30&clients=47606&factures=59977"
    page = text_of(client.get(f"/gestion/valorisation?{asked}"))
    assert "1 552 708" in page and "2 377 858" in page and "1 793 876" in page
    assert "Moyenne de 1 an au lieu de trois." in page
    file = client.get(f"/gestion/valorisation?{asked}&format=csv")
    assert file["Content-Disposition"] == 'attachment; filename="valorisation.csv"'
    assert "Multiple de l’EBE retraité;330258,05;7,20;2377857,96" in file.content.decode(
        "utf-8-sig"
    )
    assert client.get(f"/gestion/valorisation?{asked}&format=xlsx").content[:2] == b"PK"


def test_a_value_is_prefilled_from_the_accounts(desk: Desk) -> None:
    keep_accounts(FINESS[0])
    page = desk.client("titulaire").get(f"/gestion/valorisation?{YEAR}")
    assert 'value="2\u202f043\u202f037,20"' in page.content.decode()


def test_a_plan_typed_by_anybody(desk: Desk) -> None:
    page = text_of(desk.client("acheteur").get(f"/gestion/acquisition?{PLAN}"))
    assert "Chiffre d’affaires HT 1 972 000" in page
    assert "Excédent brut avant titulaire 286 920" in page
    assert "7 000 habitants : le quota y permet 2 pharmacies, il y en a 3" in page
    assert "Rétrocessions, qui gonflent le chiffre d’affaires : à demander au vendeur." in page


def test_a_mistake_in_the_form_is_in_sight(desk: Desk) -> None:
    page = desk.client("acheteur").get(f"/gestion/acquisition?{PLAN}&commune=Saint-Denis")
    assert "donnez le code Insee" in text_of(page)
    assert '<details class="card pad" open>' in page.content.decode()


def test_a_plan_is_prefilled_from_the_accounts(desk: Desk) -> None:
    keep_accounts(FINESS[0])
    page = text_of(desk.client("titulaire").get(f"/gestion/acquisition?{YEAR}"))
    assert "Le plan attend ses chiffres" in page
    assert "À partir de" in page


@pytest.mark.parametrize("path", ["references", "valorisation", "acquisition", "tva"])
def test_another_pharmacy_does_not_exist(path: str, desk: Desk) -> None:
    keep_accounts(FINESS[2])
    answer = desk.client("titulaire").get(f"/gestion/{path}?pharmacie={FINESS[2]}")
    assert answer.status_code == 404


@pytest.mark.parametrize("path", ["references", "valorisation", "acquisition", "tva"])
def test_a_strange_address_is_told(path: str, desk: Desk) -> None:
    answer = desk.client("titulaire").get(f"/gestion/{path}?format=exe")
    assert answer.status_code == 400
