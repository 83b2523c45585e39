"""How reference prices and where they come from are printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from galien.usecases.prices.references import Reference
from galien.web.components.models import CellKind, Column, Pages, Row, TableModel
from galien.web.lists import code, count, plain_table, text


def table(
    lines: Sequence[Reference], names: Mapping[str, str], *, pages: Pages | None = None
) -> TableModel:
    """Return the lines, by product."""
    columns = (
        text("label", "Produit"),
        text("product_code", "Code"),
        count("advised", "Prix conseillé", unit="€ TTC", decimals=2),
        count("lpp", "Limite LPP", unit="€ TTC", decimals=2),
        Column("since", "Depuis le", CellKind.DAY),
        text("source", "Source"),
    )
    rows = (
        Row(
            cells=(
                names.get(each.product_code, "Inconnu du catalogue"),
                code(each.product_code),
                each.advised_incl,
                each.lpp_incl,
                each.valid_from,
                each.source,
            )
        )
        for each in lines
    )
    return plain_table(
        "Prix de référence",
        columns,
        rows,
        pages=pages,
        noun=("prix", "prix"),
        identity="references",
    )


def sources(lines: Sequence[Reference]) -> TableModel:
    """Return where the lines come from, the largest source first."""
    counts: dict[str, list[Reference]] = {}
    for each in lines:
        counts.setdefault(each.source, []).append(each)
    columns = (
        text("source", "Source"),
        count("advised", "Prix conseillés"),
        count("lpp", "Limites LPP"),
        Column("since", "La plus récente", CellKind.DAY),
    )
    rows = (
        Row(
            cells=(
                source,
                sum(each.advised_incl is not None for each in held),
                sum(each.lpp_incl is not None for each in held),
                max(each.valid_from for each in held),
            )
        )
        for source, held in sorted(counts.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    )
    return plain_table(
        "D’où ils viennent", columns, rows, noun=("source", "sources"), identity="sources"
    )
