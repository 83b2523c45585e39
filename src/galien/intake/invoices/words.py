"""What an invoice says in words or codes: product codes, kinds of document, terms of payment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from galien.kernel.codes import product_code_kind
from galien.kernel.french import fold
from galien.model.invoices import CashDiscount, InvoiceKind

# UNTDID 1001: the documents that give money back.
CREDIT_NOTES = frozenset(
    {"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532"}
)
_SKONTO = re.compile(r"#SKONTO#TAGE=(\d{1,3})#PROZENT=(\d{1,2}(?:[.,]\d{1,4})?)#")
_RATE = r"(\d{1,2}(?:[.,]\d{1,4})?) ?%"
_DISCOUNT = re.compile(
    rf"(?:escompte|skonto|cash discount)\D{{0,40}}?{_RATE}|{_RATE}\D{{0,20}}escompte"
)
_DAYS = re.compile(r"(\d{1,3}) ?(?:jours?|j\b|days?|tage)")
_CLAUSE = re.compile(r"[;\n]|\. ")
_DIGITS = re.compile(r"\D+")


def kind_of(code: str) -> InvoiceKind:
    """Return what a document is by its type code.

    >>> kind_of("381").value, kind_of("380").value
    ('credit_note', 'invoice')
    """
    return InvoiceKind.CREDIT_NOTE if code in CREDIT_NOTES else InvoiceKind.INVOICE


def product_code(candidates: Iterable[str]) -> str:
    """Return the first candidate that is a product code by its check digit; empty when none is.

    A GTIN of fourteen digits that begins with 0 is the EAN of its box.

    >>> product_code(["REF-12", "03400935955838"]), product_code(["REF-12"])
    ('3400935955838', '')
    """
    for each in candidates:
        bare = each.strip().replace(" ", "")
        if len(bare) == 14 and bare.startswith("0"):
            bare = bare[1:]
        if bare and product_code_kind(bare) not in {"unknown", "cip7"}:
            return bare
    return ""


def siren_of(candidates: Iterable[str]) -> str:
    """Return the SIREN among identifiers: nine digits, the start of a SIRET, the end of a French VAT.

    >>> siren_of(["", "732 829 320 00074"]), siren_of(["FR44732829320"])
    ('732829320', '732829320')
    """
    for each in candidates:
        digits = _DIGITS.sub("", each)
        if each.upper().startswith("FR") and len(digits) in {9, 10, 11}:
            return digits[-9:]
        if len(digits) in {9, 14}:
            return digits[:9]
    return ""


def cash_discounts(terms: Iterable[str]) -> Iterator[CashDiscount]:
    """Yield the discounts that terms of payment offer for paying early.

    Read: the words of a French invoice, and the « SKONTO » lines that German programs write.

    >>> [(str(d.rate), d.days) for d in cash_discounts(["Escompte de 2 % pour paiement à 8 jours"])]
    [('0.02', 8)]
    >>> list(cash_discounts(["Pas d’escompte pour paiement anticipé. Pénalités : 10 %"]))
    []
    """
    for each in terms:
        yield from (
            CashDiscount(_ratio(rate), int(days)) for days, rate in _SKONTO.findall(each.upper())
        )
        for clause in _CLAUSE.split(fold(_SKONTO.sub("", each))):
            found = _DISCOUNT.search(clause)
            rate = _ratio(found[1] or found[2]) if found else Decimal(0)
            if rate:
                days = _DAYS.search(clause)
                yield CashDiscount(rate, int(days[1]) if days else None)


def _ratio(percent: str) -> Decimal:
    return Decimal(percent.replace(",", ".")) / 100
