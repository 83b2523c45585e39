"""Indicators and classes in pages: the handbook's figures, one's own pharmacies only, forms that keep."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest

from tests.builders import fec
from tests.builders.workspace import FINESS, NAMES, Desk
from tests.golden.case_1171 import CLIENTS, ROWS

YEAR = f"pharmacie={FINESS[0]}&exercice={fec.LAST}"


def keep_accounts(finess: str, *, times: int = 1) -> None:
    """Keep the accounts of case 1171 for a pharmacy, each amount some times over."""
    from decimal import Decimal

    from galien.records.models import AccountingYear, YearTotal

    year = AccountingYear.objects.create(
        pharmacy_id=finess,
        first_day=fec.FIRST,
        last_day=fec.LAST,
        origin="fec",
        received_at=dt.datetime(2026, 11, 20, tzinfo=dt.UTC),
    )
    for account, label, text in fec.CASE_1171:
        amount = Decimal(text) * times
        YearTotal.objects.create(
            year=year,
            account=account,
            label=label,
            debit=max(amount, Decimal(0)),
            credit=max(-amount, Decimal(0)),
            opening_debit=0,
            opening_credit=0,
        )


def sent(**changed: str) -> dict[str, Any]:
    """Return what the form of case 1171 sends."""
    rows = {f"gross_{name}": gross.replace(".", ",") for name, gross, _ in ROWS}
    counts = {f"invoices_{name}": str(count) for name, _, count in ROWS}
    days = {"first_day": str(fec.FIRST), "last_day": str(fec.LAST)}
    return {**rows, **counts, **days, "clients": str(CLIENTS), "fte": "7,5", **changed}


def text_of(answer: Any) -> str:
    words = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", words.replace("\u00a0", " ").replace("\u202f", " "))


def test_the_indicators_of_case_1171_from_a_summary_typed_by_the_owner(desk: Desk) -> None:
    keep_accounts(FINESS[0])
    owner = desk.client("titulaire")
    assert owner.post(f"/gestion/indicateurs/activite?{YEAR}", sent()).status_code == 302
    page = text_of(owner.get(f"/gestion/indicateurs?{YEAR}"))
    for figure in ("46,05 €", "44,07 €", "12,33 €", "2,02", "95,10 %", "84,06 %", "11,24 €",
                   "83,54 %", "79,22 %", "79,66 %", "10,79 %", "282 238 €", "45,00 € (2017)"):  # fmt: skip
        assert figure in page, figure
    assert "bilan d’activité saisi" in page


def test_the_table_comes_out_as_csv(desk: Desk) -> None:
    keep_accounts(FINESS[0])
    content = desk.client("titulaire").get(f"/gestion/indicateurs/export.csv?{YEAR}").content
    text = content.decode("utf-8-sig")
    assert "PCG (performance commerciale globale);282237,96" in text
    assert "bilan d’activité n’est pas fourni" in text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"clients": "70000"}, "chaque client a au moins une facture"),
        ({"gross_counter": "beaucoup"}, "n’est pas un nombre"),
        ({"invoices_counter": ""}, "ou aucun des deux"),
        ({"fte": "-1"}, "nombre positif"),
        ({"last_day": ""}, "choisissez une date"),
    ],
)
def test_a_summary_that_is_wrong_is_kept_nowhere(
    desk: Desk, changed: dict[str, str], said: str
) -> None:
    from galien.records.models import ActivitySummary

    keep_accounts(FINESS[0])
    answer = desk.client("titulaire").post(f"/gestion/indicateurs/activite?{YEAR}", sent(**changed))
    assert answer.status_code == 400
    assert said in text_of(answer)
    assert "1755446,37" in answer.content.decode()
    assert not ActivitySummary.objects.exists()


def test_a_file_fills_the_form_and_is_kept_only_once_checked(desk: Desk) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from galien.records.models import ActivitySummary

    keep_accounts(FINESS[0])
    lines = "\n".join(f"{name};{gross};{count}" for name, gross, count in ROWS)
    file = SimpleUploadedFile("synthese.csv", f"sale_type;gross_incl;invoices\n{lines}\n".encode())
    days = {"first_day": str(fec.FIRST), "last_day": str(fec.LAST)}
    answer = desk.client("titulaire").post(
        f"/gestion/indicateurs/activite?{YEAR}", {**days, "file": file}
    )
    assert "1755446,37" in answer.content.decode()
    assert "à vérifier" in text_of(answer)
    assert not ActivitySummary.objects.exists()


def test_a_summary_is_dropped_by_who_sends_for_the_pharmacy_alone(desk: Desk) -> None:
    from galien.records.models import ActivitySummary

    keep_accounts(FINESS[0])
    address = f"/gestion/indicateurs/activite?{YEAR}"
    desk.client("titulaire").post(address, sent())
    for person in ("voisin", "acheteur"):
        assert desk.client(person).post(address, {"forget": "1"}).status_code == 404
    assert ActivitySummary.objects.count() == 1
    assert desk.client("titulaire").post(address, {"forget": "1"}).status_code == 302
    assert not ActivitySummary.objects.exists()


def test_the_panel_shows_each_person_their_own_pharmacies(desk: Desk) -> None:
    for finess in FINESS[:2]:
        keep_accounts(finess)
    address = "/gestion/classification?annee=2018"
    own = text_of(desk.client("titulaire").get(address))
    whole = text_of(desk.client("acheteur").get(address))
    assert NAMES[0] in own
    assert NAMES[1] not in own
    assert NAMES[0] in whole
    assert NAMES[1] in whole


def test_the_rule_is_in_the_address_and_changes_the_old_class(desk: Desk) -> None:
    keep_accounts(FINESS[0])
    owner = desk.client("titulaire")
    owner.post(f"/gestion/indicateurs/activite?{YEAR}", sent())
    csv = {
        rule: owner.get(f"/gestion/classification/membres.csv?annee=2018&regle={rule}")
        .content.decode("utf-8-sig")
        .splitlines()[1]
        for rule in ("majorite", "pluralite")
    }
    assert all("Positive" in line and "Libéral" in line for line in csv.values())
    assert owner.get("/gestion/classification?regle=autre").status_code == 400


def test_groups_show_the_ratio_of_sums_apart_from_the_mean_of_rates(desk: Desk) -> None:
    keep_accounts(FINESS[0])
    keep_accounts(FINESS[1], times=3)
    text = desk.client("acheteur").get("/gestion/classification/groupes.csv?annee=2018").content
    lines = text.decode("utf-8-sig").splitlines()
    assert any(line.startswith("Tout le panel;rapport des sommes;2") for line in lines)
    assert any(line.startswith("Tout le panel;moyenne des membres;2;4086074,4") for line in lines)
