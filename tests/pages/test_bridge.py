"""From till to accounts on the page: case 1171 typed in the address, and the facts of a year."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

import pytest

from tests.builders import fec
from tests.builders.workspace import FINESS, Desk, sale_rows

PAGE = "/gestion/rapprochement"
OLD = f"pharmacie={FINESS[0]}&exercice={fec.LAST}"
NEW = f"pharmacie={FINESS[0]}&exercice=2026-10-31"
TILL = "till_goods=1+973+470,58&till_rentals=27332,03"
THIS_YEAR = (
    ("707000", "Ventes", "-60000"),
    ("607200", "Achats", "30000"),
    ("609700", "RRR", "-500"),
)


def keep(
    finess: str, first: dt.date, last: dt.date, rows: tuple[tuple[str, str, str], ...]
) -> None:
    """Keep a year of accounts: account, label, balance (charges positive)."""
    from galien.records.models import AccountingYear, YearTotal

    year = AccountingYear.objects.create(
        pharmacy_id=finess, first_day=first, last_day=last, origin="fec",
        received_at=dt.datetime(2026, 11, 20, tzinfo=dt.UTC),
    )  # fmt: skip
    for account, label, text in rows:
        amount = Decimal(text)
        YearTotal.objects.create(
            year=year, account=account, label=label, debit=max(amount, Decimal(0)),
            credit=max(-amount, Decimal(0)), opening_debit=0, opening_credit=0,
        )  # fmt: skip


@pytest.fixture
def booked(desk: Desk) -> Desk:
    """The owner's pharmacy with case 1171 and the four months of its sale lines."""
    merged = {account: (account, label, text) for account, label, text in fec.CASE_1171}
    keep(FINESS[0], fec.FIRST, fec.LAST, tuple(merged.values()))
    keep(FINESS[0], dt.date(2026, 7, 1), dt.date(2026, 10, 31), THIS_YEAR)
    return desk


def words(content: bytes) -> str:
    """Return the text of a page, spaces plain."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", content.decode()))


def test_case_1171_typed_in_the_address(booked: Desk) -> None:
    page = words(booked.client("titulaire").get(f"{PAGE}?{OLD}&{TILL}").content)
    for figure in ("2 000 802,61", "2 022 349,14", "21 546,53", "1,08 %"):
        assert figure in page


def test_the_till_is_read_from_the_sale_lines(booked: Desk) -> None:
    excl = sum((Decimal(str(row[12])) for row in sale_rows(FINESS[0])), Decimal(0))
    page = words(booked.client("titulaire").get(f"{PAGE}?{NEW}").content)
    assert f"{excl:,.2f}".replace(",", " ").replace(".", ",") in page
    assert "Marge et locations de la caisse" in page
    assert "Ce que rapporte et coûte une vente" in page


def test_without_lines_the_page_says_what_to_type(booked: Desk) -> None:
    page = words(booked.client("titulaire").get(f"{PAGE}?{OLD}").content)
    assert "saisissez le chiffre de la caisse" in page


def test_a_mistake_is_said_beside_its_field(booked: Desk) -> None:
    page = words(booked.client("titulaire").get(f"{PAGE}?{OLD}&gap_cut_off=beaucoup").content)
    assert "« beaucoup » n’est pas un nombre" in page


@pytest.mark.parametrize("style", ["csv", "xlsx"])
def test_the_bridge_is_exported(booked: Desk, style: str) -> None:
    answer = booked.client("titulaire").get(f"{PAGE}?{OLD}&{TILL}&format={style}")
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")


def test_without_accounts_the_page_says_how_to_bring_them(desk: Desk) -> None:
    page = words(desk.client("titulaire").get(PAGE).content)
    assert "Déposez le fichier des écritures comptables" in page


def test_a_neighbour_does_not_read_the_accounts_of_another(booked: Desk) -> None:
    assert booked.client("voisin").get(f"{PAGE}?{OLD}").status_code == 404
