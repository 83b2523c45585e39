"""A claim as it goes to its supplier: a workbook of its lines, and a letter with the same table."""

from __future__ import annotations

import datetime as dt
import io
import json
from decimal import Decimal
from importlib.resources import files
from typing import Any

import xlsxwriter

from galien.calculators.discounts.audit.found import LABELS, DifferenceKind, Measure
from galien.kernel import french
from galien.records.models import Claim

TEMPLATE = "claim.typ"
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_COLUMNS = (
    ("Facture", 16), ("Date", 12), ("Écart", 26), ("Code produit", 16), ("Désignation", 38),
    ("Convenu", 11), ("Facturé", 11), ("À récupérer, € HT", 18), ("Contrat", 26), ("Clause", 24),
    ("Détail", 80),
)  # fmt: skip


def label_of(kind: str) -> str:
    """Return the French name of a kind of difference."""
    return LABELS[DifferenceKind(kind)]


def figure_of(finding: dict[str, str], name: str) -> str:
    """Write what was agreed or found, in its unit."""
    value = Decimal(finding[name])
    if finding["measure"] == Measure.RATE.value:
        return french.percent(value)
    if finding["measure"] == Measure.EUROS.value:
        return french.amount(value)
    return f"{french.number(value, 0)} b."


def xlsx(claim: Claim) -> bytes:
    """Return the claim as an Excel workbook: real numbers and dates, a total that adds up."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        book.set_properties({"title": f"Réclamation {claim.reference}"})
        sheet = book.add_worksheet("Réclamation")
        bold = book.add_format({"bold": True})
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        facts = _facts(claim)
        for row, (name, value) in enumerate(facts):
            sheet.write_string(row, 0, name, bold)
            sheet.write_string(row, 2, value)
        top = len(facts) + 1
        for place, (name, width) in enumerate(_COLUMNS):
            sheet.write_string(top, place, name, head)
            sheet.set_column(place, place, width)
        _rows(book, sheet, claim, top + 1)
        sheet.freeze_panes(top + 1, 1)
        if claim.findings:
            sheet.autofilter(top, 0, top + len(claim.findings), len(_COLUMNS) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(top)
    return file.getvalue()


def pdf(claim: Claim) -> bytes:
    """Return the claim as a letter with its table."""
    import typst

    template = files(__package__).joinpath(TEMPLATE).read_bytes()
    data = json.dumps(_letter(claim), ensure_ascii=False)
    return typst.compile(
        template, format="pdf", ignore_system_fonts=True, sys_inputs={"claim": data}
    )


def _facts(claim: Claim) -> list[tuple[str, str]]:
    days = f"du {french.day(claim.first_day)} au {french.day(claim.last_day)}"
    return [
        ("Réclamation", claim.reference),
        ("Pharmacie", f"{claim.pharmacy.name} ({claim.pharmacy_id})"),
        ("Fournisseur", claim.supplier),
        ("Factures", days),
        ("Demandé", f"{french.amount(claim.claimed)} HT"),
    ]


def _rows(book: Any, sheet: Any, claim: Claim, top: int) -> None:
    date = book.add_format({"num_format": "dd/mm/yyyy"})
    euros = book.add_format({"num_format": "#,##0.00"})
    styles = {
        Measure.RATE.value: book.add_format({"num_format": "0.00%"}),
        Measure.EUROS.value: euros,
        Measure.UNITS.value: book.add_format({"num_format": "#,##0"}),
    }
    for row, each in enumerate(claim.findings, top):
        sheet.write_string(row, 0, each["invoice"])
        sheet.write_datetime(row, 1, _day(each["issued_on"]), date)
        sheet.write_string(row, 2, label_of(each["kind"]))
        sheet.write_string(row, 3, each["product_code"])
        sheet.write_string(row, 4, each["name"])
        for place, name in ((5, "expected"), (6, "found")):
            sheet.write_number(row, place, float(Decimal(each[name])), styles[each["measure"]])
        sheet.write_number(row, 7, float(Decimal(each["amount"])), euros)
        sheet.write_string(row, 8, each["contract"])
        sheet.write_string(row, 9, each["clause"])
        sheet.write_string(row, 10, each["sentence"])
    total = book.add_format({"bold": True, "top": 1, "num_format": "#,##0.00"})
    last = top + len(claim.findings)
    sheet.write_string(last, 0, "Total", total)
    for place in range(1, 7):
        sheet.write_blank(last, place, None, total)
    formula = f"=SUM(H{top + 1}:H{last})"
    sheet.write_formula(last, 7, formula, total, float(claim.claimed))


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _letter(claim: Claim) -> dict[str, Any]:
    invoices = {each["invoice"] for each in claim.findings}
    return {
        "reference": claim.reference,
        "pharmacy": claim.pharmacy.name,
        "finess": claim.pharmacy_id,
        "supplier": claim.supplier,
        "day": french.day(claim.sent_on or claim.created_at.date()),
        "first": french.day(claim.first_day),
        "last": french.day(claim.last_day),
        "count": len(invoices),
        "total": french.amount(claim.claimed),
        "kinds": _by_kind(claim),
        "rows": [
            {
                "invoice": each["invoice"],
                "day": french.day(_day(each["issued_on"])),
                "product": each["product_code"],
                "name": each["name"],
                "kind": label_of(each["kind"]),
                "sentence": each["sentence"],
                "amount": french.number(Decimal(each["amount"]), 2),
            }
            for each in claim.findings
        ],
    }


def _by_kind(claim: Claim) -> list[list[str]]:
    """Return the euros and the number of each kind of difference, the largest first."""
    sums: dict[str, tuple[int, Decimal]] = {}
    for each in claim.findings:
        count, euros = sums.get(each["kind"], (0, Decimal(0)))
        sums[each["kind"]] = (count + 1, euros + Decimal(each["amount"]))
    ordered = sorted(sums.items(), key=lambda pair: -pair[1][1])
    return [
        [label_of(kind), french.number(count), french.number(euros, 2)]
        for kind, (count, euros) in ordered
    ]
