"""Suppliers' invoices, written by another program as Factur-X, CII and UBL, and read back equal."""

from __future__ import annotations

import datetime as dt
import io
import random
import zipfile
from dataclasses import replace
from decimal import Decimal

import pytest

from galien.demo.invoices.writing import file_of, pdf_of, xml_of
from galien.intake import InvoiceReading, read_invoices
from galien.intake.invoices.parcel import packed, unpacked
from galien.intake.invoices.reading import read_one
from galien.model.invoices import (
    Adjustment,
    CashDiscount,
    Firm,
    Invoice,
    InvoiceForm,
    InvoiceKind,
    TaxLine,
)
from tests.builders.invoices import AMOXICILLIN, PARACETAMOL, VAT, invoice, line

TODAY = dt.date(2026, 11, 22)
FREIGHT = Adjustment(Decimal("5.00"), charge=True, code="FC", reason="Port", vat_rate=VAT)
DISCOUNT = Adjustment(Decimal("2.00"), code="95", reason="Remise 10 %")
ONE = invoice(
    (
        line(AMOXICILLIN, 10, "10.00", "6.50", name="Amoxicilline 1 g"),
        line(PARACETAMOL, 10, "2.00", "2.00", DISCOUNT, name="Paracétamol 500 mg"),
        line(PARACETAMOL, 2, "0", "0", name="Paracétamol 500 mg, unités gratuites"),
    ),
    (FREIGHT,),
    cash=(CashDiscount(Decimal("0.02"), 8),),
)


def read(data: bytes, name: str = "facture") -> InvoiceReading:
    return read_one(data, name, TODAY)


def same(found: Invoice | None) -> Invoice:
    assert found is not None
    return replace(found, profile="")


@pytest.mark.parametrize("form", InvoiceForm)
def test_an_invoice_of_another_program_is_read_back_whole(form: InvoiceForm) -> None:
    written = replace(ONE, form=form)
    found = read(file_of(written)[1])
    assert same(found.invoice) == written
    assert found.issues == ()


@pytest.mark.parametrize("form", [InvoiceForm.CII, InvoiceForm.UBL])
def test_what_is_written_is_valid_by_the_official_schema(form: InvoiceForm) -> None:
    assert xml_of(replace(ONE, form=form), check=True)


@pytest.mark.parametrize("form", [InvoiceForm.CII, InvoiceForm.UBL])
def test_a_credit_note_names_the_invoice_it_corrects(form: InvoiceForm) -> None:
    note = replace(ONE, form=form, kind=InvoiceKind.CREDIT_NOTE, preceding=("F2026-1",))
    found = same(read(xml_of(note)).invoice)
    assert (found.kind, found.sign, found.preceding) == (InvoiceKind.CREDIT_NOTE, -1, ("F2026-1",))


@pytest.mark.parametrize("form", [InvoiceForm.CII, InvoiceForm.UBL])
def test_a_price_for_ten_is_brought_back_to_one(form: InvoiceForm) -> None:
    sold = replace(
        line(AMOXICILLIN, 30, "100", "65"),
        base_quantity=Decimal(10),
        net_amount=Decimal("195.00"),
    )
    found = same(read(xml_of(invoice([sold], form=form))).invoice).lines[0]
    assert [found.unit_gross, found.unit_net, found.net_amount] == [10, Decimal("6.5"), 195]


def test_a_child_process_reads_a_zip_of_several() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for form in InvoiceForm:
            archive.writestr(*file_of(replace(ONE, form=form, number=f"F-{form.value}")))
        archive.writestr("lisez-moi.txt", "Bonjour")
    file.seek(0)
    found = read_invoices(file, filename="lot.zip", today=TODAY)
    assert [each.invoice.number if each.invoice else each.issues[0].code for each in found] == [
        "F-factur-x",
        "F-cii",
        "F-ubl",
        "XML_UNREADABLE",
    ]


def test_a_reading_crosses_from_the_child_unchanged() -> None:
    found = read(xml_of(ONE))
    assert unpacked(packed((found,))) == (found,)


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "cp1252", "utf-8-sig"])
def test_every_encoding_an_xml_declares_is_read(encoding: str) -> None:
    declared = {"cp1252": "windows-1252", "utf-8-sig": "UTF-8"}.get(encoding, encoding)
    text = xml_of(replace(ONE, form=InvoiceForm.CII)).decode()
    body = text.partition("?>")[2]
    data = f'<?xml version="1.0" encoding="{declared}"?>{body}'.encode(encoding)
    found = read(data)
    assert same(found.invoice).lines[1].name == "Paracétamol 500 mg"
    assert found.issues == ()


def test_an_encoding_that_lies_is_read_all_the_same_and_told() -> None:
    text = xml_of(replace(ONE, form=InvoiceForm.UBL)).decode()
    found = read(text.encode("cp1252"))
    assert same(found.invoice).lines[1].name == "Paracétamol 500 mg"
    assert [each.code for each in found.issues] == ["ENCODING"]


def test_a_profile_without_lines_is_kept_and_said() -> None:
    bare = replace(ONE, lines=(), form=InvoiceForm.CII)
    found = read(xml_of(bare, level="basicwl"))
    assert same(found.invoice).totals == bare.totals
    assert "NO_LINES" in {each.code for each in found.issues}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"lines": Decimal(1)}, "BR-CO-10"),
        ({"allowances": Decimal(1)}, "BR-CO-11"),
        ({"charges": Decimal(1)}, "BR-CO-12"),
        ({"excl": Decimal(1)}, "BR-CO-13"),
        ({"tax": Decimal(1)}, "BR-CO-14"),
        ({"incl": Decimal(1)}, "BR-CO-15"),
        ({"due": Decimal(1)}, "BR-CO-16"),
    ],
)
def test_each_total_that_does_not_add_up_is_told(change: dict[str, Decimal], code: str) -> None:
    wrong = replace(ONE, form=InvoiceForm.UBL, totals=replace(ONE.totals, **change))
    found = read(xml_of(wrong))
    assert found.invoice is not None
    assert code in {each.code for each in found.issues}


def test_a_tax_and_a_line_that_do_not_add_up_are_told() -> None:
    wrong = replace(
        ONE,
        form=InvoiceForm.CII,
        lines=(replace(ONE.lines[0], net_amount=Decimal("70.00")), *ONE.lines[1:]),
        taxes=(TaxLine(VAT, Decimal(100), Decimal(20)),),
    )
    codes = {each.code for each in read(xml_of(wrong)).issues}
    assert {"LINE_TOTAL", "BR-CO-17"} <= codes


def test_an_unknown_product_is_kept() -> None:
    unknown = replace(ONE.lines[0], product_code="", seller_code="REF-1")
    found = read(xml_of(replace(invoice([unknown]), form=InvoiceForm.CII)))
    assert same(found.invoice).lines[0].seller_code == "REF-1"
    assert [each.code for each in found.issues] == ["PRODUCT_CODE"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "EMPTY_FILE"),
        (b"<Invoice>", "XML_UNREADABLE"),
        (b"<html></html>", "NOT_AN_INVOICE"),
        (b"<Invoice></Invoice>", "INVOICE_INCOMPLETE"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><Invoice>&b;</Invoice>', "XML_DTD"),
        (b'<!DOCTYPE a SYSTEM "http://exemple.invalid/a.dtd"><Invoice/>', "XML_DTD"),
        (b"<a>" * 100 + b"</a>" * 100, "XML_TOO_LARGE"),
        (b"%PDF-1.7 rien", "PDF_UNREADABLE"),
        (b"PK\x03\x04 rien", "ARCHIVE_TRUNCATED"),
    ],
)
def test_what_is_no_invoice_is_refused_with_a_sentence(data: bytes, code: str) -> None:
    (found,) = read_invoices(io.BytesIO(data), today=TODAY, isolated=False)
    assert found.invoice is None
    assert found.issues[0].code == code
    assert found.issues[0].message.endswith(".")


def test_a_damaged_pdf_is_refused_wherever_it_is_cut() -> None:
    whole = pdf_of(ONE, xml_of(ONE))
    for share in range(5, 100, 9):
        found = read(whole[: len(whole) * share // 100])
        assert found.invoice is None or same(found.invoice) == ONE
        assert found.invoice or found.issues[0].code.startswith("PDF_")


@pytest.mark.parametrize("form", InvoiceForm)
def test_bytes_changed_at_random_never_break_the_reading(form: InvoiceForm) -> None:
    whole = file_of(replace(ONE, form=form))[1]
    drawn = random.Random(form.value)
    for _ in range(30 if form is InvoiceForm.FACTURX else 150):
        data = bytearray(whole)
        for _ in range(drawn.randint(1, 12)):
            data[drawn.randrange(len(data))] = drawn.choice(b'0123456789<>-eE.\x00\xff "x')
        found = read(bytes(data))
        assert found.invoice is not None or found.issues[0].message.endswith(".")


def test_a_pdf_without_invoice_says_what_to_ask_for() -> None:
    import typst

    found = read(typst.compile(b"Facture", format="pdf", ignore_system_fonts=True))
    assert found.issues[0].code == "PDF_WITHOUT_INVOICE"


def test_a_line_about_a_patient_refuses_the_invoice() -> None:
    about = replace(ONE.lines[0], name="Location lit, Mme Durand née le 02/03/1950")
    found = read(xml_of(invoice([about])), "durand.xml")
    assert (found.invoice, found.filename, found.issues[0].code) == (None, "", "PERSONAL_DATA")


def test_contacts_are_not_kept() -> None:
    text = xml_of(replace(ONE, form=InvoiceForm.UBL)).decode()
    contact = "<cac:Contact><cbc:Name>Jean Dupont</cbc:Name></cac:Contact></cac:Party>"
    found = read(text.replace("</cac:Party>", contact, 1).encode())
    assert found.invoice is not None
    assert "Dupont" not in packed((found,)).decode()
    assert found.invoice.seller == Firm("Labo Alpha SAS", "732829320", "FR44732829320")
