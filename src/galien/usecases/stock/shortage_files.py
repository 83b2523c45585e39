"""What was ordered and delivered, what products are and where they are, as tables for the shortages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from galien.calculators.stock.shortages import (
    Available,
    Lost,
    OrderLine,
    Shortage,
    lost_sales,
    substitutes,
)
from galien.kernel.clock import PARIS
from galien.kernel.errors import InvalidInput
from galien.usecases.typed_cells import Cells
from galien.usecases.typed_csv import read_file

ORDERS = ("product_code", "supplier", "ordered_at", "quantity")
DELIVERIES = ("pharmacy", "delivered_at", "delivered_quantity")
PRODUCT = ("product_code",)
KNOWN = (
    "label",
    "lab",
    "generic_group",
    "daily_demand",
    "days_without_stock",
    "owed",
    "price",
    "cost",
)
PLACES = ("product_code", "place", "units")
SISTER = "sister"
YES = {"1", "oui", "o", "true", "vrai", "x", "yes"}
MOST_BYTES = 60_000_000
ZERO = Decimal(0)
DECLARED = (
    "pharmacy", "product_code", "label", "lab", "asked_at", "since", "until", "days", "suppliers",
    "units", "lost_units", "lost_turnover", "lost_margin", "substitutes", "generic_group",
    "generic_group_label", "days_without_stock",
)  # fmt: skip


@dataclass(frozen=True)
class Product:
    """What is known of a product: texts, demand a day, days without stock, units owed, price and cost.

    `price` and `cost` are excl. tax; `public_price` is the last one paid by clients, incl. tax.
    """

    code: str
    label: str = ""
    lab: str = ""
    group: str = ""
    daily: Decimal = ZERO
    days_out: Decimal | None = None
    owed: Decimal = ZERO
    price: Decimal = ZERO
    cost: Decimal = ZERO
    group_label: str = ""
    public_price: Decimal | None = None


@dataclass(frozen=True)
class Surroundings:
    """The products by code, what is available where, and the days without stock of shortages, if known."""

    products: dict[str, Product]
    available: tuple[Available, ...] = ()
    days_out: Mapping[Shortage, Decimal] = field(default_factory=dict)

    @property
    def groups(self) -> dict[str, str]:
        """Return the generic group of each product that has one."""
        return {code: each.group for code, each in self.products.items() if each.group}


def read_orders(path: Path) -> tuple[OrderLine, ...]:
    """Read order lines: product_code, supplier, ordered_at, quantity; delivered_at, delivered_quantity.

    Moments are ISO, in local time. `pharmacy` may be absent. A delivery without a quantity is whole.
    """
    table = read_file(path, required=ORDERS, known=(*ORDERS, *DELIVERIES), most=MOST_BYTES)
    found = []
    for row in table.rows:
        cells = Cells(path, row)
        ordered_at, came = _moment(cells, "ordered_at"), _moment(cells, "delivered_at")
        if ordered_at is None:
            raise InvalidInput(f"{cells.where} : il faut la date de la commande (ordered_at).")
        if came is not None and came < ordered_at:
            raise InvalidInput(
                f"{cells.where} : livrée avant d’être commandée. Corrigez une des dates."
            )
        ordered = int(cells.number("quantity"))
        delivered = int(cells.number("delivered_quantity", Decimal(ordered if came else 0)))
        found.append(
            OrderLine(
                cells.text("pharmacy", ""), cells.text("product_code"), cells.text("supplier"),
                ordered_at, ordered, came, delivered,
            )
        )  # fmt: skip
    return tuple(found)


def read_surroundings(products: Path | None, available: Path | None) -> Surroundings:
    """Read what products are (`products`) and where some are (`available`); either may be absent."""
    return Surroundings(
        _products(products) if products else {}, _places(available) if available else ()
    )


def declarations(
    found: Iterable[Shortage], around: Surroundings, now: dt.datetime
) -> list[dict[str, object]]:
    """Return one row a shortage, ready to be declared: dates, duration, what it cost, what could replace.

    Days without stock are those known of the shortage, else those given for the product, else its own.
    """
    rows: list[dict[str, object]] = []
    for each in found:
        product = around.products.get(each.product, Product(each.product))
        waited = Decimal(repr(each.days(now)))
        out = around.days_out.get(each, waited if product.days_out is None else product.days_out)
        lost = _lost(product, out)
        kept = substitutes(each.product, around.groups, around.available, apart_from=each.pharmacy)
        values = (
            each.pharmacy, each.product, product.label, product.lab, each.asked_at, each.since, each.until,
            each.days(now), ", ".join(each.suppliers), each.units, lost.units, lost.turnover, lost.margin,
            [_substitute(s, around) for s in kept], product.group, product.group_label, out,
        )  # fmt: skip
        rows.append(dict(zip(DECLARED, values, strict=True)))
    return rows


def _substitute(found: Available, around: Surroundings) -> dict[str, object]:
    product = around.products.get(found.product, Product(found.product))
    return {
        "product_code": found.product, "label": product.label, "lab": product.lab,
        "generic_group_label": product.group_label, "place": found.place, "sister": found.sister,
        "units": found.units, "seen_on": found.seen_on, "unit_price": found.price,
        "public_price": product.public_price,
    }  # fmt: skip


def _lost(product: Product, days: Decimal) -> Lost:
    return lost_sales(
        product.daily, days, owed=product.owed, price=product.price, cost=product.cost
    )


def _moment(cells: Cells, column: str) -> dt.datetime | None:
    text = cells.text(column, "")
    if not text:
        return None
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(
            f"{cells.where}, colonne {column} : « {text} » n’est pas une date AAAA-MM-JJTHH:MM."
        ) from error
    return found if found.tzinfo else found.replace(tzinfo=PARIS)


def _products(path: Path) -> dict[str, Product]:
    table = read_file(path, required=PRODUCT, known=(*PRODUCT, *KNOWN), most=MOST_BYTES)
    found = {}
    for row in table.rows:
        cells = Cells(path, row)
        code = cells.text("product_code")
        found[code] = Product(
            code, cells.text("label", ""), cells.text("lab", ""), cells.text("generic_group", ""),
            cells.number("daily_demand", ZERO), cells.optional("days_without_stock"),
            cells.number("owed", ZERO), cells.number("price", ZERO), cells.number("cost", ZERO),
        )  # fmt: skip
    return found


def _places(path: Path) -> tuple[Available, ...]:
    table = read_file(path, required=PLACES, known=(*PLACES, SISTER), most=MOST_BYTES)
    cells = [Cells(path, row) for row in table.rows]
    return tuple(
        Available(
            each.text("product_code"), each.text("place"),
            sister=each.text(SISTER, "").lower() in YES, units=int(each.number("units")),
        )
        for each in cells
    )  # fmt: skip
