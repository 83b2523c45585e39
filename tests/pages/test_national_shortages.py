"""The national list beside a pharmacy's own shortages, and the alarm of what is soon nowhere."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.builders.workspace import FINESS, LAST, LATE, PRODUCTS, STRANGER, Desk
from tests.pages.test_stock_shortages import HERE, send, text_of

LACKING, FINE, RARE = PRODUCTS[1][0], PRODUCTS[0][0], PRODUCTS[2][0]
LINK = "https://ansm.sante.fr/disponibilites-des-produits-de-sante/medicaments/princeps-b"
HEADER = (
    "pharmacy,delivered_on,document_id,line_no,supplier,channel,product_code,ordered_quantity,"
    "delivered_quantity,free_quantity,list_amount_excl,net_amount_excl,vat_rate\n"
)


@pytest.fixture
def national(desk: Desk) -> Iterator[Desk]:
    """A desk whose workspace read a list: a product short, one rationed, one that came back."""
    from galien.warehouse.availability import NAME, SCHEMA, write_availability

    told = [
        (FINE, "back", dt.date(2026, 5, 12)),
        (LACKING, "shortage", None),
        (RARE, "tension", None),
    ]
    rows = [
        {
            "product_code": code, "status": status, "since": dt.date(2026, 4, 1),
            "updated": dt.date(2026, 5, 18), "back_on": back, "link": LINK,
            "listed_on": dt.date(2026, 5, 19),
        }
        for code, status, back in told
    ]  # fmt: skip
    folder: Path = desk.services.workspace.catalogue
    write_availability(pa.Table.from_pylist(rows, schema=SCHEMA), folder)
    yield desk
    (folder / NAME).unlink()


def test_a_product_of_the_list_is_said_with_its_date(national: Desk) -> None:
    answer = national.client("titulaire").get(HERE)
    page = text_of(answer)
    assert "(liste au 19 mai 2026)" in page and "2 produits" in page
    assert re.search(rf"Princeps B 28 {LACKING} Bêta Rupture nationale 01/04/2026 18/05/2026", page)
    assert "Générique A 30" not in page, "it came back"
    assert f'href="{LINK}"' in answer.content.decode()


def test_the_whole_list_is_a_page_and_a_file(national: Desk) -> None:
    client = national.client("titulaire")
    assert "Rupture nationale" in text_of(client.get(f"{HERE}&vue=nationale"))
    file = client.get(f"{HERE}&vue=nationale&format=csv").content.decode("utf-8-sig")
    assert LACKING in file and FINE not in file


def test_without_a_list_the_page_says_how_to_read_one(desk: Desk) -> None:
    page = text_of(desk.client("titulaire").get(HERE))
    assert "galien catalogue import bdpm" in page


def test_declarations_have_french_columns(national: Desk) -> None:
    send(STRANGER, 5)
    send(LACKING, 3)
    content = national.client("titulaire").get(f"{HERE}&format=csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content), delimiter=";"))
    (row,) = [each for each in rows if each["Code CIP13"] == STRANGER]
    assert row["FINESS"] == FINESS[0] and row["Pharmacie"] == "Pharmacie du Marché"
    assert (row["Demandé le"], row["En rupture depuis"]) == ("2026-10-20", "2026-10-23")
    # It is on no shelf from the 20th to the evening of the 31st.
    assert (row["Durée (jours)"], row["Jours sans stock"]) == ("12", "12")
    assert (row["Fin"], row["Fournisseurs sollicités"]) == ("en cours", "Alpha")
    assert row["Liste nationale"] == "non signalé"


def test_a_line_of_order_says_that_its_product_lacks_in_france(national: Desk) -> None:
    from galien.model.viewer import WORKSPACE_VIEWER
    from galien.usecases.stock.preparing import prepare

    made = prepare(WORKSPACE_VIEWER, FINESS[0], on=dt.date(2026, 11, 2), services=national.services)
    said = {line.product_code: line.reason for line in made.lines}
    told = "Tension d’approvisionnement signalée par l’ANSM depuis le 1er avril 2026 (liste nationale au"
    assert told in said[RARE]
    assert all("ANSM" not in why for code, why in said.items() if code != RARE)


def refuse(desk: Desk, folder: Path) -> None:
    """Deliver none of the boxes of a product that pharmacies ordered on their last day, and publish."""
    from galien.usecases.load import LoadOrder, load
    from galien.usecases.publish import publish

    for finess in FINESS:
        day = dt.date(2026, 10, 20) if finess == LATE else LAST
        lines = [
            f"{finess},{day},BL{day:%Y%m%d},{rank},{lab},wholesaler,{code},4,"
            f"{0 if code == LACKING else 4},0,{0 if code == LACKING else 20},"
            f"{0 if code == LACKING else 18},{vat}\n"
            for rank, (code, _, _, lab, _, vat, _) in enumerate(PRODUCTS, start=1)
        ]
        path = folder / f"{finess}.csv"
        path.write_text(HEADER + "".join(lines), "utf-8")
        load(LoadOrder(path=path, feed="purchases", pharmacy=finess), services=desk.services)
    publish(services=desk.services)


def alarm_of(answer: Any) -> str:
    found = re.search(r"Bientôt introuvable.*?\)\.", text_of(answer))
    return found.group() if found else ""


def test_what_nobody_delivers_and_no_shelf_holds_raises_the_alarm(
    national: Desk, tmp_path: Path
) -> None:
    assert alarm_of(national.client("acheteur").get(HERE)) == ""
    refuse(national, tmp_path)
    group = alarm_of(national.client("acheteur").get(HERE))
    # 11 boxes of it in each pharmacy, where two are sold a day: none has a week.
    assert "1 médicament" in group and "vos 4 pharmacies" in group
    assert "Princeps B 28" in group and "rupture de stock selon l’ANSM" in group
    home = text_of(national.client("acheteur").get("/"))
    assert "Bientôt introuvable" in home


def test_an_owner_s_alarm_is_of_his_own_pharmacy(national: Desk, tmp_path: Path) -> None:
    refuse(national, tmp_path)
    own = alarm_of(national.client("titulaire").get(HERE))
    assert "dans votre pharmacie" in own and "Princeps B 28 (11 boîtes" in own
    assert not any(name in own for name in ("de la Gare", "du Port", "du Lac", "4 pharmacies"))
