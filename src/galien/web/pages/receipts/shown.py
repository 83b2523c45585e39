"""How receipts are printed: the list and its filters, the sheet of one, its problems."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal

from markupsafe import Markup

from galien.kernel import french
from galien.records.models import QuarantineRow, Receipt
from galien.usecases.receipts import STATUS_LABELS, ReceiptSheet
from galien.warehouse.ledger import ReceiptStatus
from galien.web.components.models import (
    Field,
    Link,
    Notice,
    PageHead,
    Pages,
    Row,
    TableModel,
    Tone,
)
from galien.web.lists import (
    FEED_LABELS,
    badge,
    code,
    count,
    counted,
    moment,
    options,
    plain_table,
    span,
    text,
    wrapped,
)

TONES = {
    ReceiptStatus.ACCEPTED: Tone.GOOD,
    ReceiptStatus.HELD: Tone.WARNING,
    ReceiptStatus.REFUSED: Tone.ERROR,
    ReceiptStatus.DUPLICATE: Tone.INFO,
    ReceiptStatus.DISCARDED: Tone.NEUTRAL,
}
SEVERITIES = {
    "error": ("Écartée", Tone.ERROR),
    "warning": ("Signalée", Tone.WARNING),
    "stop": ("Arrêt", Tone.ERROR),
}
HOME = Link("Données", "")
LIST = Link("Fichiers et récépissés", "/donnees/fichiers")
REFUSED = {
    "PERSONAL_DATA": "Le fichier contient des données de patients. Rien n’en a été gardé, pas même "
    "son nom\u00a0: retirez la colonne nommée ci-dessous de l’export, puis renvoyez-le.",
}


def fields(names: Mapping[str, str], *, pharmacy: str, feed: str, status: str) -> tuple[Field, ...]:
    """Return the filters of the list."""
    states = {status.value: label for status, label in STATUS_LABELS.items()}
    return (
        Field("pharmacie", "Pharmacie", kind="select", required=True,
              options=options(names, pharmacy, first="Toutes")),
        Field("flux", "Flux", kind="select", required=True,
              options=options(FEED_LABELS, feed, first="Tous")),
        Field("etat", "État", kind="select", required=True,
              options=options(states, status, first="Tous")),
    )  # fmt: skip


def status_badge(status: str) -> Markup:
    """Return the state of a receipt as a badge."""
    found = ReceiptStatus(status)
    return badge(STATUS_LABELS[found], TONES[found])


def table(rows: Iterable[Receipt], names: Mapping[str, str], pages: Pages) -> TableModel:
    """Return the list of files received."""
    columns = (
        text("file", "Fichier"), text("pharmacy", "Pharmacie"), text("feed", "Flux"),
        text("status", "État"), text("days", "Jours"), count("received", "Lignes"),
        count("accepted", "Acceptées"), count("quarantined", "Écartées"), text("at", "Reçu le"),
    )  # fmt: skip
    made = (
        Row(
            cells=(
                row.filename or row.receipt,
                names.get(row.pharmacy, row.pharmacy),
                FEED_LABELS.get(row.feed, row.feed),
                status_badge(row.status),
                span(row.first_day, row.last_day) or "–",
                row.received,
                row.accepted,
                row.quarantined,
                moment(row.received_at),
            ),
            href=f"/donnees/fichiers/{row.receipt}",
        )
        for row in rows
    )
    return plain_table("Fichiers reçus", columns, made, pages=pages)


def head(sheet: ReceiptSheet) -> PageHead:
    """Return the top of a receipt."""
    receipt = sheet.receipt
    return PageHead(
        title=receipt.filename or f"Récépissé {receipt.receipt}",
        when=f"{sheet.pharmacy} · {FEED_LABELS.get(receipt.feed, receipt.feed)}",
        note=f"reçu le {moment(receipt.received_at)}",
        crumbs=(HOME, LIST, Link(receipt.receipt, "", current=True)),
    )


def notice(sheet: ReceiptSheet) -> Notice | None:
    """Return what to know before the figures: held, refused, dropped."""
    receipt = sheet.receipt
    first = sheet.issues.filter(severity="stop").first()
    said = first.message if first else ""
    if receipt.status == ReceiptStatus.HELD:
        what = "Libérez-le si ces lignes sont justes, écartez-le sinon." if sheet.may_decide else ""
        why = said or "Trop de lignes ont été écartées pour le charger sans votre accord."
        return Notice("Fichier en attente", f"{why} {what}".strip(), Tone.WARNING)
    if receipt.status == ReceiptStatus.REFUSED:
        text = REFUSED.get(receipt.code, said or "Le fichier n’a pas pu être lu.")
        return Notice("Fichier refusé", text, Tone.ERROR, reference=receipt.code)
    if receipt.status == ReceiptStatus.DISCARDED:
        return Notice("Fichier écarté", "Aucune de ses lignes n’est comptée.", Tone.INFO)
    return None


def counts(receipt: Receipt) -> list[tuple[str, str]]:
    """Return the counts: received = accepted + set aside + duplicates."""
    sums = receipt.sums
    found = [
        ("Lignes reçues", french.number(receipt.received)),
        ("Acceptées", french.number(receipt.accepted)),
        ("Écartées en quarantaine", french.number(receipt.quarantined)),
        ("Déjà reçues", french.number(receipt.duplicates)),
    ]
    if sums.get("quantity") is not None:
        found.append(("Quantité acceptée", french.number(Decimal(sums["quantity"]))))
    if sums.get("amount") is not None:
        found.append(("Montant accepté", french.amount(Decimal(sums["amount"]))))
    return found


def facts(sheet: ReceiptSheet) -> list[tuple[str, object]]:
    """Return what is known of the file."""
    receipt = sheet.receipt
    found: list[tuple[str, object]] = [
        ("État", status_badge(receipt.status)),
        ("Récépissé", code(receipt.receipt)),
        ("Envoyé par", receipt.sender or "Ligne de commande"),
        ("Correspondance", code(receipt.mapping)),
        ("Exporté le", moment(receipt.exported_at) or "Non indiqué"),
        ("Jours couverts", span(receipt.first_day, receipt.last_day) or "Aucun"),
        ("Jours remplacés", replaced(receipt.replaced_days)),
        ("Empreinte SHA-256", code(f"{receipt.sha256[:16]}…")),
    ]
    if receipt.dropped_columns:
        found.append(("Colonnes non gardées", ", ".join(receipt.dropped_columns)))
    resent = sheet.resends.count()
    if resent:
        found.append(("Renvois du même fichier", counted(resent, "fois", "fois")))
    return found


def replaced(days: list[str]) -> str:
    """Write the days whose earlier version the file replaced, as few words as they allow."""
    if not days:
        return "Aucun"
    first, last = dt.date.fromisoformat(min(days)), dt.date.fromisoformat(max(days))
    return f"{counted(len(days), 'jour', 'jours')} ({span(first, last)})"


def issues(rows: Iterable[QuarantineRow], pages: Pages) -> TableModel:
    """Return the problems of a file, line by line."""
    columns = (
        text("line", "Ligne"), text("column", "Colonne"), text("severity", "Effet"),
        text("code", "Code"), text("message", "Pourquoi, et que faire"), text("extract", "Extrait masqué"),
    )  # fmt: skip
    made = (
        Row(
            cells=(
                french.number(row.line) if row.line else "Fichier",
                row.column or "–",
                badge(*SEVERITIES.get(row.severity, (row.severity, Tone.NEUTRAL))),
                code(row.code),
                wrapped(row.message),
                row.extract or "–",
            )
        )
        for row in rows
    )
    return plain_table("Problèmes du fichier", columns, made, pages=pages, identity="issues")
