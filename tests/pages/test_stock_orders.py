"""Orders on their pages: proposed once, explained, changed, sent, taken as files, another's unseen."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.builders.workspace import FINESS, Desk

HOME = f"/stock/commandes?pharmacie={FINESS[0]}"


@pytest.fixture
def proposed(desk: Desk) -> Any:
    """The owner's browser, once the orders of the day are proposed."""
    client = desk.client("titulaire")
    answer = client.post("/stock/commandes/proposer", {"pharmacie": FINESS[0]})
    assert answer.status_code == 302
    return client


def orders() -> Any:
    from galien.records.models import ProposedOrder

    return ProposedOrder.objects.filter(pharmacy=FINESS[0])


def text_of(answer: Any) -> str:
    words = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", words.replace("\u00a0", " ").replace("\u202f", " "))


def a_proposal() -> Any:
    return next(each for each in orders() if each.state == "proposed" and each.lines)


def test_each_line_says_why_and_no_product_is_proposed_twice(proposed: Any) -> None:
    codes = [line["product_code"] for each in orders() for line in each.lines]
    assert codes
    page = text_of(proposed.get(f"/stock/commandes/{a_proposal().pk}"))
    for part in ("en stock", "seuil", "par jour", "sécurité", "par jour)"):
        assert part in page
    proposed.post("/stock/commandes/proposer", {"pharmacie": FINESS[0]})
    again = [line["product_code"] for each in orders() for line in each.lines]
    assert sorted(again) == sorted(codes) == sorted(set(codes))


def test_quantities_change_until_the_order_is_sent(proposed: Any) -> None:
    order = a_proposal()
    code = order.lines[0]["product_code"]
    where = f"/stock/commandes/{order.pk}/changer"
    proposed.post(where, {"geste": "enregistrer", f"q-{code}": "900"})
    order.refresh_from_db()
    assert order.lines[0]["quantity"] == 900
    proposed.post(where, {"geste": "enregistrer", f"q-{code}": "sept"})
    proposed.post(where, {"geste": "envoyer"})
    order.refresh_from_db()
    assert (order.state, order.lines[0]["quantity"]) == ("sent", 900)
    proposed.post(where, {"geste": "enregistrer", f"q-{code}": "1"})
    order.refresh_from_db()
    assert order.lines[0]["quantity"] == 900
    assert f"G{order.pk}" in text_of(proposed.get(HOME))
    proposed.post("/stock/commandes/proposer", {"pharmacie": FINESS[0]})
    assert not any(
        line["product_code"] == code
        for each in orders().filter(state="proposed")
        for line in each.lines
    )


def test_an_order_left_without_a_box_cannot_be_sent(proposed: Any) -> None:
    order = a_proposal()
    nothing = {f"q-{line['product_code']}": "0" for line in order.lines}
    proposed.post(f"/stock/commandes/{order.pk}/changer", {"geste": "envoyer", **nothing})
    order.refresh_from_db()
    assert order.state == "proposed"


def test_an_order_comes_as_files(proposed: Any) -> None:
    order = a_proposal()
    line = order.lines[0]
    table = proposed.get(f"/stock/commandes/{order.pk}/commande.csv").content.decode("utf-8-sig")
    assert line["product_code"] in table
    message = proposed.get(
        f"/stock/commandes/{order.pk}/commande.xml?client=C123&societe=R456&code=AB"
    )
    root = ET.fromstring(message.content)  # noqa: S314 - our own file
    sent = [each.attrib for each in root.iter() if each.tag.endswith("LIGNE_N")]
    assert [(each["Code_Produit"], int(each["Quantite"])) for each in sent] == [
        (each["product_code"], each["quantity"]) for each in order.lines
    ]
    wrong = proposed.get(f"/stock/commandes/{order.pk}/commande.xml?client=&societe=R456")
    assert wrong.status_code == 400


@pytest.mark.usefixtures("proposed")
def test_another_s_orders_do_not_exist(desk: Desk) -> None:
    order = a_proposal()
    neighbour = desk.client("voisin")
    for address in (
        HOME,
        f"/stock/commandes/{order.pk}",
        f"/stock/commandes/{order.pk}/commande.csv",
    ):
        assert neighbour.get(address).status_code == 404
    answer = neighbour.post(f"/stock/commandes/{order.pk}/changer", {"geste": "abandonner"})
    assert answer.status_code == 404
    assert neighbour.post("/stock/commandes/proposer", {"pharmacie": FINESS[0]}).status_code == 404


def test_an_order_that_waits_is_worked_out_again_until_it_is_taken_up(proposed: Any) -> None:
    from galien.records.models import ProposedOrder

    order = a_proposal()
    code = order.lines[0]["product_code"]
    waits = ProposedOrder.objects.create(
        pharmacy_id=FINESS[0], supplier="Petit laboratoire", day=order.day, changed_by="x",
        lines=[{**order.lines[0], "product_code": "9999999999999", "least": "250.00", "lead": "4.0"}],
    )  # fmt: skip
    page = text_of(proposed.get(HOME))
    assert "En attente d’une commande assez grosse" in page
    assert "Petit laboratoire" in page
    kept = waits.pk
    proposed.post(f"/stock/commandes/{kept}/changer", {"geste": "envoyer", "q-9999999999999": "3"})
    waits.refresh_from_db()
    assert waits.state == "sent"
    assert waits.due_on is not None
    assert (waits.due_on - order.day).days >= 4
    other = ProposedOrder.objects.create(
        pharmacy_id=FINESS[0], supplier="Autre laboratoire", day=order.day, changed_by="x",
        lines=[{**order.lines[0], "product_code": code, "least": "250.00"}],
    )  # fmt: skip
    proposed.post("/stock/commandes/proposer", {"pharmacie": FINESS[0]})
    assert not ProposedOrder.objects.filter(pk=other.pk).exists()


def test_the_first_page_leads_owners_to_the_orders_of_the_day(desk: Desk) -> None:
    assert "Commandes du jour" in text_of(desk.client("titulaire").get("/"))
    assert "Commandes du jour" not in text_of(desk.client("acheteur").get("/"))
