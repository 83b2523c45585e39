"""How the value of stock is printed: methods side by side, and products by what they differ by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from galien.calculators.stock.belgian_inventory import check_method
from galien.calculators.stock.valuation import Method, Valued
from galien.kernel import french
from galien.kernel.errors import NotAllowed
from galien.usecases.stock.valued import StockValue
from galien.web.components.models import Action, Headline, PageHead, Pages, Row, TableModel
from galien.web.lists import code, count, plain_table, text

ZERO = Decimal(0)
METHODS = {
    Method.WEIGHTED: "Coût moyen pondéré (PAMP)",
    Method.LAST: "Dernier prix d’achat",
    Method.FIFO: "Premier entré, premier sorti (FIFO)",
    Method.FISCAL: "Méthode fiscale belge",
}
COMPARED = {str(method): METHODS[method] for method in (Method.FIFO, Method.LAST, Method.FISCAL)}


def head(name: str, found: StockValue | None, files: Action | None = None) -> PageHead:
    """Return the top of the page."""
    return PageHead(
        title="Que vaut le stock ?",
        when=f"{name}{_when(found)}" if found else name,
        actions=(files,) if files else (),
    )


def _when(found: StockValue) -> str:
    if found.counted_on in {None, found.on}:
        return f", au {french.day(found.on)}"
    return f", au {french.day(found.on)}, compté le {french.day(found.counted_on)}"


def headlines(found: StockValue) -> tuple[Headline, ...]:
    """Return each method's value, beside weighted average cost."""
    made = []
    for method in Method:
        total = found.total(method)
        if not total.products:
            continue
        weighted = method is Method.WEIGHTED
        said = (
            f"{french.number(total.products)} produits" if weighted else _against(total.difference)
        )
        made.append(
            Headline(
                METHODS[method],
                french.compact_amount(total.value),
                exact=french.amount(total.value, 2),
                against=said,
            )
        )
    return tuple(made)


def methods(found: StockValue) -> TableModel:
    """Return the four methods side by side."""
    columns = (
        text("method", "Méthode"),
        count("value", "Valeur", unit="€ HT", decimals=2),
        count("difference", "Écart au coût moyen", unit="€ HT", decimals=2),
        count("products", "Produits valorisés"),
        count("unvalued", "Non valorisés"),
    )
    rows = []
    for total in found.totals:
        known = bool(total.products)
        amounts = (total.value, total.difference) if known else (None, None)
        rows.append(Row(cells=(METHODS[total.method], *amounts, total.products, total.unvalued)))
    return plain_table("Méthodes", columns, rows, noun=("méthode", "méthodes"), identity="methodes")


def ranked(found: StockValue, method: str) -> list[Valued]:
    """Return products, those that the method values most differently first, the unvalued last."""

    def rank(row: Valued) -> tuple[bool, Decimal, str]:
        gap = row.difference(Method(method))
        return gap is None, -abs(gap or ZERO), row.held.product_code

    return sorted(found.rows, key=rank)


def products(
    found: StockValue, rows: Sequence[Valued], method: str, *, pages: Pages | None = None
) -> TableModel:
    """Return products with both values and their difference."""
    other = Method(method)
    columns = (
        text("label", "Produit"),
        text("product_code", "Code"),
        count("quantity", "Quantité", unit="u"),
        count("unit_cost", "Coût moyen", unit="€", decimals=2),
        count("other_cost", "Coût comparé", unit="€", decimals=2),
        count("value", "Valeur", unit="€ HT", decimals=2),
        count("other", "Valeur comparée", unit="€ HT", decimals=2),
        count("difference", "Écart", unit="€ HT", decimals=2),
        text("note", "Remarque"),
    )
    return plain_table(
        "Écarts produit par produit",
        columns,
        (_row(found, row, other) for row in rows),
        pages=pages,
        noun=("produit", "produits"),
        identity="produits",
    )


def over(on: dt.date, *, locked: bool) -> str:
    """Say when the fiscal method no longer applies; empty while it does."""
    try:
        check_method(Method.FISCAL, on=on, locked=locked)
    except NotAllowed as error:
        return error.message.split(" Demandez ")[0]
    return ""


def _row(found: StockValue, row: Valued, other: Method) -> Row:
    weighted, compared = row.values[Method.WEIGHTED], row.values[other]
    name = row.held.product_code
    return Row(
        cells=(
            found.labels.get(name) or name,
            code(name),
            row.held.quantity,
            weighted.unit_cost,
            compared.unit_cost,
            weighted.value,
            compared.value,
            row.difference(other),
            compared.note,
        )
    )


def _against(difference: Decimal) -> str:
    sign = "+" if difference > 0 else ""
    return f"{sign}{french.amount(difference, 0)} sur le coût moyen des mêmes produits"
