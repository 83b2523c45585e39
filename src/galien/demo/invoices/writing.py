"""Writing an invoice as suppliers' programs do: CII or UBL XML, or a PDF that carries it (Factur-X)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from galien.kernel import french
from galien.kernel.money import round_amount
from galien.model.invoices import (
    ZERO,
    Adjustment,
    Firm,
    Invoice,
    InvoiceForm,
    InvoiceKind,
    InvoiceLine,
)

TYPES = {InvoiceKind.INVOICE: "380", InvoiceKind.CREDIT_NOTE: "381"}
EN16931 = "en16931"
BOX = "C62"
_PLACE = {
    "country_code": "FR",
    "city": "Villefictive",
    "postcode": "99000",
    "addr_l1": "1 rue du Port",
}
_CII_CODE, _VAT_CODE = "0160", "S"


def xml_of(invoice: Invoice, *, level: str = EN16931, check: bool = False) -> bytes:
    """Return the XML of an invoice in its form; `check` validates it against the official schema."""
    import facturx

    flavour = "ubl-2.1" if invoice.form is InvoiceForm.UBL else "factur-x"
    made = facturx.generate_xml(
        _terms(invoice), flavor=flavour, level=level, check_xsd=check, check_schematron=False
    )
    return made if isinstance(made, bytes) else bytes(made[0])


def pdf_of(invoice: Invoice, xml: bytes, *, level: str = EN16931) -> bytes:
    """Return the PDF of an invoice that carries its XML, as Factur-X has it."""
    import facturx

    made: bytes = facturx.generate_from_binary(
        _printed(invoice),
        xml,
        flavor="factur-x",
        level=level,
        check_xsd=False,
        pdf_metadata={
            "author": invoice.seller.name,
            "keywords": "Factur-X",
            "title": f"Facture {invoice.number}",
            "subject": f"Facture {invoice.number}",
        },
        lang="fr-FR",
    )
    return made


def file_of(invoice: Invoice) -> tuple[str, bytes]:
    """Return the name and the bytes of an invoice in its own form."""
    xml = xml_of(invoice)
    stem = "".join(letter if letter.isalnum() else "-" for letter in invoice.number)
    if invoice.form is InvoiceForm.FACTURX:
        return f"{stem}.pdf", pdf_of(invoice, xml)
    return f"{stem}.{invoice.form.value}.xml", xml


def _printed(invoice: Invoice) -> bytes:
    """Return the page people read."""
    import typst

    plain = {
        "title": "Avoir" if invoice.kind is InvoiceKind.CREDIT_NOTE else "Facture",
        "number": invoice.number,
        "day": french.day(invoice.issued_on),
        "seller": invoice.seller.name,
        "buyer": invoice.buyer.name,
        "lines": [
            [each.name, _written(each.quantity), french.number(each.unit_net, 2),
             french.number(each.net_amount, 2)]
            for each in invoice.lines
        ],
        "others": [
            [each.reason, french.number(each.signed, 2)] for each in invoice.adjustments
        ],
        "excl": french.number(round_amount(invoice.total_excl), 2),
        "incl": french.number(round_amount(invoice.total_incl), 2),
    }  # fmt: skip
    return typst.compile(
        _template(),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"invoice": json.dumps(plain, ensure_ascii=False)},
    )


@cache
def _template() -> bytes:
    return files(__package__).joinpath("invoice.typ").read_bytes()


def _terms(invoice: Invoice) -> dict[str, Any]:
    """Return the business terms of the European standard, by their numbers."""
    totals = invoice.totals
    terms: dict[str, Any] = {
        "BT-1": invoice.number,
        "BT-2": invoice.issued_on,
        "BT-3": TYPES[invoice.kind],
        "BT-5": invoice.currency,
        "BT-9": invoice.due_on,
        "BT-13": next(iter(invoice.references[:1]), None),
        "BT-16": next(iter(invoice.references[1:2]), None),
        "BT-20": _payment(invoice),
        "BT-72": invoice.delivered_on,
        "BT-106": _written(totals.lines or ZERO),
        "BT-107": _written(totals.allowances or ZERO),
        "BT-108": _written(totals.charges or ZERO),
        "BT-109": _written(totals.excl or ZERO),
        "BT-110": _written(totals.tax or ZERO),
        "BT-112": _written(totals.incl or ZERO),
        "BT-115": _written(totals.due or ZERO),
        "BG-3": [{"BT-25": each} for each in invoice.preceding],
        "BG-4": _party(invoice.seller),
        "BG-7": _party(invoice.buyer),
        "BG-20": [_adjusted(each, vat=True) for each in invoice.adjustments if not each.charge],
        "BG-21": [_adjusted(each, vat=True) for each in invoice.adjustments if each.charge],
        "BG-23": [
            {
                "BT-116": _written(each.basis),
                "BT-117": _written(each.amount),
                "BT-118": _VAT_CODE,
                "BT-119": _written((each.rate or ZERO) * 100),
            }
            for each in invoice.taxes
        ],
        "BG-25": [_line(each) for each in invoice.lines],
    }
    return {name: value for name, value in terms.items() if value not in (None, "", [])}


def _payment(invoice: Invoice) -> str:
    if not invoice.cash_discounts:
        return "Pas d’escompte pour paiement anticipé."
    return " ; ".join(
        f"Escompte de {_written(each.rate * 100)} % pour paiement sous {each.days or 0} jours"
        for each in invoice.cash_discounts
    )


def _party(firm: Firm) -> dict[str, Any]:
    found: dict[str, Any] = {"name": firm.name, **_PLACE}
    if firm.siren:
        found |= {"legal_identifier": firm.siren, "legal_identifier_schemeid": "0002"}
    if firm.vat:
        found["vat_identifier"] = firm.vat
    return found


def _line(line: InvoiceLine) -> dict[str, Any]:
    terms: dict[str, Any] = {
        "BT-126": line.number,
        "BT-129": _written(line.quantity),
        "BT-130": line.unit or BOX,
        "BT-131": _written(line.net_amount),
        "BT-146": _written(line.net_price),
        "BT-151": _VAT_CODE,
        "BT-152": _written((line.vat_rate or ZERO) * 100),
        "BT-153": line.name,
        "BT-155": line.seller_code,
        "BG-27": [_adjusted(each, vat=False) for each in line.adjustments if not each.charge],
        "BG-28": [_adjusted(each, vat=False) for each in line.adjustments if each.charge],
    }
    if line.product_code:
        terms |= {"BT-157": line.product_code, "BT-157-1": _CII_CODE}
    if line.base_quantity != 1:
        terms["BT-149"] = _written(line.base_quantity)
    if line.gross_price is not None:
        terms["BT-148"] = _written(line.gross_price)
        off = line.gross_price - line.net_price
        terms["BT-147-00"] = [{"BT-147": _written(off)}]
    return {name: value for name, value in terms.items() if value not in (None, "", [])}


def _adjusted(each: Adjustment, *, vat: bool) -> dict[str, str]:
    terms = {
        "amount": _written(each.amount),
        "reason": each.reason,
        "reason_code": each.code,
    }
    if vat:
        rate = _written((each.vat_rate or ZERO) * 100)
        terms |= {"vat_category_code": _VAT_CODE, "vat_rate": rate}
    return {name: value for name, value in terms.items() if value}


def _written(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def due(issued_on: dt.date, days: int) -> dt.date:
    """Return the day of payment, so many days after the invoice."""
    return issued_on + dt.timedelta(days)


def vat_of(lines: Iterable[InvoiceLine], others: Iterable[Adjustment]) -> dict[Decimal, Decimal]:
    """Return what VAT bears on, by rate (a ratio): lines, then allowances and charges of the invoice."""
    found: dict[Decimal, Decimal] = {}
    for line in lines:
        rate = line.vat_rate or ZERO
        found[rate] = found.get(rate, ZERO) + line.net_amount
    for each in others:
        rate = each.vat_rate or ZERO
        found[rate] = found.get(rate, ZERO) + each.signed
    return found
