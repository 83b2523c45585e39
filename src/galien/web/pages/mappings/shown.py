"""How mappings are printed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from galien.kernel.glossary import term
from galien.usecases.mapping_assistant import Mapping
from galien.web.components.models import Link, PageHead, Row, TableModel
from galien.web.lists import FEED_LABELS, badge, code, plain_table, text

CONVERSIONS = {
    "text": "Texte",
    "integer": "Entier",
    "amount": "Montant en euros",
    "cents": "Montant en centimes",
    "ratio": "Taux (0,055)",
    "percent": "Taux en % (5,5)",
    "date": "Date",
    "datetime": "Date et heure",
    "code": "Code traduit",
}
SENDER = "La pharmacie qui envoie"
COMPUTED = {
    "net_incl_from_gross_and_discount": "Brut moins remise",
    "gross_incl_from_net_and_discount": "Net plus remise",
    "discount_incl_from_gross_and_net": "Brut moins net",
    "net_excl_from_net_incl_and_vat": "Net TTC hors TVA",
    "list_amount_from_price_and_quantity": "Prix catalogue × quantité",
    "net_amount_from_price_and_quantity": "Prix net × quantité",
    "visit_from_invoice": "Une visite par facture",
    "line_no_from_position": "Rang dans le fichier",
}


def table(mappings: Iterable[Mapping], made_here: frozenset[str]) -> TableModel:
    """Return the mappings at hand."""
    columns = (
        text("label", "Correspondance"), text("name", "Nom"), text("feeds", "Flux décrits"),
        text("origin", "Origine"),
    )  # fmt: skip
    rows = (
        Row(
            cells=(
                each.label,
                code(each.name),
                ", ".join(FEED_LABELS[feed] for feed in FEED_LABELS if feed in each.feeds),
                badge("Faite ici") if each.name in made_here else badge("Livrée avec Galien"),
            ),
            href=f"/donnees/correspondances/{each.name}",
        )
        for each in mappings
    )
    return plain_table("Correspondances", columns, rows, noun=("correspondance", "correspondances"))


def one(mapping: Mapping) -> dict[str, Any]:
    """Return what the page of a mapping prints: a table for each feed."""
    return {
        "head": PageHead(
            title=mapping.label,
            when=f"Correspondance «\u00a0{mapping.name}\u00a0»",
            crumbs=(
                Link("Données", ""),
                Link("Correspondances", "/donnees/correspondances"),
                Link(mapping.name, "", current=True),
            ),
        ),
        "feeds": [
            (FEED_LABELS[feed], _form(mapping, feed), _rules(mapping, feed))
            for feed in mapping.feeds
        ],
    }


def _form(mapping: Mapping, feed: str) -> str:
    file = mapping.of(feed).file
    separator = {"\t": "tabulation", "auto": "lu dans l’en-tête"}.get(
        file.delimiter, file.delimiter
    )
    decimal = {",": "virgule", ".": "point", "auto": "selon le séparateur"}[file.decimal]
    return (
        f"{', '.join(file.formats).upper()} · encodage {file.encoding} · "
        f"séparateur {separator} · décimale {decimal}"
    )


def _rules(mapping: Mapping, feed: str) -> TableModel:
    columns = (
        text("column", "Colonne de Galien"), text("source", "Vient de"),
        text("convert", "Lecture"), text("format", "Format"),
    )  # fmt: skip
    rows = []
    for rule in mapping.of(feed).rules:
        source = " + ".join(rule.sources) or COMPUTED.get(rule.computed, rule.computed)
        if rule.constant:
            source = (
                SENDER if rule.constant == "sender" else f"Toujours «\u00a0{rule.constant}\u00a0»"
            )
        reading = CONVERSIONS.get(rule.convert, "–") if rule.sources else "–"
        codes = ", ".join(f"{key} → {value}" for key, value in rule.codes[:3])
        rows.append(
            Row(cells=(term(rule.column).label, source, reading, rule.format or codes or "–"))
        )
    return plain_table(
        f"Colonnes, {FEED_LABELS[feed].lower()}", columns, rows,
        noun=("colonne", "colonnes"), identity=f"columns-{feed}",
    )  # fmt: skip
