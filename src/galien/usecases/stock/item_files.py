"""Products as people give them to the ABC analysis: a table of outgoing values and stock values."""

from __future__ import annotations

from pathlib import Path

from galien.calculators.stock.abc import Item
from galien.kernel.errors import InvalidInput
from galien.usecases.typed_cells import Cells
from galien.usecases.typed_csv import read_file

COLUMNS = ("product_code", "outgoing_value", "stock_value")
MUST_HOLD = "must_hold"
YES = {"1", "oui", "o", "true", "vrai", "x", "yes"}
MOST_BYTES = 60_000_000


def read_items(path: Path) -> tuple[tuple[Item, ...], frozenset[str]]:
    """Read a year's outgoing value and the stock value of products, and which must be held.

    Columns product_code, outgoing_value and stock_value (euros excl. tax); `must_hold` may be there
    (oui, 1…). Raises InvalidInput with the line when a value is missing, or a product comes twice.
    """
    table = read_file(path, required=COLUMNS, known=(*COLUMNS, MUST_HOLD), most=MOST_BYTES)
    seen: dict[str, int] = {}
    items, held = [], set()
    for row in table.rows:
        cells = Cells(path, row)
        code = cells.text("product_code")
        if code in seen:
            raise InvalidInput(
                f"{cells.where} : le produit « {code} » figure déjà à la ligne {seen[code]}. "
                "Additionnez les deux lignes en une."
            )
        seen[code] = row.line
        items.append(Item(code, cells.number("outgoing_value"), cells.number("stock_value")))
        if cells.text(MUST_HOLD, "").lower() in YES:
            held.add(code)
    return tuple(items), frozenset(held)
