"""The comparator from files to screen: the handbook's rows bought, offered, compared and taken out."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pyarrow.parquet as pq
import pytest

from galien.kernel.errors import InvalidInput, NotAllowed
from galien.model.contracts import (
    Clause,
    ClauseKind,
    Conditions,
    Contract,
    ProductScope,
    Standing,
)
from galien.model.viewer import WORKSPACE_VIEWER
from tests.builders import generics
from tests.builders.generics import AMOXICILLIN, LORAZEPAM, MONTELUKAST, PERIOD, VITAMIN
from tests.builders.workspace import FINESS, TODAY, Desk, standing_in

SOLD = 4 * 2  # months and pharmacies


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[Desk]:
    path = tmp_path_factory.mktemp("generics")
    generics.build_apart(path)
    copy = tmp_path_factory.mktemp("records") / "galien.sqlite3"
    with django_db_blocker.unblock(), standing_in(path, copy) as desk:
        for lab, rates in OFFERS.items():
            keep(desk, lab, rates)
        yield desk


@pytest.fixture
def desk(standing: Desk, django_db_blocker: Any) -> Iterator[Desk]:
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        yield standing
        transaction.set_rollback(True)


OFFERS = {
    "ARROW": {VITAMIN: "0.25", AMOXICILLIN: "0.30", MONTELUKAST: "0.35"},
    "BIOGARAN": {VITAMIN: "0.15", AMOXICILLIN: "0.30"},
    "MYLAN": {LORAZEPAM: "0.025"},
}


def keep(desk: Desk, lab: str, rates: dict[str, str], **more: Any) -> None:
    from galien.usecases.contracts.book import save

    kind = ClauseKind.INVOICE_DISCOUNT
    clauses = tuple(
        Clause(f"{kind} {group}", kind, ProductScope(generic_groups=(group,)), Decimal(rate))
        for group, rate in rates.items()
    )
    given = {"since": dt.date(2026, 1, 1), "standing": Standing.OFFER, "clauses": clauses, **more}
    reference = given.pop("reference", f"Offre {lab}")
    save(Contract(reference, "", lab, **given), WORKSPACE_VIEWER, services=desk.services)


def compared(desk: Desk, who: str = "", **asked: Any) -> Any:
    from galien.records.scope import viewer_named
    from galien.usecases.comparator import Asked, compared

    viewer = viewer_named(who, TODAY) if who else WORKSPACE_VIEWER
    return compared(Asked(period=PERIOD, **asked), viewer, services=desk.services)


def row(found: Any, group: str) -> Any:
    (one,) = (each for each in found.rows if each[0].equivalence.generic_group == group)
    return one


def test_the_base_is_what_was_bought_at_ex_factory_price(desk: Desk) -> None:
    found = compared(desk).base
    assert len(found.rows) == len(generics.BOUGHT)
    for code, paid, _, rate in generics.BOUGHT:
        price = generics.ex_factory(desk.services, code)
        (bought,) = (each for each in found.rows if each.products[0].name == code)
        assert (bought.quantity, bought.list_amount) == (paid * SOLD, paid * SOLD * price)
        net = (paid * price * (1 - Decimal(rate))).quantize(Decimal("0.01"))
        assert bought.discount_amount == SOLD * (paid * price - net)
        assert bought.unit_price == price


def test_the_handbook_s_rows(desk: Desk) -> None:
    found = compared(desk)
    vitamin, marked = row(found, VITAMIN)
    assert vitamin.equivalence.label == "Cholécalciférol 100 000 UI, buvable, 1 ampoule"
    assert (vitamin.current_lab, marked.mark.value) == ("BIOGARAN", "gain")
    assert [cell.lab for cell in marked.best] == ["ARROW"]
    assert marked.gain.quantize(Decimal("0.01")) == (
        vitamin.list_amount * Decimal("0.10")
    ).quantize(Decimal("0.01"))
    _, lorazepam = row(found, LORAZEPAM)
    cells = dict(zip(found.comparison.labs, lorazepam.cells, strict=True))
    assert (cells["ARROW"], cells["BIOGARAN"], cells["MYLAN"].best) == (None, None, True)
    assert lorazepam.mark.value == "best"
    _, amoxicillin = row(found, AMOXICILLIN)
    assert {cell.lab for cell in amoxicillin.best} == {"ARROW", "BIOGARAN"}
    assert amoxicillin.mark.value == "best"


def test_28_and_30_compare_only_as_treatments(desk: Desk) -> None:
    assert row(compared(desk), MONTELUKAST)[1].mark.value == "not_comparable"
    found = compared(desk, same_box=False)
    bought, marked = row(found, MONTELUKAST)
    arrow, biogaran = (
        generics.ex_factory(desk.services, code) / size
        for code, size in (("3400930000076", 30), ("3400930000069", 28))
    )
    assert marked.best_rate == pytest.approx(Decimal("0.35") * arrow / biogaran)
    assert bought.equivalence.pack == "boîte de 28 ou 30"


def test_what_passes_the_ceiling_of_the_contract_s_day_is_not_counted(desk: Desk) -> None:
    keep(desk, "BIOGARAN", {VITAMIN: "0.45"}, reference="Trop")
    found = compared(desk)
    assert row(found, VITAMIN)[1].best_rate == Decimal("0.40")
    assert found.excess == {"BIOGARAN"}
    assert row(compared(desk, count_excess=True), VITAMIN)[1].best_rate == Decimal("0.45")
    # Signed on 1 September 2025, it falls under the 30 % of that day.
    keep(desk, "BIOGARAN", {VITAMIN: "0.45"}, reference="Ancien", signed_on=dt.date(2025, 9, 1))
    ancient = compared(desk).offers.ceilings["Ancien", "generic"]
    assert ancient.value == Decimal("0.30")


def test_an_offer_out_of_its_days_or_of_other_members_does_not_count(desk: Desk) -> None:
    late = {"since": dt.date(2027, 1, 1), "reference": "Plus tard"}
    keep(desk, "ARROW", {VITAMIN: "0.39"}, **late)
    keep(desk, "ARROW", {VITAMIN: "0.38"}, reference="Ailleurs", members=(FINESS[1],))
    found = compared(desk, pharmacies=(FINESS[0],))
    assert row(found, VITAMIN)[1].best_rate == Decimal("0.25")


def test_payment_terms_count_at_the_cost_of_money_asked(desk: Desk) -> None:
    from galien.usecases.offers import Weighing

    keep(
        desk, "MYLAN", {LORAZEPAM: "0.02"}, reference="Long", conditions=Conditions(payment_days=90)
    )
    assert row(compared(desk), LORAZEPAM)[1].best_rate == Decimal("0.025")
    dear = Weighing(Decimal("0.10"), 30)
    expected = Decimal("0.02") + Decimal("0.98") * Decimal("0.10") * 60 / 365
    assert row(compared(desk, weighing=dear), LORAZEPAM)[1].best_rate == pytest.approx(expected)


def test_each_pharmacy_s_base_adds_up_to_the_whole(desk: Desk) -> None:
    from galien.usecases.discount_base import bases

    whole = compared(desk).base
    apart = bases(WORKSPACE_VIEWER, PERIOD, services=desk.services)
    assert sorted(apart) == sorted(FINESS[:2])
    assert sum(each.list_amount for each in apart.values()) == whole.list_amount
    assert sum(each.discount_amount for each in apart.values()) == whole.discount_amount
    assert sum(each.quantity for each in apart.values()) == whole.quantity


def test_an_owner_compares_on_their_own_purchases_alone(desk: Desk) -> None:
    mine = compared(desk, "titulaire")
    assert mine.base.pharmacies == (FINESS[0],)
    assert mine.base.list_amount * 2 == compared(desk).base.list_amount


def test_a_lab_without_offer_and_an_unknown_level_are_refused(desk: Desk) -> None:
    with pytest.raises(InvalidInput, match="n’a pas d’offre"):
        compared(desk, labs=("PFIZER",))
    with pytest.raises(InvalidInput, match="niveau"):
        compared(desk, level="list")


ADDRESS = f"/achats/comparateur?period={PERIOD}"


def test_the_page_ticks_the_best_and_tells_gains(desk: Desk) -> None:
    page = desk.client("acheteur").get(ADDRESS).content.decode()
    assert "Cholécalciférol 100 000 UI" in page
    assert "✓" in page and "↔" in page and ">NC<" in page
    only = desk.client("acheteur").get(f"{ADDRESS}&repere=not_comparable").content.decode()
    assert "Montelukast 10 mg" in only and "Amoxicilline 1 g" not in only
    none = desk.client("acheteur").get(f"{ADDRESS}&q=introuvable").content.decode()
    assert "Aucun produit pour ces filtres" in none


def test_a_product_is_taken_apart_with_its_clauses_and_its_law(desk: Desk) -> None:
    key = row(compared(desk), VITAMIN)[0].equivalence.key
    client = desk.client("acheteur")
    page = client.get("/achats/comparateur/produit", {"period": PERIOD, "equivalence": key})
    text = page.content.decode()
    assert "invoice_discount 1219" in text and "Offre ARROW (offre)" in text
    assert "Plafond de remise : génériques" in text.replace("\u00a0", " ")
    assert client.get("/achats/comparateur/produit?equivalence=x").status_code == 404


def test_files_hold_the_same_figures(desk: Desk) -> None:
    found = compared(desk)
    client = desk.client("acheteur")
    sheet = client.get(f"{ADDRESS}&format=csv").content.decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(sheet), delimiter=";"))
    gains = sum(Decimal(line["Gain possible (€ HT)"].replace(",", ".")) for line in lines)
    assert abs(gains - found.comparison.gain) < Decimal("0.02")
    parquet = client.get(f"{ADDRESS}&format=parquet").content
    assert pq.read_table(io.BytesIO(parquet)).num_rows == len(found.rows) == len(lines)
    assert client.get(f"{ADDRESS}&format=xlsx").content[:2] == b"PK"
    assert client.get(f"{ADDRESS}&format=odt").status_code == 400


def test_the_deal_page_takes_up_what_is_known_of_a_product(desk: Desk) -> None:
    code = "3400930000045"
    price = f"{generics.ex_factory(desk.services, code):.2f}".replace(".", ",")
    page = desk.client("acheteur").get(f"/achats/affaire?produit={code}").content.decode()
    assert f'value="{price}"' in page
    assert 'value="30"' in page  # the usual discount
    judged = desk.client("acheteur").get(
        "/achats/affaire?prix=10&payees=100&gratuites=25&ventes=10&possession=12&peremption=24"
    )
    text = " ".join(judged.content.decode().split())
    assert "Oui : 125 unités à 8,00 €" in text and "187,50 €" in text
    steps = "/achats/affaire?prix=10&ventes=10&possession=12&paliers=100%3D10%0A1000%3D12"
    assert "Les paliers de l’offre" in desk.client("acheteur").get(steps).content.decode()
    wrong = desk.client("acheteur").get("/achats/affaire?prix=10&payees=-4&ventes=1")
    assert "Un nombre positif est attendu" in wrong.content.decode()


def test_who_reads_no_purchases_sees_no_comparator(desk: Desk) -> None:
    from galien.model.viewer import Viewer
    from galien.usecases.comparator import Asked
    from galien.usecases.comparator import compared as ask_for

    with pytest.raises(NotAllowed):
        ask_for(Asked(period=PERIOD), Viewer("9", "Personne", "owner"), services=desk.services)


def test_the_command_line_tells_the_same(desk: Desk) -> None:
    from galien.cli.commands.discounts.compare import _content
    from galien.kernel.plain import plain
    from galien.usecases.comparator import as_answer

    found = compared(desk)
    told = plain(_content(found, as_answer(found).table.to_pylist()))
    assert json.loads(json.dumps(told))["gain"] == float(round(found.comparison.gain, 2))
    first = next(each for each in told["rows"] if each["generic_group"] == VITAMIN)
    assert (first["mark"], first["best_labs"]) == ("gain", ["ARROW"])
    assert first["offers"] == {"ARROW": 0.25, "BIOGARAN": 0.15, "MYLAN": None}
