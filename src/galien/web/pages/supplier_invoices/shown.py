"""How invoices are printed: the list, the lines of one, what differs from what was agreed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.http import HttpRequest

from galien.calculators.discounts.audit.found import LABELS, Difference, Measure
from galien.kernel import french
from galien.model.invoices import ZERO, InvoiceForm, InvoiceLine
from galien.records.models import SupplierInvoice
from galien.usecases.claims.book import place_of
from galien.usecases.invoices.audits import Examined
from galien.web.components.models import Headline, Link, PageHead, Row, TableModel, Tone
from galien.web.lists import (
    badge,
    code,
    count,
    counted,
    day,
    link,
    moment,
    paged,
    plain_table,
    text,
    wrapped,
)

FORMS = {InvoiceForm.FACTURX: "Factur-X", InvoiceForm.CII: "CII", InvoiceForm.UBL: "UBL"}
Unclaimed = Mapping[int, Sequence[tuple[Examined, Difference]]]


def headlines(examined: Sequence[Examined], free: Unclaimed) -> tuple[Headline, ...]:
    """Return the figures of the list: what can be claimed, what was, what was looked at."""
    owed = sum((each.audit.recoverable for each in examined), ZERO)
    open_ = sum((one.amount for found in free.values() for _, one in found), ZERO)
    audited = [each for each in examined if each.row.total_excl >= 0]
    bought = sum((each.row.total_excl for each in audited), ZERO)
    wrong = sum(bool(each.audit.differences) for each in audited)
    return (
        Headline.euros("À réclamer", open_, "Écarts qu’aucune réclamation ne demande encore"),
        Headline.euros("Écarts trouvés", owed, f"{wrong} factures sur {len(audited)}"),
        Headline.euros("Factures contrôlées", bought, "Hors taxe, avoirs à part"),
    )


def table(request: HttpRequest, examined: Sequence[Examined], free: Unclaimed) -> TableModel:
    """Return the list of invoices, a page of it."""
    columns = (
        day("issued_on", "Date"), text("number", "Numéro"), text("supplier", "Fournisseur"),
        text("pharmacy", "Pharmacie"), text("form", "Forme"),
        count("total", "Total HT", unit="€", decimals=2), text("state", "Contrôle"),
        count("owed", "Écarts", unit="€", decimals=2),
        count("open", "À réclamer", unit="€", decimals=2),
    )  # fmt: skip
    kept, pages = paged(request, examined, noun=("document", "documents"))
    rows = (
        Row((
            each.row.issued_on, link(each.row.number, f"/achats/factures/{each.row.pk}"),
            each.row.supplier, each.row.pharmacy.name, FORMS[each.invoice.form],
            each.row.total_excl, _state(each), each.audit.recoverable or None,
            sum((one.amount for _, one in free[each.row.pk]), ZERO) or None,
        ))
        for each in kept
    )  # fmt: skip
    return plain_table(
        "Factures et avoirs", columns, rows, pages=pages, noun=("document", "documents"),
        identity="factures",
    )  # fmt: skip


def _state(each: Examined) -> object:
    if each.row.total_excl < 0:
        return badge("Avoir")
    number = len(each.audit.differences)
    if number:
        return badge(counted(number, "écart", "écarts"), Tone.WARNING)
    if not each.invoice.lines:
        return badge("Sans ligne", Tone.WARNING)
    if not each.audit.contracts:
        return badge("Sans contrat")
    return badge("Conforme", Tone.GOOD)


def head(each: Examined) -> PageHead:
    """Return the top of an invoice's page."""
    row = each.row
    title = f"{row.get_kind_display()} {row.number}"
    return PageHead(
        title,
        when=f"{row.supplier} · {row.pharmacy.name}",
        note=french.day(row.issued_on),
        crumbs=(Link("Contrôle des factures", "/achats/factures"), Link(title, "")),
    )


def own_headlines(each: Examined) -> tuple[Headline, ...]:
    """Return the figures of an invoice."""
    number = len(each.audit.differences)
    return (
        Headline.euros("À récupérer", each.audit.recoverable, counted(number, "écart", "écarts")),
        Headline.euros(
            "Total HT", each.row.total_excl, f"{french.amount(each.row.total_incl)} TTC"
        ),
        Headline(
            "Produits sous contrat",
            f"{each.audit.covered} sur {each.audit.products}",
            against=", ".join(each.audit.contracts) or "Aucun contrat en cours",
        ),
    )


def differences(each: Examined, asked: set[tuple[str, str, str, str]]) -> TableModel | None:
    """Return what differs; None when nothing does."""
    if not each.audit.differences:
        return None
    columns = (
        text("kind", "Écart"), text("product", "Produit"), text("sentence", "Ce qui était convenu"),
        text("expected", "Convenu"), text("found", "Facturé"),
        count("amount", "À récupérer", unit="€", decimals=2), text("claimed", "Réclamé"),
    )  # fmt: skip
    rows = (
        Row((
            LABELS[one.kind], wrapped(one.name), wrapped(one.sentence), _figure(one, one.expected),
            _figure(one, one.found), one.amount, _claimed(each.row, one, asked),
        ))
        for one in each.audit.differences
    )  # fmt: skip
    return plain_table("Écarts", columns, rows, noun=("écart", "écarts"), identity="ecarts")


def _figure(one: Difference, value: Decimal) -> str:
    if one.measure is Measure.RATE:
        return french.percent(value)
    if one.measure is Measure.EUROS:
        return french.amount(value)
    return counted(int(value), "boîte", "boîtes")


def _claimed(
    row: SupplierInvoice, one: Difference, asked: set[tuple[str, str, str, str]]
) -> object:
    known = (row.supplier, row.number, one.kind.value, place_of(one)) in asked
    return badge("Réclamé", Tone.GOOD) if known else badge("À réclamer", Tone.WARNING)


def lines(each: Examined) -> TableModel | None:
    """Return the lines of the invoice beside what was delivered; None when it carries none."""
    if not each.invoice.lines:
        return None
    columns = (
        text("number", "Ligne"), text("code", "Code"), text("name", "Désignation"),
        count("quantity", "Qté"), count("delivered", "Livré"),
        count("gross", "Prix brut", unit="€", decimals=2), count("net", "Prix net", unit="€", decimals=2),
        count("amount", "Montant HT", unit="€", decimals=2), text("vat", "TVA"),
    )  # fmt: skip
    rows = (
        Row((
            line.number, code(line.product_code or line.seller_code or "–"), wrapped(line.name),
            line.quantity, _delivered(each, line), line.unit_gross, line.unit_net, line.net_amount,
            french.percent(line.vat_rate, 1) if line.vat_rate is not None else "",
        ))
        for line in each.invoice.lines
    )  # fmt: skip
    return plain_table("Lignes", columns, rows, noun=("ligne", "lignes"), identity="lignes")


def _delivered(each: Examined, line: InvoiceLine) -> Decimal | None:
    found = each.matched.delivered.get(line.product_code)
    if found is None or not line.product_code:
        return None
    return found.free if line.is_free else found.paid


def facts(each: Examined) -> list[tuple[str, object]]:
    """Return who, when and how the invoice came."""
    row, invoice = each.row, each.invoice
    terms = "\u00a0; ".join(
        f"{french.percent(offer.rate)}" + (f" sous {offer.days} jours" if offer.days else "")
        for offer in invoice.cash_discounts
    )
    pairs = [
        ("Fournisseur", row.supplier),
        ("SIREN", invoice.seller.siren),
        ("Échéance", french.day(row.due_on) if row.due_on else ""),
        ("Escompte proposé", terms),
        ("Livraisons rapprochées", ", ".join(each.matched.documents)),
        ("Répond à", ", ".join(invoice.preceding)),
        ("Forme", FORMS[invoice.form]),
        ("Fichier", row.filename),
        ("Reçue", f"{moment(row.received_at)}, {row.received_by}".strip(", ")),
    ]
    return [(name, value) for name, value in pairs if value]


def totals(each: Examined) -> list[tuple[str, object]]:
    """Return the foot of the invoice: allowances, charges, VAT and totals."""
    pairs: list[tuple[str, object]] = [
        (one.reason or ("Frais" if one.charge else "Remise"), french.amount(one.signed))
        for one in each.invoice.adjustments
    ]
    pairs.append(("Total HT", french.amount(abs(each.row.total_excl))))
    for each_rate in each.invoice.taxes:
        rate = "" if each_rate.rate is None else french.percent(each_rate.rate, 1)
        pairs.append((f"TVA {rate}".strip(), french.amount(each_rate.amount)))
    pairs.append(("Total TTC", french.amount(abs(each.row.total_incl))))
    return pairs


def issues(row: SupplierInvoice) -> TableModel | None:
    """Return the remarks on the file; None when there is none."""
    if not row.issues:
        return None
    columns = (text("code", "Code"), text("message", "Remarque"))
    rows = (Row((code(each["code"]), wrapped(each["message"]))) for each in row.issues)
    return plain_table(
        "Remarques", columns, rows, noun=("remarque", "remarques"), identity="remarques"
    )
