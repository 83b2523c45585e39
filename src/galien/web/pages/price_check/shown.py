"""How prices in doubt, and the products that shoppers compare, are printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from galien.kernel import french
from galien.usecases.prices.checking import Checked, ShopPrices
from galien.web.components.models import (
    Action,
    Headline,
    PageHead,
    Pages,
    Row,
    TableModel,
    Tone,
)
from galien.web.lists import badge, code, count, plain_table, text, wrapped
from galien.web.prices import changed

FINDINGS = {
    "above_lpp": ("Au-dessus de la LPP", Tone.ERROR),
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
        Headline("Comparés par les clients", french.number(len(found.compared)),
                 against="d’après les prix du réseau"),
        Headline("Sous le coût", french.number(kinds.count("under_cost")),
                 against="à relever : la revente à perte est interdite"),
    )  # fmt: skip


def doubts(
    found: Sequence[Checked], compared: Mapping[str, str], *, pages: Pages | None = None
) -> TableModel:
    """Return what was found, refusals first, then outliers, the most sold first."""
    columns = (
        text("label", "Produit"),
        text("product_code", "Code"),
        count("price_incl", "Prix", unit="€ TTC", decimals=2),
        count("units", "Vendus", unit="u"),
        text("last", "Dernier changement"),
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
                changed(each.seen.changed_on, each.seen.changed_by),
                badge(*FINDINGS.get(each.code, (each.code, Tone.NEUTRAL))) + _mark(each, compared),
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


def compared_table(
    compared: Mapping[str, str], labels: Mapping[str, str], *, pages: Pages | None = None
) -> TableModel:
    """Return the products that shoppers compare, and why they are held to."""
    columns = (text("label", "Produit"), text("product_code", "Code"), text("why", "Pourquoi"))
    rows = (
        Row(cells=(labels.get(each, each), code(each), wrapped(why)))
        for each, why in compared.items()
    )
    return plain_table(
        "Produits que les clients comparent",
        columns,
        rows,
        pages=pages,
        noun=("produit", "produits"),
        identity="compares",
    )


def _mark(each: Checked, compared: Mapping[str, str]) -> str:
    return badge("Comparé", Tone.INFO) if each.seen.product_code in compared else ""
