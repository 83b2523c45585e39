"""The controls of an invoice: what must be there, and sums that must hold (EN 16931, BR-CO-10 to 17)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from galien.intake.outcome import Stop
from galien.kernel import french
from galien.kernel.money import round_amount
from galien.model.invoices import ZERO, Invoice, InvoiceKind, InvoiceLine
from galien.warehouse.ledger import Issue

CENT = Decimal("0.01")
MOST_LINES = 20_000
LARGEST = Decimal(10) ** 12


def required(invoice: Invoice, *, dated: bool) -> None:
    """Refuse what cannot be kept: no number, no date, no seller, another currency; Stop."""
    missing = [
        what
        for what, there in (
            ("le numéro", bool(invoice.number)),
            ("la date", dated),
            ("le nom du vendeur", bool(invoice.seller.name)),
        )
        if not there
    ]
    if missing:
        raise Stop(
            "INVOICE_INCOMPLETE",
            f"La facture ne porte pas {' ni '.join(missing)} : demandez au fournisseur de la refaire.",
        )
    if invoice.currency != "EUR":
        raise Stop(
            "INVOICE_CURRENCY",
            f"La facture est en {invoice.currency[:3]} : seules les factures en euros se contrôlent.",
        )
    if max(abs(invoice.total_excl), abs(invoice.total_incl)) >= LARGEST:
        raise Stop("INVOICE_NUMBER", "Le total de la facture est démesuré : faites-la refaire.")
    if len(invoice.lines) > MOST_LINES:
        raise Stop("INVOICE_TOO_LONG", "La facture a plus de 20 000 lignes : faites-la scinder.")


def remarks(invoice: Invoice, today: dt.date) -> Iterator[Issue]:
    """Yield what does not hold in an invoice that is kept all the same."""
    if not invoice.lines:
        yield _warn(
            "NO_LINES",
            "La facture ne porte aucune ligne (profil MINIMUM ou BASIC WL) : ses totaux sont gardés, ses "
            "conditions ne peuvent pas être contrôlées. Demandez au fournisseur le profil EN 16931.",
        )
    if invoice.issued_on > today:
        yield _warn("DATE_AHEAD", "La date de la facture est dans le futur : vérifiez-la.")
    if invoice.due_on and invoice.due_on < invoice.issued_on:
        yield _warn("DUE_BEFORE", "L’échéance précède la date de la facture : vérifiez-la.")
    for place, line in enumerate(invoice.lines, 1):
        yield from _line(line, place, credit=invoice.kind is InvoiceKind.CREDIT_NOTE)
    yield from _sums(invoice)
    yield from _taxes(invoice)


def _line(line: InvoiceLine, place: int, *, credit: bool) -> Iterator[Issue]:
    if not line.product_code and not credit:
        yield _warn(
            "PRODUCT_CODE",
            f"Ligne {line.number or place} : aucun code produit valide (CIP13, EAN13) ; elle est gardée et "
            "ne peut pas être rapprochée d’un produit.",
            place,
        )
    adjusted = sum((each.signed for each in line.adjustments), ZERO)
    expected = line.unit_net * line.quantity + adjusted
    if abs(line.net_amount - expected) > CENT:
        yield _warn(
            "LINE_TOTAL",
            f"Ligne {line.number or place} : quantité × prix, remises et frais déduits, donne "
            f"{french.amount(round_amount(expected))} et non {french.amount(line.net_amount)}.",
            place,
        )
    if line.gross_price is not None and line.gross_price < line.net_price:
        yield _warn(
            "NET_OVER_GROSS",
            f"Ligne {line.number or place} : le prix net dépasse le prix brut.",
            place,
        )


def _sums(invoice: Invoice) -> Iterator[Issue]:
    totals = invoice.totals
    lines = sum((each.net_amount for each in invoice.lines), ZERO)
    allowances = sum((each.amount for each in invoice.adjustments if not each.charge), ZERO)
    charges = sum((each.amount for each in invoice.adjustments if each.charge), ZERO)
    whole = totals.lines if totals.lines is not None else lines
    excl = whole - (totals.allowances or ZERO) + (totals.charges or ZERO)
    tax = sum((each.amount for each in invoice.taxes), ZERO)
    known_tax = totals.tax if totals.tax is not None else tax
    due = (totals.incl or ZERO) - (totals.prepaid or ZERO) + (totals.rounding or ZERO)
    rules: tuple[tuple[bool, str, str, Decimal, Decimal | None], ...] = (
        (bool(invoice.lines), "BR-CO-10", "la somme des lignes", lines, totals.lines),
        (bool(invoice.lines), "BR-CO-11", "la somme des remises de pied", allowances, totals.allowances),
        (bool(invoice.lines), "BR-CO-12", "la somme des frais de pied", charges, totals.charges),
        (totals.lines is not None, "BR-CO-13", "le total hors taxe", excl, totals.excl),
        (bool(invoice.taxes), "BR-CO-14", "la somme de la TVA", tax, totals.tax),
        (totals.excl is not None, "BR-CO-15", "le total TTC", invoice.total_excl + known_tax, totals.incl),
        (totals.incl is not None, "BR-CO-16", "le net à payer", due, totals.due),
    )  # fmt: skip
    for applies, code, what, expected, found in rules:
        if applies and found is not None and abs(expected - found) > CENT:
            yield _warn(
                code,
                f"{what[0].upper()}{what[1:]} donne {french.amount(round_amount(expected))} ; la facture "
                f"porte {french.amount(found)}. Signalez-le au fournisseur.",
            )


def _taxes(invoice: Invoice) -> Iterator[Issue]:
    for each in invoice.taxes:
        if each.rate is None:
            continue
        expected = round_amount(each.basis * each.rate)
        if abs(expected - each.amount) > CENT:
            yield _warn(
                "BR-CO-17",
                f"La TVA à {french.percent(each.rate)} donne {french.amount(expected)} ; la facture porte "
                f"{french.amount(each.amount)}. Signalez-le au fournisseur.",
            )


def _warn(code: str, message: str, line: int = 0) -> Issue:
    return Issue(line, "", code, message, "warning")
