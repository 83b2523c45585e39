"""How the quarantine is printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from galien.kernel import french
from galien.records.models import QuarantineRow
from galien.web.components.models import Field, Pages, Row, TableModel
from galien.web.lists import FEED_LABELS, code, count, options, plain_table, text, wrapped


def fields(
    codes: Mapping[str, int], chosen: str, names: Mapping[str, str], pharmacy: str
) -> tuple[Field, ...]:
    """Return the filters: reasons with their number of lines, pharmacies."""
    reasons = {name: f"{name} ({french.number(count)})" for name, count in codes.items()}
    return (
        Field("code", "Motif", kind="select", required=True,
              options=options(reasons, chosen, first="Tous")),
        Field("pharmacie", "Pharmacie", kind="select", required=True,
              options=options(names, pharmacy, first="Toutes")),
    )  # fmt: skip


def table(rows: Iterable[QuarantineRow], names: Mapping[str, str], pages: Pages) -> TableModel:
    """Return the lines set aside."""
    columns = (
        text("file", "Fichier"), count("line", "Ligne"), text("column", "Colonne"),
        text("code", "Motif"), text("message", "Pourquoi, et que faire"),
        text("extract", "Extrait masqué"),
    )  # fmt: skip
    made = (
        Row(
            cells=(
                row.receipt.filename or row.receipt_id,
                row.line or None,
                row.column or "–",
                code(row.code),
                wrapped(row.message),
                row.extract or "–",
            ),
            href=f"/donnees/fichiers/{row.receipt_id}",
            note=f"{names.get(row.receipt.pharmacy, row.receipt.pharmacy)}"
            f" · {FEED_LABELS.get(row.receipt.feed, row.receipt.feed)}",
        )
        for row in rows
    )
    return plain_table("Lignes en quarantaine", columns, made, pages=pages)
