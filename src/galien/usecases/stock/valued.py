"""The stock of a pharmacy at a date by four methods side by side, from its files or from the workspace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from galien.calculators.stock.roll import Moved, Rolled, roll
from galien.calculators.stock.valuation import Held, Method, Movement, Valued, value
from galien.kernel.errors import InvalidInput
from galien.model.country import BELGIUM, country_of
from galien.model.viewer import Viewer
from galien.usecases.services import Services
from galien.usecases.stock.reading import Level, levels, movements, opened, receipts
from galien.usecases.typed_cells import Cells
from galien.usecases.typed_csv import read_file

ZERO = Decimal(0)
COLUMNS = ("product_code", "quantity", "average_cost", "last_cost", "public_price_incl", "vat_rate",
           "theoretical_margin", "label")  # fmt: skip
MOST_BYTES = 60_000_000


@dataclass(frozen=True)
class MethodTotal:
    """A method's total over the products it values, in euros, and what it cannot value.

    `difference` is with weighted average cost, over the products both value.
    """

    method: Method
    value: Decimal
    products: int
    unvalued: int
    difference: Decimal


@dataclass(frozen=True)
class Count:
    """A physical count: units by product, at the close of a day."""

    units: Mapping[str, Decimal]
    day: dt.date


@dataclass(frozen=True)
class StockValue:
    """Products valued, their labels, the totals of the four methods, and the day they were counted."""

    on: dt.date
    rows: tuple[Valued, ...]
    labels: Mapping[str, str]
    rolled: tuple[Rolled, ...] = ()
    counted_on: dt.date | None = None

    @property
    def totals(self) -> tuple[MethodTotal, ...]:
        """Return the four totals."""
        return tuple(self.total(method) for method in Method)

    def total(self, method: Method) -> MethodTotal:
        """Return the total of a method."""
        values = [row.values[method].value for row in self.rows]
        known = [each for each in values if each is not None]
        gaps = (row.difference(method) for row in self.rows)
        return MethodTotal(
            method,
            sum(known, ZERO),
            len(known),
            len(values) - len(known),
            sum((gap for gap in gaps if gap is not None), ZERO),
        )


def value_file(path: Path, *, on: dt.date, theoretical_margin: Decimal | None = None) -> StockValue:
    """Value the products of a file.

    Columns product_code and quantity; average_cost, last_cost, public_price_incl, vat_rate and
    theoretical_margin where known. Raises InvalidInput with the line at fault.
    """
    table = read_file(path, required=COLUMNS[:2], known=COLUMNS, most=MOST_BYTES)
    rows, labels = [], {}
    for row in table.rows:
        cells = Cells(path, row)
        code, last = cells.text("product_code"), _price(cells, "last_cost")
        if code in labels:
            raise InvalidInput(f"{cells.where} : le produit « {code} » vient deux fois.")
        labels[code] = cells.text("label", "")
        quantity = cells.number("quantity")
        known = quantity > 0 and last is not None
        margin = cells.rate("theoretical_margin") if cells.text("theoretical_margin", "") else None
        held = Held(
            code,
            quantity,
            (Movement(on, quantity, last),) if known else (),
            average_cost=_price(cells, "average_cost"),
            public_price_incl=_price(cells, "public_price_incl"),
            vat_rate=cells.rate("vat_rate") if cells.text("vat_rate", "") else None,
            theoretical_margin=theoretical_margin if margin is None else margin,
        )
        rows.append(value(held))
    return StockValue(on, tuple(rows), labels)


def _price(cells: Cells, column: str) -> Decimal | None:
    """Return a price or a cost, None when the cell is empty; InvalidInput below zero."""
    found = cells.optional(column)
    if found is not None and found < 0:
        raise InvalidInput(
            f"{cells.where}, colonne {column} : un prix n’est pas négatif ({found}). Corrigez-le."
        )
    return found


def value_of(
    viewer: Viewer,
    pharmacy: str,
    *,
    on: dt.date,
    count: Count | None = None,
    theoretical_margin: Decimal | None = None,
    services: Services,
) -> StockValue:
    """Value the stock of a pharmacy at a date: that of its software, or a count rolled to the date.

    A count is brought to `on` with what came in and went out between. Without a theoretical margin,
    those of a Belgian pharmacy's kept inventory serve. Raises NotAllowed when the pharmacy is not
    open to the viewer.
    """
    feeds = ("stock", "sales", "purchases")
    first, last = (on, on) if count is None else sorted((on, count.day))
    opened(viewer, (pharmacy,), since=first, on=last, services=services, feeds=feeds)
    shelf = {
        each.product_code: each for each in levels((pharmacy,), viewer, on=on, services=services)
    }
    bought = receipts(pharmacy, viewer, on=on, services=services)
    rolled: tuple[Rolled, ...] = ()
    quantities = {code: level.quantity for code, level in shelf.items()}
    if count is not None:
        moved = movements(pharmacy, viewer, first=first, services=services)
        rolled = roll(count.units, _moved(moved), counted_on=count.day, to=on)
        quantities = {each.product_code: each.quantity for each in rolled}
    margins = _kept_margins(pharmacy) if theoretical_margin is None else {}
    rows = []
    for code, quantity in sorted(quantities.items()):
        if quantity:
            ins = tuple(
                Movement(each.day, each.quantity, each.amount / each.quantity)
                for each in bought.get(code, ())
            )
            margin = margins.get(code, theoretical_margin)
            rows.append(value(_held(code, quantity, ins, shelf.get(code), margin)))
    labels = {code: level.label for code, level in shelf.items()}
    days = [level.counted_on for level in shelf.values()] if count is None else [count.day]
    return StockValue(on, tuple(rows), labels, rolled, max(days, default=None))


def _kept_margins(pharmacy: str) -> dict[str, Decimal]:
    # The records need Django, which a valuation from a file does without.
    from galien.usecases.stock.belgian_inventory import kept_margins

    return kept_margins(pharmacy) if country_of(pharmacy) == BELGIUM else {}


def read_count(path: Path) -> dict[str, Decimal]:
    """Read a physical count: product_code and quantity; a product counted in two places is added up."""
    table = read_file(path, required=COLUMNS[:2], known=COLUMNS, most=MOST_BYTES)
    found: dict[str, Decimal] = {}
    for row in table.rows:
        cells = Cells(path, row)
        code = cells.text("product_code")
        found[code] = found.get(code, ZERO) + cells.number("quantity")
    return found


def _held(
    code: str,
    quantity: Decimal,
    ins: tuple[Movement, ...],
    level: Level | None,
    margin: Decimal | None,
) -> Held:
    if level is None:
        return Held(code, quantity, ins)
    return Held(
        code,
        quantity,
        ins,
        average_cost=level.unit_cost,
        public_price_incl=level.public_price,
        vat_rate=level.vat_rate,
        theoretical_margin=margin,
    )


def _moved(rows: Iterable[tuple[str, dt.date, Decimal, Decimal]]) -> Iterable[Moved]:
    return (Moved(code, day, entered, left) for code, day, entered, left in rows)
