"""Settings of a stock on their page: typed, brought, taken back; the order says them; rights."""

from __future__ import annotations

import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.builders.workspace import FINESS, PRODUCTS, Desk

HOME = f"/stock/reglages?pharmacie={FINESS[0]}"
CODE = PRODUCTS[0][0]
EVENT = {
    "pharmacie": FINESS[0], "name": "Campagne grippe", "kind": "campaign", "first": "2026-11-01",
    "last": "2026-12-31", "effect": "30", "source": "Assurance maladie",
}  # fmt: skip


def text_of(answer: Any) -> str:
    words = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", words.replace("\u00a0", " ").replace("\u202f", " "))


def test_what_is_typed_is_said_on_the_lines_of_the_order(desk: Desk) -> None:
    from galien.records.models import ProposedOrder

    client = desk.client("titulaire")
    client.post("/stock/reglages/evenement", EVENT)
    client.post(
        "/stock/reglages/produit",
        {"pharmacie": FINESS[0], "product_code": CODE, "minimum": "500", "multiple": "7"},
    )
    page = text_of(client.get(HOME))
    assert "Campagne grippe" in page
    assert "+30,0 %" in page
    assert PRODUCTS[0][1] in page
    client.post("/stock/commandes/proposer", {"pharmacie": FINESS[0]})
    lines = [
        line for order in ProposedOrder.objects.filter(pharmacy=FINESS[0]) for line in order.lines
    ]
    mine = next(line for line in lines if line["product_code"] == CODE)
    assert mine["quantity"] % 7 == 0
    assert "Réglage : minimum déclenchant 500, multiple 7 (saisi par" in mine["reason"]
    assert all("Évènement : Campagne grippe, +30" in line["reason"] for line in lines)


def test_a_table_takes_the_place_of_what_was_typed(desk: Desk) -> None:
    client = desk.client("titulaire")
    client.post("/stock/reglages/evenement", EVENT)
    table = "name;kind;first;last;effect;universe\nGarde;garde;19/12/2026;26/12/2026;0;\n"
    sent = {"pharmacie": FINESS[0], "quoi": "evenements", "remplacer": "1"}
    file = SimpleUploadedFile("evenements.csv", table.encode())
    client.post("/stock/reglages/importer", {**sent, "fichier": file})
    address = f"/stock/reglages/evenements.csv?pharmacie={FINESS[0]}"
    kept = client.get(address).content.decode("utf-8-sig")
    assert "Garde;duty;2026-12-19" in kept
    assert "Campagne grippe" not in kept


def test_what_cannot_be_read_changes_nothing(desk: Desk) -> None:
    client = desk.client("titulaire")
    given = {"pharmacie": FINESS[0], "product_code": CODE, "minimum": "9", "maximum": "3"}
    answer = client.post("/stock/reglages/produit", given, follow=True)
    assert "dépasse le maximum" in text_of(answer)
    assert "Aucun produit réglé" in text_of(client.get(HOME))


def test_an_event_and_a_setting_are_taken_back(desk: Desk) -> None:
    client = desk.client("titulaire")
    client.post("/stock/reglages/evenement", EVENT)
    given = {"pharmacie": FINESS[0], "product_code": CODE, "duty": "3"}
    client.post("/stock/reglages/produit", given)
    key = re.search(r'name="cle" value="([0-9a-f]+)"', client.get(HOME).content.decode())
    assert key is not None
    back = {"pharmacie": FINESS[0], "geste": "oter"}
    client.post("/stock/reglages/evenement", {**back, "cle": key[1]})
    client.post("/stock/reglages/produit", {**back, "product_code": CODE})
    page = text_of(client.get(HOME))
    assert "Aucun évènement saisi" in page
    assert "Aucun produit réglé" in page


def test_the_group_writes_for_all_and_no_pharmacy_for_the_group(desk: Desk) -> None:
    buyer, owner = desk.client("acheteur"), desk.client("titulaire")
    buyer.post("/stock/reglages/evenement", {**EVENT, "pour": "groupement"})
    other = f"/stock/reglages?pharmacie={FINESS[1]}&pour=groupement"
    assert "Campagne grippe" in text_of(buyer.get(other))
    assert "Campagne grippe" in text_of(owner.get(f"{HOME}&pour=groupement"))
    refused = owner.post("/stock/reglages/evenement", {**EVENT, "pour": "groupement"})
    assert refused.status_code == 404


def test_settings_of_stock_are_no_policy_of_prices(desk: Desk) -> None:
    from galien.model.viewer import WORKSPACE_VIEWER
    from galien.usecases.prices.book import policies_of

    before = policies_of(WORKSPACE_VIEWER)
    desk.client("titulaire").post("/stock/reglages/evenement", EVENT)
    assert policies_of(WORKSPACE_VIEWER) == before


def test_another_s_settings_do_not_exist(desk: Desk) -> None:
    neighbour = desk.client("voisin")
    assert neighbour.get(HOME).status_code == 404
    assert neighbour.post("/stock/reglages/evenement", EVENT).status_code == 404
