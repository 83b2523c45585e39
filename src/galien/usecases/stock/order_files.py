"""An order as a file for its supplier: CSV for a spreadsheet or a site, PharmaML for a wholesaler."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from galien.kernel.codes import ean13_ok
from galien.kernel.errors import InvalidInput
from galien.kernel.money import round_amount
from galien.usecases.export.cells import Cell
from galien.usecases.export.delimited import written

ENVELOPE = "urn:x-csrp:fr.csrp.protocole:enveloppe"
MESSAGE = "urn:x-csrp:fr.csrp.protocole:message"
PROTOCOL = "1.0.0.0"
SOFTWARE = "Galien"
MOST_LINES = 10_000
MOST_REFERENCE, MOST_CODE, MOST_NAME, MOST_COMMENT, MOST_ADDRESS = 20, 20, 50, 100, 128
TOKEN = re.compile(r"[A-Za-z0-9._:\-]{1,20}")
CONTROLS = re.compile(r"[\x00-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
CSV_HEADER = (
    "Fournisseur", "Commande", "Livraison souhaitée", "Code produit", "Libellé", "Quantité",
    "dont gratuites", "Prix net HT", "Montant net HT", "Motif",
)  # fmt: skip


@dataclass(frozen=True)
class OrderedLine:
    """A line of an order: `quantity` delivered units, `free` of them; `unit_price` net, excl. tax, if known.

    Raises InvalidInput when the quantity is not positive, or fewer are ordered than free.
    """

    product_code: str
    label: str
    quantity: int
    free: int = 0
    unit_price: Decimal | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        if self.quantity < 1 or not 0 <= self.free <= self.quantity:
            raise InvalidInput(
                f"Produit « {self.product_code or self.label} » : une quantité commandée est au moins 1, et "
                "les gratuites en font partie."
            )


@dataclass(frozen=True)
class Order:
    """An order to one supplier. `reference` is ours, at most 20 letters, digits, points and dashes."""

    reference: str
    supplier: str
    lines: tuple[OrderedLine, ...]
    sent_at: dt.datetime
    wanted_on: dt.date | None = None
    comment: str = ""

    def __post_init__(self) -> None:
        if not TOKEN.fullmatch(self.reference):
            raise InvalidInput(
                f"Référence de commande « {self.reference} » : 1 à 20 lettres, chiffres, points ou tirets."
            )
        if not self.lines:
            raise InvalidInput(f"La commande {self.reference} n’a aucune ligne.")


@dataclass(frozen=True)
class Partner:
    """One of the two ends of a message: identifier given by the wholesaler, name and address.

    `code` is the two characters that the wholesalers' union gives a wholesaler; a pharmacy keeps 00.
    """

    identifier: str
    address: str
    code: str = "00"

    def __post_init__(self) -> None:
        if not TOKEN.fullmatch(self.identifier) or not re.fullmatch(r"[A-Za-z0-9]{2}", self.code):
            raise InvalidInput(
                f"Partenaire « {self.address} » : identifiant de 1 à 20 lettres et chiffres, code de deux "
                "caractères (celui que le répartiteur vous a donné)."
            )


def order_csv(order: Order) -> bytes:
    """Write an order as a table that a French spreadsheet opens, one row a line."""
    wanted = order.wanted_on.isoformat() if order.wanted_on else ""
    rows: list[Sequence[Cell]] = [CSV_HEADER]
    for line in order.lines:
        price = line.unit_price
        amount = None if price is None else round_amount(price * (line.quantity - line.free))
        rows.append(
            (
                order.supplier, order.reference, wanted, line.product_code, line.label, line.quantity,
                line.free, price, amount, line.reason,
            )
        )  # fmt: skip
    return written(rows)


def order_pharmaml(
    order: Order, pharmacy: Partner, wholesaler: Partner, *, version: str, test: bool = False
) -> bytes:
    """Write an order as a PharmaML message (CSRP envelope, MESSAGE_OFFICINE, COMMANDE NORMALE).

    Codes of seven digits go as CIP39, of thirteen as EAN13, others as SPECIALE; a product without a code
    goes in plain letters. Deliveries may be partial; what lacks is not kept on order and is not replaced.
    Raises InvalidInput when a code is too long, or there are more than 10 000 lines.
    """
    if len(order.lines) > MOST_LINES:
        raise InvalidInput(
            f"Commande {order.reference} : {len(order.lines)} lignes, PharmaML en admet {MOST_LINES}. "
            "Envoyez-la en plusieurs fois."
        )
    moment = order.sent_at.strftime("%Y-%m-%dT%H:%M:%S")
    root = Element(
        "CSRP_ENVELOPPE", xmlns=ENVELOPE, Nature_Action="REQ_EMISSION", Version_Protocole=PROTOCOL,
        Id_Logiciel=SOFTWARE, Version_Logiciel=version[:10] or "0", Usage="T" if test else "P",
    )  # fmt: skip
    head = SubElement(root, "ENTETE")
    _partner(head, "EMETTEUR", "OF", pharmacy)
    _partner(head, "RECEPTEUR", "RE", wholesaler)
    SubElement(head, "REF_MESSAGE").text = order.sent_at.strftime("%Y%m%d%H%M%S")
    SubElement(head, "DATE").text = moment
    message = SubElement(SubElement(root, "CORPS"), "MESSAGE_OFFICINE", xmlns=MESSAGE)
    inner = SubElement(message, "ENTETE")
    SubElement(inner, "EMETTEUR", Id_Client=pharmacy.identifier, Nature_Partenaire="OF")
    SubElement(
        inner, "DESTINATAIRE",
        Code_Societe=wholesaler.code, Id_Societe=wholesaler.identifier, Nature_Partenaire="RE",
    )  # fmt: skip
    SubElement(inner, "DATE").text = moment
    _command(SubElement(message, "CORPS"), order)
    indent(root)
    text: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return text + b"\n"


def _partner(head: Element, name: str, nature: str, partner: Partner) -> None:
    address = _clean(partner.address, MOST_ADDRESS) or partner.identifier
    SubElement(head, name, Nature=nature, Code=partner.code, Id=partner.identifier, Adresse=address)


def _command(body: Element, order: Order) -> None:
    given = {"Ref_Cde_Client": order.reference}
    if order.comment:
        given["Commentaire_General"] = _clean(order.comment, MOST_COMMENT)
    if order.wanted_on:
        given["Date_livraison"] = order.wanted_on.isoformat()
    lines = SubElement(SubElement(body, "COMMANDE", given), "NORMALE")
    for number, line in enumerate(order.lines, start=1):
        SubElement(
            lines, "LIGNE_N",
            {
                "Num_Ligne": f"{number:04}", **_product(line), "Quantite": f"{line.quantity:04}",
                "Partielle": "true", "Reliquat": "false", "Equivalent": "false",
            },
        )  # fmt: skip


def _product(line: OrderedLine) -> dict[str, str]:
    """Name a product as the protocol does."""
    code, name = line.product_code.strip(), _clean(line.label, MOST_NAME)
    if len(code) > MOST_CODE:
        raise InvalidInput(f"Code « {code} » : PharmaML admet 20 caractères. Corrigez-le.")
    if not code:
        if not name:
            raise InvalidInput("Une ligne n’a ni code ni libellé : dites quel produit commander.")
        return {"Type_Codification": "CLAIR", "Code_Produit": "0", "Designation": name}
    kind = "SPECIALE"
    if code.isascii() and code.isdigit() and len(code) == 7:
        kind = "CIP39"
    elif ean13_ok(code):
        kind = "EAN13"
    return {"Type_Codification": kind, "Code_Produit": code} | (
        {"Designation": name} if name else {}
    )


def _clean(text: str, most: int) -> str:
    """Keep what XML may hold, on one line, no longer than `most`."""
    return " ".join(CONTROLS.sub(" ", text).split())[:most].rstrip()
