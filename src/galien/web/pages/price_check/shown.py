"""How prices in doubt and margins by category are printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from galien.analytics.answer import Answer
from galien.kernel import french
from galien.usecases.prices.checking import Checked, ShopPrices
from galien.web.components.models import (
    Action,
    CellKind,
    Column,
    Headline,
    PageHead,
    Pages,
    Row,
    TableModel,
    Tone,
)
from galien.web.lists import badge, code, count, plain_table, text, wrapped

DIMENSIONS = {
    "universe_1": "Univers",
    "universe_2": "Sous-univers",
    "family_1": "Famille",
    "lab": "Laboratoire",
    "vat_rate": "Taux de TVA",
}
FINDINGS = {
    "above_maximum": ("Au-dessus du maximum", Tone.ERROR),
    "under_cost": ("Sous le coût", Tone.ERROR),
    "regulated": ("Prix réglementé", Tone.ERROR),
    "outlier": ("Hors du groupe", Tone.WARNING),
    "far_from_advised": ("Loin du conseillé", Tone.WARNING),
    "cost_moved": ("Coût déplacé", Tone.INFO),
}


def head(name: str, files: Action | None = None) -> PageHead:
    """Return the top of the page."""
    return PageHead(
        title="Quels prix ne tiennent pas ?",
        when=f"{name}, prix libres des douze derniers mois",
        actions=(files,) if files else (),
    )


def headlines(found: ShopPrices) -> tuple[Headline, ...]:
    """Return the share of sales in free prices, and how many prices are in question."""
    kinds = [each.code for each in found.found]
    return (
        Headline("Ventes à prix libres", french.percent(found.free_share, 1),
                 against=f"{french.compact_amount(found.free_turnover)} HT sur un an",
                 reference="Usage : moins d’un tiers"),
        Headline("Prix libres", french.number(found.products), against="produits vendus sur un an"),
        Headline("Hors du groupe", french.number(kinds.count("outlier")),
                 against="loin des quartiles d’au moins 5 autres pharmacies"),
        Headline("Sous le coût", french.number(kinds.count("under_cost")),
                 against="à relever : la revente à perte est interdite"),
    )  # fmt: skip


def doubts(found: Sequence[Checked], *, pages: Pages | None = None) -> TableModel:
    """Return what was found, refusals first, then the most sold."""
    columns = (
        text("label", "Produit"),
        text("product_code", "Code"),
        count("price_incl", "Prix", unit="€ TTC", decimals=2),
        count("units", "Vendus", unit="u"),
        text("code", "Constat"),
        text("sentence", "Pourquoi"),
    )
    rows = (
        Row(
            cells=(
                each.seen.label,
                code(each.seen.product_code),
                each.seen.price_incl,
                each.seen.units,
                badge(*FINDINGS.get(each.code, (each.code, Tone.NEUTRAL))),
                wrapped(each.sentence),
            )
        )
        for each in found
    )
    return plain_table(
        "Prix en question",
        columns,
        rows,
        pages=pages,
        noun=("constat", "constats"),
        identity="prix",
    )


def margins(found: Answer, by: str) -> TableModel:
    """Return the margins of each category, the whole on top."""
    columns = (
        text("label", DIMENSIONS[by]),
        count("sales_excl", "Ventes", unit="€ HT"),
        count("adjusted_margin", "Marge ajustée", unit="€ HT"),
        Column("margin_rate", "Taux de marque", CellKind.RATIO, unit="%", decimals=1),
    )

    def row(given: dict[str, Any]) -> Row:
        rate = given["margin_rate"]
        cells = (
            given[f"{by}_label"],
            given["sales_excl"],
            given["adjusted_margin"],
            None if rate is None else Decimal(str(rate)),
        )
        return Row(cells=cells, tone="unknown" if given[by] is None else "")

    totals = {**found.totals, by: "all", f"{by}_label": "Ensemble"}
    made = plain_table(
        f"Marges par {DIMENSIONS[by].lower()}",
        columns,
        map(row, found.table.to_pylist()),
        noun=("ligne", "lignes"),
        identity="marges",
    )
    return replace(made, total=row(totals))
