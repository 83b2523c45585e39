"""Orders as files: PharmaML held to the protocol's rules, CSV held to those of spreadsheets."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from decimal import Decimal
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from galien.kernel.errors import InvalidInput
from galien.usecases.stock.order_files import Order, OrderedLine, Partner, order_csv, order_pharmaml

AT = dt.datetime(2026, 11, 22, 9, 30, 5, tzinfo=dt.UTC)
PHARMACY = Partner("0750100042", "Pharmacie de l’Étoile & Fils")
WHOLESALER = Partner("VRI", "Répartiteur", "01")
E, M = "{urn:x-csrp:fr.csrp.protocole:enveloppe}", "{urn:x-csrp:fr.csrp.protocole:message}"
LINE = OrderedLine("3400930000014", "DOLIPRANE 1000MG CPR 8", 12)


def order(*lines: OrderedLine, reference: str = "20261122-001") -> Order:
    return Order(reference, "Répartiteur", lines or (LINE,), AT, dt.date(2026, 11, 23), "garde")


def pharmaml(*lines: OrderedLine) -> bytes:
    return order_pharmaml(order(*lines), PHARMACY, WHOLESALER, version="1.2.3")


def one(parent: Element, path: str) -> Element:
    found = parent.findall(path)
    assert len(found) == 1, path
    return found[0]


def check(content: bytes) -> list[dict[str, str]]:
    """Hold a message to the rules of the protocol, and return its lines."""
    assert content.startswith(b"<?xml version='1.0' encoding='UTF-8'?>")
    root = fromstring(content)
    assert root.tag == f"{E}CSRP_ENVELOPPE"
    assert re.fullmatch(r"\d{1,2}(\.\d{1,2}){3}", root.attrib["Version_Protocole"])
    assert root.attrib["Nature_Action"] == "REQ_EMISSION"
    assert 1 <= len(root.attrib["Id_Logiciel"]) <= 30
    assert 1 <= len(root.attrib["Version_Logiciel"]) <= 10
    assert len(root.attrib["Usage"]) == 1
    assert [child.tag for child in root] == [f"{E}ENTETE", f"{E}CORPS"]
    head = root[0]
    assert [child.tag.removeprefix(E) for child in head] == [
        "EMETTEUR", "RECEPTEUR", "REF_MESSAGE", "DATE",
    ]  # fmt: skip
    for partner, nature in zip(head, ("OF", "RE"), strict=False):
        assert partner.attrib["Nature"] == nature
        assert re.fullmatch(r"[\w.:-]{2}", partner.attrib["Code"])
        assert re.fullmatch(r"[\w.:-]{1,20}", partner.attrib["Id"])
        assert 1 <= len(partner.attrib["Adresse"]) <= 128
    assert 1 <= len(head[2].text or "") <= 20
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", head[3].text or "")
    message = one(root, f"{E}CORPS/{M}MESSAGE_OFFICINE")
    assert [child.tag for child in message] == [f"{M}ENTETE", f"{M}CORPS"]
    assert set(one(message, f"{M}ENTETE/{M}EMETTEUR").attrib) >= {"Id_Client"}
    assert set(one(message, f"{M}ENTETE/{M}DESTINATAIRE").attrib) >= {"Code_Societe", "Id_Societe"}
    command = one(message, f"{M}CORPS/{M}COMMANDE")
    assert re.fullmatch(r"[\w.:-]{1,20}", command.attrib["Ref_Cde_Client"])
    lines = one(command, f"{M}NORMALE").findall(f"{M}LIGNE_N")
    assert 1 <= len(lines) <= 10_000
    for number, line in enumerate(lines, start=1):
        _check_line(number, line.attrib)
    return [dict(line.attrib) for line in lines]


def _check_line(number: int, given: dict[str, str]) -> None:
    assert int(given["Num_Ligne"]) == number
    assert given["Type_Codification"] in {"EAN13", "CIP39", "SPECIALE", "CLAIR"}
    assert 1 <= len(given["Code_Produit"]) <= 20
    assert len(given.get("Designation", "")) <= 50
    assert int(given["Quantite"]) >= 1
    for name in ("Partielle", "Reliquat", "Equivalent"):
        assert given[name] in {"true", "false"}
    if given["Type_Codification"] == "CLAIR":
        assert given["Code_Produit"] == "0"
        assert given["Designation"]


def test_codes_go_as_the_protocol_names_them() -> None:
    lines = check(
        pharmaml(
            LINE, OrderedLine("3232018", "A", 1), OrderedLine("4015630981977", "B", 25),
            OrderedLine("CHEZ-NOUS", "C", 2), OrderedLine("", "Pommade du préparatoire", 1),
        )
    )  # fmt: skip
    assert [line["Type_Codification"] for line in lines] == [
        "EAN13", "CIP39", "EAN13", "SPECIALE", "CLAIR",
    ]  # fmt: skip
    assert lines[2]["Quantite"] == "0025"


@given(st.text(max_size=120), st.integers(1, 5000))
def test_any_label_keeps_the_message_sound(label: str, quantity: int) -> None:
    (line,) = check(pharmaml(OrderedLine("3232018", label, quantity)))
    assert int(line["Quantite"]) == quantity


def test_the_day_and_the_comment_are_carried() -> None:
    command = next(fromstring(pharmaml()).iter(f"{M}COMMANDE"))
    assert command.attrib["Date_livraison"] == "2026-11-23"
    assert command.attrib["Commentaire_General"] == "garde"


def test_what_the_protocol_refuses_is_refused_here() -> None:
    with pytest.raises(InvalidInput, match="20 caractères"):
        pharmaml(OrderedLine("9" * 21, "x", 1))
    with pytest.raises(InvalidInput, match="ni code ni libellé"):
        pharmaml(OrderedLine("", "  ", 1))
    with pytest.raises(InvalidInput, match="en plusieurs fois"):
        pharmaml(*[LINE] * 10_001)
    with pytest.raises(InvalidInput, match="au moins 1"):
        OrderedLine("3232018", "x", 0)
    with pytest.raises(InvalidInput, match="Référence"):
        order(reference="n° 1 du mois")
    with pytest.raises(InvalidInput, match="deux"):
        Partner("VRI", "Répartiteur", "1")


def test_the_table_opens_in_a_french_spreadsheet_and_runs_nothing() -> None:
    line = OrderedLine("3400930000014", "=DOLIPRANE", 11, 1, Decimal("2.15"), "maximum 20")
    content = order_csv(order(line))
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert rows[1] == [
        "Répartiteur", "20261122-001", "2026-11-23", "3400930000014", "'=DOLIPRANE", "11", "1", "2,15",
        "21,50", "maximum 20",
    ]  # fmt: skip
