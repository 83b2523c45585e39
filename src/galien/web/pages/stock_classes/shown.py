"""How ABC classes are printed: nine cells, three classes, and the products of a cell."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from markupsafe import Markup

from galien.calculators.stock.abc import AbcClass, Cell, Holding, Placed
from galien.kernel import french
from galien.usecases.stock.classes import AbcReading
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
from galien.web.lists import badge, code, count, link, plain_table, text, written
from galien.web.stock_choice import StockChoice

CELLS = tuple(f"{out}{stock}" for out in AbcClass for stock in AbcClass)
HELD = {
    Holding.ALWAYS: "Toujours en stock",
    Holding.MUST_HOLD: "À tenir",
    Holding.USUALLY: "En stock",
    Holding.ON_ORDER: "À la commande",
}
TONES = {AbcClass.A: Tone.GOOD, AbcClass.B: Tone.INFO, AbcClass.C: Tone.NEUTRAL}
SHARE = CellKind.RATIO


def head(name: str, found: AbcReading | None, files: Action | None = None) -> PageHead:
    """Return the top of the page."""
    when = f"{name}, {found.period.label()}" if found else name
    return PageHead(
        title="Quels produits font les ventes, lesquels font le stock ?",
        when=when,
        actions=(files,) if files else (),
    )


def headlines(found: AbcReading) -> tuple[Headline, ...]:
    """Return what class A weighs, and where classes do not match."""
    cells = {(cell.outgoing, cell.stock): cell for cell in found.found.cells}
    first, last = found.found.classes[0], found.found.classes[-1]
    heavy = sum((cells[AbcClass.C, each].stock_value for each in AbcClass), Decimal(0))
    thin = sum(1 for row in found.found.rows if _missing(row))
    moved = sum(1 for each in found.moves.values() if each.before and each.now)
    return (
        Headline("Classe A", french.number(first.products),
                 against=f"produits font {french.percent(first.share_of_value, 0)} des sorties"),
        Headline("Part des produits en A", french.percent(first.share_of_products, 1),
                 reference="Usage : 15 à 20 %"),
        Headline("Stock en classe C", french.compact_amount(heavy), exact=french.amount(heavy, 2),
                 against=f"{french.number(last.products)} produits, "
                 f"{french.percent(last.share_of_value, 0)} des sorties"),
        Headline("A sans stock", french.number(thin), against="produits de classe A, stock nul"),
        Headline("Ont changé de classe", french.number(moved),
                 against="depuis l’année précédente"),
    )  # fmt: skip


def tables(found: AbcReading) -> list[TableModel]:
    """Return the three classes by what goes out, then by what lies."""
    columns = (
        text("class", "Classe"),
        count("products", "Produits"),
        Column("share_of_products", "Part des produits", SHARE, unit="%", decimals=1),
        count("value", "Valeur", unit="€ HT"),
        Column("share_of_value", "Part de la valeur", SHARE, unit="%", decimals=1),
    )
    made = []
    for title, shares, name in (
        ("Classes par sorties (coût des ventes)", found.found.classes, "sorties"),
        ("Classes par stock", found.found.stock_classes, "stock"),
    ):
        rows = [
            Row(cells=(str(s.name), s.products, s.share_of_products, s.value, s.share_of_value))
            for s in shares
        ]
        made.append(plain_table(title, columns, rows, noun=("classe", "classes"), identity=name))
    return made


def cell_links(found: AbcReading, chosen: str, here: StockChoice) -> TableModel:
    """Return the nine cells, each leading to its products."""
    columns = (
        text("outgoing", "Sorties / stock"),
        *(written(f"stock_{each}", f"Stock {each}") for each in AbcClass),
        count("products", "Produits"),
        count("stock_value", "Stock", unit="€ HT"),
    )
    cells = found.found.cells
    rows = []
    for out in AbcClass:
        own = [cell for cell in cells if cell.outgoing is out]
        rows.append(
            Row(
                cells=(
                    f"Sorties {out}",
                    *(_cell(cell, chosen, here) for cell in own),
                    sum(cell.products for cell in own),
                    sum((cell.stock_value for cell in own), Decimal(0)),
                )
            )
        )
    title = "Classes de sorties et de stock croisées"
    return plain_table(title, columns, rows, noun=("classe", "classes"), identity="croise")


def kept(found: AbcReading, cell: str) -> list[Placed]:
    """Return the products of a cell, or all of them."""
    rows = found.found.rows
    return [row for row in rows if not cell or f"{row.class_outgoing}{row.class_stock}" == cell]


def product_table(
    found: AbcReading, rows: Sequence[Placed], *, pages: Pages | None = None, cell: str = ""
) -> TableModel:
    """Return products with their classes, largest outgoing value first."""
    columns = (
        text("label", "Produit"),
        text("product_code", "Code"),
        text("class_outgoing", "Sorties"),
        text("class_stock", "Stock"),
        text("move", "Il y a un an"),
        count("outgoing_value", "Sorties", unit="€ HT"),
        Column("cumulative", "Part cumulée", SHARE, unit="%", decimals=1),
        count("stock_value", "Stock", unit="€ HT"),
        text("holding", "Tenue conseillée"),
    )
    title = f"Produits, sorties {cell[0]} et stock {cell[1]}" if cell else "Produits"
    return plain_table(
        title,
        columns,
        (_product(found, row) for row in rows),
        pages=pages,
        noun=("produit", "produits"),
        identity="produits",
    )


def _product(found: AbcReading, row: Placed) -> Row:
    item = row.item
    move = found.moves.get(item.product_code)
    before = "" if move is None else (str(move.before) if move.before else "nouveau")
    return Row(
        cells=(
            found.labels.get(item.product_code, item.product_code),
            code(item.product_code),
            badge(str(row.class_outgoing), TONES[row.class_outgoing]),
            badge(str(row.class_stock), TONES[row.class_stock]),
            before,
            item.outgoing_value,
            row.cumulative_share_outgoing,
            item.stock_value,
            HELD[row.holding],
        )
    )


def _cell(cell: Cell, chosen: str, here: StockChoice) -> Markup:
    name = f"{cell.outgoing}{cell.stock}"
    said = f"{french.number(cell.products)} · {french.compact_amount(cell.stock_value)}"
    if name == chosen:
        return badge(said, Tone.INFO)
    return link(said, here.form.href(here.request.path, classe=name) + "#produits")


def _missing(row: Placed) -> bool:
    return row.class_outgoing is AbcClass.A and row.item.stock_value <= 0
