"""Invoices as other programs write them: older names, other prefixes, what only extended profiles have."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from galien.intake.invoices.reading import read_one
from galien.model.invoices import CashDiscount, Firm, Invoice, InvoiceForm, InvoiceKind

TODAY = dt.date(2026, 11, 22)

# ZUGFeRD 1.0, before the names of today.
ZUGFERD_1 = """<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryDocument xmlns:rsm="urn:ferd:CrossIndustryDocument:invoice:1p0"
  xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:12"
  xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:15">
 <rsm:SpecifiedExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter>
  <ram:ID>urn:ferd:CrossIndustryDocument:invoice:1p0:comfort</ram:ID>
 </ram:GuidelineSpecifiedDocumentContextParameter></rsm:SpecifiedExchangedDocumentContext>
 <rsm:HeaderExchangedDocument><ram:ID>R-87</ram:ID><ram:TypeCode>380</ram:TypeCode>
  <ram:IssueDateTime><udt:DateTimeString format="102">20261005</udt:DateTimeString></ram:IssueDateTime>
 </rsm:HeaderExchangedDocument>
 <rsm:SpecifiedSupplyChainTradeTransaction>
  <ram:ApplicableSupplyChainTradeAgreement>
   <ram:SellerTradeParty><ram:Name>Lieferant GmbH</ram:Name></ram:SellerTradeParty>
   <ram:BuyerTradeParty><ram:Name>Pharmacie</ram:Name></ram:BuyerTradeParty>
  </ram:ApplicableSupplyChainTradeAgreement>
  <ram:ApplicableSupplyChainTradeDelivery/>
  <ram:ApplicableSupplyChainTradeSettlement><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
   <ram:SpecifiedTradePaymentTerms><ram:Description>#SKONTO#TAGE=14#PROZENT=2.00#</ram:Description>
   </ram:SpecifiedTradePaymentTerms>
   <ram:SpecifiedTradeSettlementMonetarySummation>
    <ram:LineTotalAmount currencyID="EUR">45.00</ram:LineTotalAmount>
    <ram:TaxBasisTotalAmount currencyID="EUR">45.00</ram:TaxBasisTotalAmount>
    <ram:GrandTotalAmount currencyID="EUR">49.50</ram:GrandTotalAmount>
   </ram:SpecifiedTradeSettlementMonetarySummation>
  </ram:ApplicableSupplyChainTradeSettlement>
  <ram:IncludedSupplyChainTradeLineItem>
   <ram:AssociatedDocumentLineDocument><ram:LineID>1</ram:LineID></ram:AssociatedDocumentLineDocument>
   <ram:SpecifiedSupplyChainTradeAgreement>
    <ram:GrossPriceProductTradePrice><ram:ChargeAmount currencyID="EUR">10.0000</ram:ChargeAmount>
     <ram:AppliedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>false</udt:Indicator></ram:ChargeIndicator>
      <ram:ActualAmount currencyID="EUR">1.0000</ram:ActualAmount></ram:AppliedTradeAllowanceCharge>
    </ram:GrossPriceProductTradePrice>
    <ram:NetPriceProductTradePrice><ram:ChargeAmount currencyID="EUR">9.0000</ram:ChargeAmount>
    </ram:NetPriceProductTradePrice>
   </ram:SpecifiedSupplyChainTradeAgreement>
   <ram:SpecifiedSupplyChainTradeDelivery><ram:BilledQuantity unitCode="C62">5.0000</ram:BilledQuantity>
   </ram:SpecifiedSupplyChainTradeDelivery>
   <ram:SpecifiedSupplyChainTradeSettlement><ram:ApplicableTradeTax>
     <ram:ApplicablePercent>10.00</ram:ApplicablePercent></ram:ApplicableTradeTax>
    <ram:SpecifiedTradeSettlementMonetarySummation>
     <ram:LineTotalAmount currencyID="EUR">45.00</ram:LineTotalAmount>
    </ram:SpecifiedTradeSettlementMonetarySummation>
   </ram:SpecifiedSupplyChainTradeSettlement>
   <ram:SpecifiedTradeProduct><ram:GlobalID schemeID="0160">03400935955838</ram:GlobalID>
    <ram:Name>Amoxicilline</ram:Name></ram:SpecifiedTradeProduct>
  </ram:IncludedSupplyChainTradeLineItem>
 </rsm:SpecifiedSupplyChainTradeTransaction>
</rsm:CrossIndustryDocument>"""

# What the EXTENDED profile of Factur-X adds, without prefixes.
EXTENDED = """<CrossIndustryInvoice xmlns="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100">
 <ExchangedDocument><ID>E-1</ID><TypeCode>380</TypeCode>
  <IssueDateTime><DateTimeString format="102">20261005</DateTimeString></IssueDateTime></ExchangedDocument>
 <SupplyChainTradeTransaction>
  <IncludedSupplyChainTradeLineItem><AssociatedDocumentLineDocument><LineID>1</LineID>
    <LineStatusReasonCode>GROUP</LineStatusReasonCode></AssociatedDocumentLineDocument>
   <SpecifiedTradeProduct><Name>Gamme hiver</Name></SpecifiedTradeProduct></IncludedSupplyChainTradeLineItem>
  <IncludedSupplyChainTradeLineItem><AssociatedDocumentLineDocument><LineID>1.1</LineID></AssociatedDocumentLineDocument>
   <SpecifiedTradeProduct><SellerAssignedID>3400935955838</SellerAssignedID><Name>Sirop</Name></SpecifiedTradeProduct>
   <SpecifiedLineTradeAgreement><NetPriceProductTradePrice><ChargeAmount>60</ChargeAmount>
    <BasisQuantity unitCode="C62">10</BasisQuantity></NetPriceProductTradePrice></SpecifiedLineTradeAgreement>
   <SpecifiedLineTradeDelivery><BilledQuantity unitCode="C62">20</BilledQuantity>
    <ChargeFreeQuantity unitCode="C62">4</ChargeFreeQuantity></SpecifiedLineTradeDelivery>
   <SpecifiedLineTradeSettlement><SpecifiedTradeSettlementLineMonetarySummation>
    <LineTotalAmount>120.00</LineTotalAmount></SpecifiedTradeSettlementLineMonetarySummation>
   </SpecifiedLineTradeSettlement></IncludedSupplyChainTradeLineItem>
  <ApplicableHeaderTradeAgreement><SellerTradeParty><GlobalID schemeID="0009">73282932000074</GlobalID>
    <Name>Labo</Name>
    <DefinedTradeContact><PersonName>Jean Dupont</PersonName></DefinedTradeContact></SellerTradeParty>
  </ApplicableHeaderTradeAgreement>
  <ApplicableHeaderTradeDelivery><DespatchAdviceReferencedDocument><IssuerAssignedID>BL77</IssuerAssignedID>
   </DespatchAdviceReferencedDocument></ApplicableHeaderTradeDelivery>
  <ApplicableHeaderTradeSettlement><InvoiceCurrencyCode>EUR</InvoiceCurrencyCode>
   <SpecifiedLogisticsServiceCharge><Description>Transport</Description><AppliedAmount>9.90</AppliedAmount>
   </SpecifiedLogisticsServiceCharge>
   <SpecifiedTradePaymentTerms><ApplicableTradePaymentDiscountTerms>
     <BasisPeriodMeasure unitCode="DAY">10</BasisPeriodMeasure><CalculationPercent>1.50</CalculationPercent>
    </ApplicableTradePaymentDiscountTerms></SpecifiedTradePaymentTerms>
  </ApplicableHeaderTradeSettlement>
 </SupplyChainTradeTransaction>
</CrossIndustryInvoice>"""

# A UBL credit note in the envelope of a network, with prefixes of its own.
ENVELOPED = """<StandardBusinessDocument xmlns="http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader">
 <StandardBusinessDocumentHeader/>
 <u:CreditNote xmlns:u="urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"
  xmlns:a="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
  xmlns:b="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <b:ID>AV-9</b:ID><b:IssueDate>2026-10-20</b:IssueDate><b:DocumentCurrencyCode>EUR</b:DocumentCurrencyCode>
  <a:BillingReference><a:InvoiceDocumentReference><b:ID>F-3</b:ID></a:InvoiceDocumentReference></a:BillingReference>
  <a:AccountingSupplierParty><a:Party><a:PartyName><b:Name>Labo</b:Name></a:PartyName></a:Party></a:AccountingSupplierParty>
  <a:AccountingCustomerParty><a:Party/></a:AccountingCustomerParty>
  <a:CreditNoteLine><b:ID>1</b:ID><b:CreditedQuantity unitCode="EA">2</b:CreditedQuantity>
   <b:LineExtensionAmount currencyID="EUR">20.00</b:LineExtensionAmount>
   <a:Item><b:Name>Sirop</b:Name></a:Item>
   <a:Price><b:PriceAmount currencyID="EUR">10</b:PriceAmount></a:Price>
  </a:CreditNoteLine>
 </u:CreditNote></StandardBusinessDocument>"""


def read(text: str) -> Invoice:
    found = read_one(text.encode(), "facture.xml", TODAY)
    assert found.invoice is not None, found.issues
    return found.invoice


def test_the_first_zugferd_is_read() -> None:
    found = read(ZUGFERD_1)
    (line,) = found.lines
    assert (found.number, found.form, found.issued_on) == (
        "R-87",
        InvoiceForm.CII,
        dt.date(2026, 10, 5),
    )
    assert (line.product_code, line.vat_rate) == ("3400935955838", Decimal("0.1"))
    assert [line.unit_gross, line.unit_net, line.quantity, line.net_amount] == [10, 9, 5, 45]
    assert found.totals.incl == Decimal("49.50")
    assert found.cash_discounts == (CashDiscount(Decimal("0.02"), 14),)


def test_what_the_extended_profile_adds_is_read() -> None:
    found = read(EXTENDED)
    (line,) = found.lines
    assert (line.product_code, line.number) == ("3400935955838", "1.1")
    assert [line.unit_net, line.quantity, line.free_quantity] == [6, 20, 4]
    assert found.seller == Firm("Labo", "732829320")
    assert [(each.code, each.charge, each.amount) for each in found.adjustments] == [
        ("FC", True, Decimal("9.90"))
    ]
    assert found.cash_discounts == (CashDiscount(Decimal("0.015"), 10),)
    assert found.references == ("BL77",)


def test_a_credit_note_in_an_envelope_is_read() -> None:
    found = read(ENVELOPED)
    assert (found.kind, found.preceding) == (InvoiceKind.CREDIT_NOTE, ("F-3",))
    assert [found.total_excl * found.sign, found.lines[0].quantity] == [-20, 2]


def test_a_percentage_alone_is_of_what_it_bears_on() -> None:
    """25 % of 20 × 6 is 30; 10 % of a base of 50 is 5."""
    bare, said = (
        EXTENDED.replace(
            "<SpecifiedLineTradeSettlement>",
            "<SpecifiedLineTradeSettlement><SpecifiedTradeAllowanceCharge><ChargeIndicator><Indicator>"
            f"false</Indicator></ChargeIndicator>{how}</SpecifiedTradeAllowanceCharge>",
        )
        for how in (
            "<CalculationPercent>25</CalculationPercent>",
            "<CalculationPercent>10</CalculationPercent><BasisAmount>50</BasisAmount>",
        )
    )
    for text, amount in ((bare, "30"), (said, "5")):
        (line,) = read(text).lines
        assert [each.signed for each in line.adjustments] == [-Decimal(amount)]
    allowance = (
        "<a:AllowanceCharge><b:ChargeIndicator>false</b:ChargeIndicator>"
        "<b:MultiplierFactorNumeric>25</b:MultiplierFactorNumeric></a:AllowanceCharge><a:Item>"
    )
    (line,) = read(ENVELOPED.replace("<a:Item>", allowance)).lines
    assert [each.signed for each in line.adjustments] == [-5]


@pytest.mark.parametrize("written", ["1e999999", "NaN", "9" * 400, "douze"])
def test_a_quantity_that_is_no_number_is_refused_by_its_name(written: str) -> None:
    text = ENVELOPED.replace('"EA">2<', f'"EA">{written}<')
    found = read_one(text.encode(), "avoir.xml", TODAY)
    assert [(each.code, each.column) for each in found.issues] == [
        ("INVOICE_NUMBER", "CreditedQuantity")
    ]
