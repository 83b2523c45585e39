"""Cross Industry Invoice, the XML inside Factur-X: D16B and later, and ZUGFeRD 1.0 by its older names."""

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
    InvoiceLine,
    TaxLine,
    Totals,
)

ROOTS = frozenset({"CrossIndustryInvoice", "CrossIndustryDocument"})
# What ZUGFeRD 1.0 calls otherwise.
_RENAMED = {
    "SpecifiedExchangedDocumentContext": "ExchangedDocumentContext",
    "HeaderExchangedDocument": "ExchangedDocument",
    "SpecifiedSupplyChainTradeTransaction": "SupplyChainTradeTransaction",
    "ApplicableSupplyChainTradeAgreement": "ApplicableHeaderTradeAgreement",
    "ApplicableSupplyChainTradeDelivery": "ApplicableHeaderTradeDelivery",
    "ApplicableSupplyChainTradeSettlement": "ApplicableHeaderTradeSettlement",
    "SpecifiedSupplyChainTradeAgreement": "SpecifiedLineTradeAgreement",
    "SpecifiedSupplyChainTradeDelivery": "SpecifiedLineTradeDelivery",
    "SpecifiedSupplyChainTradeSettlement": "SpecifiedLineTradeSettlement",
    "ApplicablePercent": "RateApplicablePercent",
}
_OLD_ROOT = "CrossIndustryDocument"
_OLD_SUM = "SpecifiedTradeSettlementMonetarySummation"
_NOT_A_LINE = frozenset({"GROUP", "INFORMATION"})
_DOCUMENT_ID = "IssuerAssignedID"
_DAY = "DateTimeString"


def read_cii(root: Element, form: InvoiceForm, today: dt.date) -> Invoice:
    """Return the invoice of a CII tree; `today` dates one that gives no date (the checks refuse it)."""
    if local(root) == _OLD_ROOT:
        _rename(root)
    document = first(root, "ExchangedDocument")
    trade = first(root, "SupplyChainTradeTransaction")
    agreement = first(trade, "ApplicableHeaderTradeAgreement")
    delivery = first(trade, "ApplicableHeaderTradeDelivery")
    settlement = first(trade, "ApplicableHeaderTradeSettlement")
    return Invoice(
        form=form,
        kind=kind_of(text(document, "TypeCode")),
        number=text(document, "ID", longest=120),
        issued_on=day(document, "IssueDateTime", _DAY) or today,
        seller=_firm(first(agreement, "SellerTradeParty")),
        buyer=_firm(first(agreement, "BuyerTradeParty")),
        currency=text(settlement, "InvoiceCurrencyCode").upper() or "EUR",
        profile=_profile(root),
        due_on=day(settlement, "SpecifiedTradePaymentTerms", "DueDateDateTime", _DAY),
        delivered_on=day(delivery, "ActualDeliverySupplyChainEvent", "OccurrenceDateTime", _DAY),
        lines=tuple(_lines(trade)),
        adjustments=tuple(_adjustments(settlement)),
        cash_discounts=tuple(_cash_discounts(document, settlement)),
        taxes=tuple(_taxes(settlement)),
        totals=_totals(settlement),
        preceding=tuple(_named(settlement, "InvoiceReferencedDocument")),
        references=tuple(_references(agreement, delivery)),
    )


def _rename(root: Element) -> None:
    """Give a ZUGFeRD 1.0 tree the names of today; sums are told apart by where they stand."""
    for element in root.iter():
        name = local(element)
        element.tag = _RENAMED.get(name, name)
        if element.tag in {"ApplicableHeaderTradeSettlement", "SpecifiedLineTradeSettlement"}:
            place = "Header" if "Header" in element.tag else "Line"
            for child in element:
                if local(child) == _OLD_SUM:
                    child.tag = f"SpecifiedTradeSettlement{place}MonetarySummation"


def _profile(root: Element) -> str:
    path = ("ExchangedDocumentContext", "GuidelineSpecifiedDocumentContextParameter", "ID")
    return text(root, *path, longest=120)


def _firm(party: Element | None) -> Firm:
    vat = [
        text(each)
        for each in children(party, "SpecifiedTaxRegistration", "ID")
        if each.get("schemeID", "VA") == "VA"
    ]
    known = (
        text(party, "SpecifiedLegalOrganization", "ID"),
        *(text(each) for each in children(party, "GlobalID")),
        *vat,
    )
    name = text(party, "Name") or text(party, "SpecifiedLegalOrganization", "TradingBusinessName")
    return Firm(name[:200], siren_of(known), next(iter(vat), "")[:20])


def _lines(trade: Element | None) -> Iterator[InvoiceLine]:
    for item in children(trade, "IncludedSupplyChainTradeLineItem"):
        document = first(item, "AssociatedDocumentLineDocument")
        if text(document, "LineStatusReasonCode").upper() in _NOT_A_LINE:
            continue
        if first(item, "SpecifiedTradeProduct") is None:
            continue  # a comment among the lines
        yield _line(item, text(document, "LineID", longest=40))


def _line(item: Element, place: str) -> InvoiceLine:
    product = first(item, "SpecifiedTradeProduct")
    agreement = first(item, "SpecifiedLineTradeAgreement")
    delivery = first(item, "SpecifiedLineTradeDelivery")
    settlement = first(item, "SpecifiedLineTradeSettlement")
    gross = first(agreement, "GrossPriceProductTradePrice")
    net = first(agreement, "NetPriceProductTradePrice")
    base = _base(net) or _base(gross) or Decimal(1)
    given = number(gross, "ChargeAmount")
    given = None if given is None else given * base / (_base(gross) or base)
    price = number(net, "ChargeAmount")
    if price is None:
        price = (given or ZERO) - _price_discount(gross)
    quantity = number(delivery, "BilledQuantity") or ZERO
    total = number(settlement, "SpecifiedTradeSettlementLineMonetarySummation", "LineTotalAmount")
    own = tuple(_adjusted(settlement, whole=price / base * quantity))
    return InvoiceLine(
        number=place,
        name=text(product, "Name"),
        quantity=quantity,
        net_price=price,
        net_amount=_amount(price, base, quantity, own) if total is None else total,
        product_code=product_code(_codes(product)),
        seller_code=text(product, "SellerAssignedID", longest=60),
        unit=_unit(delivery),
        gross_price=given,
        base_quantity=base,
        adjustments=own,
        vat_rate=ratio(settlement, "ApplicableTradeTax", "RateApplicablePercent"),
        free_quantity=number(delivery, "ChargeFreeQuantity") or ZERO,
        delivery=text(delivery, "DespatchAdviceReferencedDocument", _DOCUMENT_ID, longest=120),
    )


def _amount(
    price: Decimal, base: Decimal, quantity: Decimal, own: tuple[Adjustment, ...]
) -> Decimal:
    return price / base * quantity + sum((each.signed for each in own), ZERO)


def _base(price: Element | None) -> Decimal | None:
    found = number(price, "BasisQuantity")
    return found if found and found > 0 else None


def _price_discount(gross: Element | None) -> Decimal:
    return -sum((each.signed for each in _adjusted(gross, "AppliedTradeAllowanceCharge")), ZERO)


def _codes(product: Element | None) -> Iterator[str]:
    """Yield what may be the product's code: its GTIN first, then any other identifier."""
    ids = list(children(product, "GlobalID"))
    yield from (text(each) for each in ids if each.get("schemeID") == "0160")
    yield from (text(each) for each in ids)
    yield text(product, "SellerAssignedID")
    yield text(product, "BuyerAssignedID")
    yield from (
        text(each) for each in children(product, "DesignatedProductClassification", "ClassCode")
    )
    yield from (
        text(each) for each in children(product, "ApplicableProductCharacteristic", "Value")
    )


def _unit(delivery: Element | None) -> str:
    found = first(delivery, "BilledQuantity")
    return "" if found is None else found.get("unitCode", "")[:10]


def _adjusted(
    place: Element | None, name: str = "SpecifiedTradeAllowanceCharge", whole: Decimal = ZERO
) -> Iterator[Adjustment]:
    """Yield allowances and charges; one that gives a percentage alone is of its base, else of `whole`."""
    for each in children(place, name):
        amount = number(each, "ActualAmount")
        if amount is None:
            amount = share(each, "CalculationPercent", "BasisAmount", whole)
        charge = yes(each, "ChargeIndicator", "Indicator") or yes(each, "ChargeIndicator")
        yield Adjustment(
            amount=abs(amount),
            charge=charge is (amount >= 0),
            code=text(each, "ReasonCode", longest=10),
            reason=text(each, "Reason", longest=200),
            vat_rate=ratio(each, "CategoryTradeTax", "RateApplicablePercent"),
        )


def _adjustments(settlement: Element | None) -> Iterator[Adjustment]:
    yield from _adjusted(settlement)
    for each in children(settlement, "SpecifiedLogisticsServiceCharge"):
        yield Adjustment(
            amount=number(each, "AppliedAmount") or ZERO,
            charge=True,
            code="FC",
            reason=text(each, "Description", longest=200),
            vat_rate=ratio(each, "AppliedTradeTax", "RateApplicablePercent"),
        )


def _cash_discounts(document: Element | None, settlement: Element | None) -> Iterator[CashDiscount]:
    terms = list(children(settlement, "SpecifiedTradePaymentTerms"))
    told = False
    for each in children(settlement, "SpecifiedTradePaymentTerms"):
        for offered in children(each, "ApplicableTradePaymentDiscountTerms"):
            rate = ratio(offered, "CalculationPercent")
            days = number(offered, "BasisPeriodMeasure")
            if rate:
                told = True
                yield CashDiscount(rate, int(days) if days is not None else None)
    if not told:
        said = [text(each, "Description", longest=2000) for each in terms]
        notes = [text(each, longest=2000) for each in children(document, "IncludedNote", "Content")]
        yield from dict.fromkeys(cash_discounts([*said, *notes]))


def _taxes(settlement: Element | None) -> Iterator[TaxLine]:
    for each in children(settlement, "ApplicableTradeTax"):
        amount, basis = number(each, "CalculatedAmount"), number(each, "BasisAmount")
        if amount is not None and basis is not None:
            yield TaxLine(ratio(each, "RateApplicablePercent"), basis, amount)


def _totals(settlement: Element | None) -> Totals:
    sums = first(settlement, "SpecifiedTradeSettlementHeaderMonetarySummation")
    currency = text(settlement, "InvoiceCurrencyCode")
    taxes = sorted(
        children(sums, "TaxTotalAmount"),
        key=lambda each: each.get("currencyID", currency) != currency,
    )
    return Totals(
        lines=number(sums, "LineTotalAmount"),
        allowances=number(sums, "AllowanceTotalAmount"),
        charges=number(sums, "ChargeTotalAmount"),
        excl=number(sums, "TaxBasisTotalAmount"),
        tax=number(taxes[0]) if taxes else None,
        incl=number(sums, "GrandTotalAmount"),
        prepaid=number(sums, "TotalPrepaidAmount"),
        rounding=number(sums, "RoundingAmount"),
        due=number(sums, "DuePayableAmount"),
    )


def _named(place: Element | None, *path: str) -> Iterator[str]:
    """Yield the numbers of the documents named at a place (the older name of the element too)."""
    for each in children(place, *path):
        found = text(each, _DOCUMENT_ID, longest=120) or text(each, "ID", longest=120)
        if found:
            yield found


def _references(agreement: Element | None, delivery: Element | None) -> Iterator[str]:
    yield from _named(agreement, "BuyerOrderReferencedDocument")
    yield from _named(agreement, "ContractReferencedDocument")
    yield from _named(delivery, "DespatchAdviceReferencedDocument")
    yield from _named(delivery, "DeliveryNoteReferencedDocument")
