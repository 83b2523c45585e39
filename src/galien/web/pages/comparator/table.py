"""The table of the comparator: a row per product, a column per lab, what is best ticked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from galien.calculators.discounts.comparator import Cell, Mark
from galien.calculators.discounts.comparator import Row as Compared_
from galien.kernel import french
from galien.usecases import comparator as use
from galien.usecases.discount_base import Bought
from galien.web.components.models import CellKind, Column, Pages, Row, TableModel
from galien.web.lists import counted
from galien.web.pages.comparator import asked
from galien.web.pages.comparator.asked import Choice

Line = tuple[Bought, Compared_]
OVER = Markup(' <span title="Dépasse le plafond légal">⚠</span>')
TICKS = Markup('<span title="Produits où il est le meilleur">{} ✓</span>')
TICK = Markup('<b class="evo good" title="Meilleure remise">✓</b>')
NC = Markup('<span class="nothing" title="Non commercialisé ou non proposé">NC</span>')
SORTS: dict[str, Callable[[Line], Any]] = {
    "gain": lambda line: (-line[1].gain, -line[0].list_amount),
    "achats": lambda line: -line[0].list_amount,
    "remise": lambda line: -line[0].discount_rate,
    "quantite": lambda line: -line[0].quantity,
    "produit": lambda line: french.fold(line[0].equivalence.label),
    "labo": lambda line: (french.fold(line[0].current_lab), -line[0].list_amount),
}


def sorted_rows(choice: Choice, found: use.Compared) -> list[Line]:
    """Return the rows of a mark and of a search, in the order asked."""
    words = french.fold(choice.search).split()
    kept = [
        line
        for line in found.rows
        if (not choice.only or line[1].mark.value == choice.only)
        and all(word in _said(line[0]) for word in words)
    ]
    return sorted(kept, key=SORTS[choice.sort])


def _said(row: Bought) -> str:
    codes = " ".join(share.name for share in row.products)
    return french.fold(f"{row.equivalence.label} {row.current_lab} {codes}")


def table(
    choice: Choice, found: use.Compared, rows: Sequence[Line], pages: Pages, kept: Sequence[Line]
) -> TableModel:
    """Return the rows of a page, with the totals of all those kept."""
    labs = found.comparison.labs
    return TableModel(
        caption="Comparateur de remises",
        columns=(*_columns(choice), *(_lab_column(lab) for lab in labs)),
        rows=tuple(_row(choice, found, *line) for line in rows),
        total=_total(found, kept),
        count="" if pages.count > 1 else pages.text,
        pages=pages,
        swap="",
        meta=f"Publication {found.base.release}",
    )


def _columns(choice: Choice) -> tuple[Column, ...]:
    columns = (
        Column("produit", "Produit", CellKind.TEXT),
        Column("gain", "Gain", CellKind.MARKUP, unit="€"),
        Column("remise", "Remise actuelle", CellKind.RATIO, "%", 2),
        Column("labo", "Labo actuel", CellKind.TEXT),
        Column("achats", "Achats PFHT", unit="€"),
        Column("prix", "PFHT moyen", unit="€", decimals=2),
        Column("quantite", "Quantité livrée", unit="u"),
    )
    return tuple(
        replace(
            each,
            sort_href=choice.href(sort=each.name),
            sorted=_way(each) if choice.sort == each.name else "",
        )
        if each.name in SORTS
        else each
        for each in columns
    )


def _way(column: Column) -> str:
    return "ascending" if column.kind is CellKind.TEXT else "descending"


def _lab_column(lab: str) -> Column:
    return Column(f"lab-{french.fold(lab)}", short(lab), CellKind.MARKUP, unit="%", hint=lab)


def short(lab: str) -> str:
    """Return a lab's name without its country: a column has room for little.

    >>> short("KRKA (SLOVENIE)")
    'KRKA'
    """
    return lab.split(" (", maxsplit=1)[0]


def _row(choice: Choice, found: use.Compared, bought: Bought, row: Compared_) -> Row:
    key = bought.equivalence.key
    return Row(
        cells=(
            bought.equivalence.label,
            mark(row),
            bought.discount_rate,
            short(bought.current_lab),
            bought.list_amount,
            bought.unit_price,
            bought.quantity,
            *(
                _cell(found, key, lab, cell)
                for lab, cell in zip(found.comparison.labs, row.cells, strict=True)
            ),
        ),
        href=choice.href(asked.PRODUCT_PATH, {asked.EQUIVALENCE: key}),
    )


def mark(row: Compared_) -> Markup:
    """Return ✓, or ↔ and the gain in euros, or that nothing compares."""
    if row.mark is Mark.BEST:
        return TICK
    if row.mark is Mark.NOT_COMPARABLE:
        return Markup('<span class="muted">non comparable</span>')
    figure = french.number(row.gain, 0 if row.gain >= 1 else 2)
    return Markup('<span title="Mieux ailleurs">↔</span> <b class="evo good">+{}</b>').format(
        figure
    )


def _cell(found: use.Compared, key: str, lab: str, cell: Cell | None) -> Markup:
    if cell is None:
        return NC
    rate = french.number(cell.rate * 100, 2)
    offered = found.offers.of(lab, key)
    over = OVER if offered and offered.excess else ""
    if cell.best:
        return Markup("<b>{}</b> {}{}").format(rate, TICK, over)
    return Markup("{}{}").format(rate, over)


def _total(found: use.Compared, kept: Sequence[Line]) -> Row:
    zero = Decimal(0)
    listed = sum((bought.list_amount for bought, _ in kept), zero)
    discount = sum((bought.discount_amount for bought, _ in kept), zero)
    gain = sum((row.gain for _, row in kept), zero)
    ticks = [
        sum(1 for _, row in kept if (cell := row.cells[place]) is not None and cell.best)
        for place in range(len(found.comparison.labs))
    ]
    return Row(
        cells=(
            f"Total · {counted(len(kept), 'produit', 'produits')}",
            Markup("{}").format(french.number(gain)),
            discount / listed if listed else None,
            "",
            listed,
            None,
            sum((bought.quantity for bought, _ in kept), zero),
            *(TICKS.format(french.number(each)) for each in ticks),
        )
    )
