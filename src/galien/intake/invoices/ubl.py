"""Universal Business Language 2.1: the Invoice and CreditNote documents of the European standard."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from xml.etree.ElementTree import Element

from galien.intake.invoices.tree import children, day, first, local, number, ratio, share, text, yes
from galien.intake.invoices.words import cash_discounts, kind_of, product_code, siren_of
from galien.model.invoices import (
    ZERO,
    Adjustment,
    CashDiscount,
    Firm,
    Invoice,
    InvoiceForm,
    InvoiceKind,
    InvoiceLine,
    TaxLine,
    Totals,
)

ROOTS = frozenset({"Invoice", "CreditNote"})
CREDIT = "CreditNote"


def read_ubl(root: Element, today: dt.date) -> Invoice:
    """Return the invoice of a UBL tree; `today` dates one that gives no date (the checks refuse it)."""
    credit = local(root) == CREDIT
    delivery = first(root, "Delivery")
    due = day(root, "DueDate") or day(root, "PaymentMeans", "PaymentDueDate")
    return Invoice(
        form=InvoiceForm.UBL,
        kind=InvoiceKind.CREDIT_NOTE if credit else kind_of(text(root, "InvoiceTypeCode")),
        number=text(root, "ID", longest=120),
        issued_on=day(root, "IssueDate") or today,
        seller=_firm(first(root, "AccountingSupplierParty", "Party")),
        buyer=_firm(first(root, "AccountingCustomerParty", "Party")),
        currency=text(root, "DocumentCurrencyCode").upper() or "EUR",
        profile=text(root, "CustomizationID", longest=120),
        due_on=due or day(root, "PaymentTerms", "PaymentDueDate"),
        delivered_on=day(delivery, "ActualDeliveryDate"),
        lines=tuple(_line(each, credit) for each in children(root, _line_name(credit))),
        adjustments=tuple(_adjusted(root)),
        cash_discounts=tuple(_cash_discounts(root)),
        taxes=tuple(_taxes(root)),
        totals=_totals(root),
        preceding=tuple(_ids(root, "BillingReference", "InvoiceDocumentReference")),
        references=tuple(_references(root)),
    )


def _line_name(credit: bool) -> str:  # noqa: FBT001 - which of the two documents
    return "CreditNoteLine" if credit else "InvoiceLine"


def _firm(party: Element | None) -> Firm:
    vat = text(party, "PartyTaxScheme", "CompanyID", longest=20)
    known = (
        text(party, "PartyLegalEntity", "CompanyID"),
        *(text(each) for each in children(party, "PartyIdentification", "ID")),
        vat,
    )
    name = text(party, "PartyLegalEntity", "RegistrationName") or text(party, "PartyName", "Name")
    return Firm(name[:200], siren_of(known), vat)


def _line(line: Element, credit: bool) -> InvoiceLine:  # noqa: FBT001 - as above
    item, price = first(line, "Item"), first(line, "Price")
    counted = first(line, "CreditedQuantity" if credit else "InvoicedQuantity")
    quantity = number(counted) or ZERO
    base = number(price, "BaseQuantity") or Decimal(1)
    net = number(price, "PriceAmount") or ZERO
    own = tuple(_adjusted(line, net / (base or 1) * quantity))
    total = number(line, "LineExtensionAmount")
    own_total = sum((each.signed for each in own), ZERO)
    return InvoiceLine(
        number=text(line, "ID", longest=40),
        name=text(item, "Name") or text(item, "Description"),
        quantity=quantity,
        net_price=net,
        net_amount=net / base * quantity + own_total if total is None else total,
        product_code=product_code(_codes(item)),
        seller_code=text(item, "SellersItemIdentification", "ID", longest=60),
        unit="" if counted is None else counted.get("unitCode", "")[:10],
        gross_price=_gross(price, net),
        base_quantity=base if base > 0 else Decimal(1),
        adjustments=own,
        vat_rate=ratio(item, "ClassifiedTaxCategory", "Percent"),
        delivery=text(line, "DespatchLineReference", "DocumentReference", "ID", longest=120),
    )


def _gross(price: Element | None, net: Decimal) -> Decimal | None:
    """Return the price before its discount: said as such, or the net price and what was taken off."""
    if first(price, "AllowanceCharge") is None:
        return None
    said = number(price, "AllowanceCharge", "BaseAmount")
    return net - sum((each.signed for each in _adjusted(price)), ZERO) if said is None else said


def _codes(item: Element | None) -> Iterator[str]:
    """Yield what may be the product's code: its GTIN first, then any other identifier."""
    yield text(item, "StandardItemIdentification", "ID")
    yield text(item, "SellersItemIdentification", "ID")
    yield text(item, "BuyersItemIdentification", "ID")
    path = ("CommodityClassification", "ItemClassificationCode")
    yield from (text(each) for each in children(item, *path))
    yield from (text(each) for each in children(item, "AdditionalItemProperty", "Value"))


def _adjusted(place: Element | None, whole: Decimal = ZERO) -> Iterator[Adjustment]:
    """Yield allowances and charges; one that gives a percentage alone is of its base, else of `whole`."""
    for each in children(place, "AllowanceCharge"):
        amount = number(each, "Amount")
        if amount is None:
            amount = share(each, "MultiplierFactorNumeric", "BaseAmount", whole)
        charge = yes(each, "ChargeIndicator")
        yield Adjustment(
            amount=abs(amount),
            charge=charge is (amount >= 0),
            code=text(each, "AllowanceChargeReasonCode", longest=10),
            reason=text(each, "AllowanceChargeReason", longest=200),
            vat_rate=ratio(each, "TaxCategory", "Percent"),
        )


def _cash_discounts(root: Element) -> Iterator[CashDiscount]:
    terms = list(children(root, "PaymentTerms"))
    told = [
        CashDiscount(rate)
        for rate in (ratio(each, "SettlementDiscountPercent") for each in terms)
        if rate
    ]
    said = [text(each, "Note", longest=2000) for each in terms]
    notes = [text(each, longest=2000) for each in children(root, "Note")]
    yield from told or dict.fromkeys(cash_discounts([*said, *notes]))


def _taxes(root: Element) -> Iterator[TaxLine]:
    for each in children(root, "TaxTotal", "TaxSubtotal"):
        amount, basis = number(each, "TaxAmount"), number(each, "TaxableAmount")
        if amount is not None and basis is not None:
            yield TaxLine(ratio(each, "TaxCategory", "Percent"), basis, amount)


def _totals(root: Element) -> Totals:
    sums = first(root, "LegalMonetaryTotal")
    currency = text(root, "DocumentCurrencyCode")
    taxes = sorted(
        children(root, "TaxTotal", "TaxAmount"),
        key=lambda each: each.get("currencyID", currency) != currency,
    )
    return Totals(
        lines=number(sums, "LineExtensionAmount"),
        allowances=number(sums, "AllowanceTotalAmount"),
        charges=number(sums, "ChargeTotalAmount"),
        excl=number(sums, "TaxExclusiveAmount"),
        tax=number(taxes[0]) if taxes else None,
        incl=number(sums, "TaxInclusiveAmount"),
        prepaid=number(sums, "PrepaidAmount"),
        rounding=number(sums, "PayableRoundingAmount"),
        due=number(sums, "PayableAmount"),
    )


def _ids(root: Element, *path: str) -> Iterator[str]:
    yield from filter(None, (text(each, "ID", longest=120) for each in children(root, *path)))


def _references(root: Element) -> Iterator[str]:
    yield from _ids(root, "OrderReference")
    yield from _ids(root, "ContractDocumentReference")
    yield from _ids(root, "DespatchDocumentReference")
