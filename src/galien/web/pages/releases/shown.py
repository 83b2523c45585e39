"""How releases are printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from galien.kernel import french
from galien.usecases.release_changes import FactTotal
from galien.usecases.releases import Difference
from galien.warehouse.ledger import ReleaseRecord
from galien.web.components.models import (
    CellKind,
    Column,
    Link,
    PageHead,
    Pages,
    Row,
    TableModel,
    Tone,
)
from galien.web.lists import badge, code, count, moment, plain_table, text

FACTS = {
    "sale_day": "Ventes par jour et produit",
    "purchase_line": "Lignes d’achat",
    "stock_level": "Niveaux de stock",
    "traffic_day": "Fréquentation par jour",
}


def state(release: ReleaseRecord) -> object:
    """Return where a release stands."""
    if release.current:
        return badge("En vigueur", Tone.GOOD)
    return badge("Endommagée", Tone.ERROR) if release.bad else badge("Antérieure")


def table(rows: Iterable[ReleaseRecord], pages: Pages) -> TableModel:
    """Return the list of releases."""
    columns = (
        text("release", "Publication"), count("number", "Numéro"), text("at", "Publiée le"),
        text("state", "État"), text("parent", "Précédente"),
    )  # fmt: skip
    made = (
        Row(
            cells=(
                code(row.release),
                row.number,
                moment(row.published_at),
                state(row),
                code(row.parent) if row.parent else "–",
            ),
            href=f"/donnees/publications/{row.release}",
        )
        for row in rows
    )
    return plain_table("Publications", columns, made, pages=pages)


def head(release: ReleaseRecord) -> PageHead:
    """Return the top of a release."""
    return PageHead(
        title=f"Publication n° {release.number}",
        when=f"Publiée le {moment(release.published_at)}",
        note="celle que tout le monde lit" if release.current else "",
        crumbs=(
            Link("Données", ""),
            Link("Publications", "/donnees/publications"),
            Link(release.release, "", current=True),
        ),
    )


def facts(totals: Iterable[FactTotal]) -> TableModel:
    """Return rows and amounts of each fact."""
    columns = (text("fact", "Table"), count("rows", "Lignes"), count("amount", "Montant", unit="€"))
    made = (Row(cells=(FACTS[each.fact], each.rows, each.amount)) for each in totals)
    return plain_table("Contenu pour vos pharmacies", columns, made, noun=("table", "tables"))


def changes(rows: Iterable[Difference], names: Mapping[str, str], pages: Pages) -> TableModel:
    """Return what changed since the release before, by pharmacy and month."""
    columns = (
        text("pharmacy", "Pharmacie"), text("month", "Mois"), text("fact", "Table"),
        count("rows_before", "Lignes avant"), count("rows", "Lignes"),
        count("amount_before", "Montant avant", unit="€"), count("amount", "Montant", unit="€"),
        Column("change", "Écart", kind=CellKind.NUMBER, unit="€", decimals=2),
    )  # fmt: skip
    made = (
        Row(
            cells=(
                names.get(each.pharmacy, each.pharmacy),
                french.month(each.month),
                FACTS[each.fact],
                each.rows_before,
                each.rows,
                each.amount_before,
                each.amount,
                (each.amount or 0) - (each.amount_before or 0)
                if each.amount is not None or each.amount_before is not None
                else None,
            )
        )
        for each in rows
    )
    return plain_table(
        "Ce qui a changé depuis la publication précédente",
        columns,
        made,
        pages=pages,
        identity="changes",
    )
