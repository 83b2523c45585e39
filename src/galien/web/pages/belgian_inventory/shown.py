"""How the inventory of the change of method is printed: two totals, their gap, products by gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from galien.calculators.stock.belgian_inventory import (
    INVENTORY_DAY,
    WEIGHTED_FROM,
    Counted,
    Summary,
)
from galien.calculators.stock.valuation import Method
from galien.kernel import french
from galien.kernel.glossary import label
from galien.kernel.money import round_amount
from galien.usecases.stock.belgian_inventory import KeptInventory
from galien.usecases.stock.inventory_documents import STYLES, rate_text
from galien.web.components.models import (
    Action,
    Headline,
    Link,
    Notice,
    PageHead,
    Pages,
    Row,
    TableModel,
    Tone,
)
from galien.web.lists import code, count, moment, plain_table, text

NAMES = {Method.FISCAL: "Méthode fiscale", Method.WEIGHTED: "Coût moyen pondéré"}
FILES = {"pdf": "PDF", "xlsx": "Excel", "csv": "CSV"}
UNIT = "€ HTVA"


def head(name: str, found: KeptInventory | None) -> PageHead:
    """Return the top of the page."""
    note = f"reçu le {moment(found.received_at)} de {found.received_by}" if found else ""
    return PageHead(
        title="Que change l’abandon de la méthode fiscale ?",
        when=f"{name}, inventaire du {french.day(INVENTORY_DAY)}",
        note=note,
    )


def headlines(found: KeptInventory) -> tuple[Headline, ...]:
    """Return the value by each method, and what the former one overstated."""
    products = french.number(len(found.found.rows))
    made = [
        Headline(
            NAMES[each.method],
            french.compact_amount(each.value),
            exact=french.amount(each.value, 2),
            against=f"{french.amount(each.value, 2)} HTVA, {products} produits",
        )
        for each in found.found.summaries
    ]
    if found.fiscal_before:
        gap = found.found.overstatement
        made.append(
            Headline(
                label("overstatement"),
                french.compact_amount(gap),
                exact=french.amount(gap, 2),
                against=f"{french.amount(gap, 2)} de trop à la méthode fiscale",
            )
        )
    return tuple(made)


def summaries(found: KeptInventory, pharmacy: str) -> tuple[tuple[TableModel, Action], ...]:
    """Return each summary with its files; none says anything of the other method."""
    return tuple((_summary(each), _files(each, pharmacy)) for each in found.found.summaries)


def ranked(found: KeptInventory) -> list[Counted]:
    """Return the products, those the methods value most differently first."""
    return sorted(found.found.rows, key=lambda row: (-abs(row.overstatement), row.product_code))


def products(found: KeptInventory, rows: Sequence[Counted], pages: Pages) -> TableModel:
    """Return products by both methods."""
    both = found.fiscal_before
    columns = [
        text("label", "Produit"),
        text("product_code", label("product_code", country="BE")),
        text("vat_rate", "TVA"),
        count("quantity", "Quantité", unit="u"),
        count("public_price_incl", label("public_price_incl", country="BE"), unit="€", decimals=2),
    ]
    if both:
        columns.append(count("fiscal_cost", label("fiscal_cost"), unit=UNIT, decimals=2))
    columns.append(count("average_cost", "Coût moyen pondéré", unit=UNIT, decimals=2))
    if both:
        columns.append(count("overstatement", label("overstatement"), unit=UNIT, decimals=2))
    return plain_table(
        "Produit par produit",
        columns,
        (_product(row, both=both) for row in rows),
        pages=pages,
        noun=("produit", "produits"),
        identity="produits",
    )


def after(found: KeptInventory) -> Notice:
    """Say what the inventory changes for the months that follow."""
    since = f"À partir du {french.day(WEIGHTED_FROM)}, le stock se valorise au coût moyen pondéré."
    if found.locked:
        return Notice("Méthode arrêtée", f"{since} L’inventaire ne change plus.", tone=Tone.GOOD)
    return Notice(
        "Méthode à arrêter",
        f"{since} Envoyez les récapitulatifs à l’expert-comptable, puis arrêtez la méthode.",
        tone=Tone.WARNING,
    )


def _summary(summary: Summary) -> TableModel:
    columns = (
        text("vat_rate", "Taux de TVA"),
        count("products", "Produits"),
        count("units", "Unités"),
        count("value", "Valeur", unit=UNIT, decimals=2),
    )
    lines = [
        Row(cells=(rate_text(line.vat_rate), line.products, line.units, line.value))
        for line in summary.lines
    ]
    total = Row(
        cells=(
            "Total",
            sum(line.products for line in summary.lines),
            sum(line.units for line in summary.lines),
            summary.value,
        )
    )
    table = plain_table(
        NAMES[summary.method],
        columns,
        lines,
        noun=("taux de TVA", "taux de TVA"),
        identity=str(summary.method),
    )
    return replace(table, total=total)


def _files(summary: Summary, pharmacy: str) -> Action:
    address = f"/stock/inventaire-belge/{summary.method}"
    links = [
        Link(FILES[style], f"{address}.{style}?pharmacie={pharmacy}", download=True)
        for style in STYLES
    ]
    return Action("Télécharger le récapitulatif", items=tuple(links), icon="download")


def _product(row: Counted, *, both: bool) -> Row:
    cells: list[object] = [
        row.label or row.product_code,
        code(row.product_code),
        rate_text(row.vat_rate),
        row.quantity,
        row.public_price_incl,
    ]
    if both:
        cells.append(round_amount(row.fiscal_cost))
    cells.append(round_amount(row.average_cost))
    if both:
        cells.append(round_amount(row.overstatement))
    return Row(cells=tuple(cells))
