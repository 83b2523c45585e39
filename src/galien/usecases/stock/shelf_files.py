"""Shelves, offers and suppliers as people give them to the order proposal: three small tables."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from galien.calculators.stock.arrays import Floats
from galien.calculators.stock.orders.levels import SERVICE, factor
from galien.calculators.stock.orders.position import due, usable
from galien.calculators.stock.orders.proposal import COLD, HOSPITAL, SHELF, Shelf
from galien.calculators.stock.orders.quantity import Prices
from galien.calculators.stock.orders.split import Supplier
from galien.calculators.stock.orders.tiers import Payment
from galien.kernel.errors import InvalidInput
from galien.usecases.typed_cells import Cells
from galien.usecases.typed_csv import read_file

SHELVES = ("product_code", "daily_demand", "on_hand")
FIGURES = {
    "deviation": ("daily_deviation", math.nan), "lead": ("lead_days", 1.0),
    "lead_deviation": ("lead_deviation", 0.0), "review": ("review_days", 1.0),
    "proposed": ("proposed", 0.0), "owed": ("owed", 0.0), "minimum": ("minimum", -1.0),
    "maximum": ("maximum", -1.0), "duty": ("duty", 0.0), "multiple": ("multiple", 1.0),
    "shelf_life": ("shelf_life_days", math.inf),
}  # fmt: skip
OTHERS = (
    "label", "class", "held", "handling", "incoming", "due_on", "expiring", "expires_on", "list_price",
    "tiers", "paid", "free",
)  # fmt: skip
HANDLING = {"": SHELF, "froid": COLD, "cold": COLD, "hospitalier": HOSPITAL, "hospital": HOSPITAL}
NO = {"0", "non", "n", "false", "faux", "no"}
OFFERS = ("supplier", "product_code", "net_price")
SUPPLIERS = ("supplier",)
TERMS = (
    "minimum", "shipping_fee", "free_from", "order_cost", "payment_days", "cash_discount", "tiers",
)  # fmt: skip
MOST_BYTES = 60_000_000


@dataclass(frozen=True)
class Shelves:
    """The rows of a file: codes, labels, and what the proposal is made from."""

    codes: tuple[str, ...]
    labels: tuple[str, ...]
    shelf: Shelf


@dataclass(frozen=True)
class Offered:
    """What suppliers ask: a unit's net price (products, suppliers), infinite where one does not sell it.

    `lead` is days to deliver, same shape; suppliers come with their terms of payment.
    """

    suppliers: tuple[Supplier, ...]
    payments: tuple[Payment, ...]
    prices: Floats
    lead: Floats


def read_shelves(path: Path, today: dt.date) -> Shelves:
    """Read what each product sells, has, and asks for; `today` tells what is due and what expires.

    Raises InvalidInput with the line when a value is missing or absurd, or a product comes twice.
    """
    known = (*SHELVES, *(name for name, _ in FIGURES.values()), *OTHERS)
    table = read_file(path, required=SHELVES, known=known, most=MOST_BYTES)
    rows = [Cells(path, row) for row in table.rows]
    if not rows:
        raise InvalidInput(f"« {path.name} » n’a aucun produit sous son en-tête.")
    codes = tuple(each.text("product_code") for each in rows)
    seen: set[str] = set()
    for each in rows:
        code = each.text("product_code")
        if code in seen:
            raise InvalidInput(f"{each.where} : le produit « {code} » figure deux fois.")
        seen.add(code)
    given = {
        name: np.array([_number(each, column, usual) for each in rows])
        for name, (column, usual) in FIGURES.items()
    }
    demand = np.array([_positive(each, "daily_demand") for each in rows])
    on_hand = np.array([_positive(each, "on_hand") for each in rows])
    unknown = np.isnan(given["deviation"])
    given["deviation"] = np.where(unknown, np.sqrt(demand), given["deviation"])
    wait = given["lead"] + given["review"]
    shelf = Shelf.of(
        _prices(rows), demand=demand, on_hand=on_hand, **given,
        usable=_usable(rows, on_hand, demand, wait, today),
        incoming=_incoming(rows, wait, today),
        factors=np.array([factor(_service(each)) for each in rows]),
        held=np.array([float(each.text("held", "").lower() not in NO) for each in rows]),
        apart=np.array([float(_handling(each)) for each in rows]),
    )  # fmt: skip
    return Shelves(codes, tuple(each.text("label", "") for each in rows), shelf)


def read_offers(offers: Path, suppliers: Path | None, codes: tuple[str, ...]) -> Offered:
    """Read net prices by supplier and product, and what suppliers ask of an order if told."""
    table = read_file(offers, required=OFFERS, known=(*OFFERS, "lead_days"), most=MOST_BYTES)
    rows = [Cells(offers, row) for row in table.rows]
    terms = _terms(suppliers) if suppliers else {}
    names = list(dict.fromkeys([*terms, *(each.text("supplier") for each in rows)]))
    place = {code: row for row, code in enumerate(codes)}
    prices = np.full((len(codes), len(names)), np.inf)
    lead = np.ones((len(codes), len(names)))
    for each in rows:
        code = each.text("product_code")
        if code in place:
            at = (place[code], names.index(each.text("supplier")))
            prices[at] = _positive(each, "net_price")
            lead[at] = _number(each, "lead_days", 1.0)
    usual = [(Supplier(name), Payment()) for name in names]
    found = [terms.get(name, usual[number]) for number, name in enumerate(names)]
    return Offered(tuple(a for a, _ in found), tuple(b for _, b in found), prices, lead)


def _terms(path: Path) -> dict[str, tuple[Supplier, Payment]]:
    table = read_file(path, required=SUPPLIERS, known=(*SUPPLIERS, *TERMS))
    found = {}
    for row in table.rows:
        cells = Cells(path, row)
        name = cells.text("supplier")
        money = {key: _number(cells, key, 0.0) for key in TERMS[:4]}
        payment = Payment(_number(cells, "payment_days", 0.0), _number(cells, "cash_discount", 0.0))
        found[name] = (Supplier(name, **money, tiers=_tiers(cells)), payment)
    return found


def _tiers(cells: Cells) -> tuple[tuple[float, float], ...]:
    """Read tiers written « 30:5% 60:0,08 »: from how much, which rate."""
    found = []
    for part in cells.text("tiers", "").replace("|", " ").split():
        start, _, rate = part.partition(":")
        try:
            value = float(rate.rstrip("%").replace(",", ".")) / (100 if rate.endswith("%") else 1)
            found.append((float(start.replace(",", ".")), value))
        except ValueError as error:
            raise InvalidInput(
                f"{cells.where}, colonne tiers : « {part} » ne se lit pas. Écrivez 30:5% 60:8%."
            ) from error
        if not 0 <= value < 1:
            raise InvalidInput(f"{cells.where}, colonne tiers : « {rate} » n’est pas un taux.")
    return tuple(sorted(found))


def _prices(rows: list[Cells]) -> Prices:
    tiers = [_tiers(each) for each in rows]
    width = max(len(each) for each in tiers)
    minima, rates = np.full((len(rows), width), np.inf), np.zeros((len(rows), width))
    for row, each in enumerate(tiers):
        for place, (start, rate) in enumerate(each):
            minima[row, place], rates[row, place] = start, rate
    columns = [
        np.array([_number(each, name, 0.0) for each in rows])
        for name in ("list_price", "paid", "free")
    ]
    return Prices(columns[0], minima, rates, columns[1], np.where(columns[1] > 0, columns[2], 0.0))


def _usable(
    rows: list[Cells], on_hand: Floats, demand: Floats, wait: Floats, today: dt.date
) -> Floats:
    """Count what sells before it expires: `expiring` units (all, unless told) go on `expires_on`."""
    left = np.array([_days_to(each, "expires_on", today, math.inf) for each in rows])
    expiring = np.array([_number(each, "expiring", math.nan) for each in rows])
    first = np.where(np.isnan(expiring), on_hand, np.minimum(expiring, on_hand))
    first = np.where(np.isfinite(left), first, 0.0)
    lots = np.column_stack([first, on_hand - first])
    return usable(lots, np.column_stack([left, np.full(len(rows), np.inf)]), demand, wait)


def _incoming(rows: list[Cells], wait: Floats, today: dt.date) -> Floats:
    units = np.array([[_number(each, "incoming", 0.0)] for each in rows])
    return due(units, np.array([[_days_to(each, "due_on", today, 0.0)] for each in rows]), wait)


def _days_to(cells: Cells, column: str, today: dt.date, usual: float) -> float:
    day = cells.day(column)
    return usual if day is None else float((day - today).days)


def _service(cells: Cells) -> float:
    name = cells.text("class", "A").upper()
    if name not in SERVICE:
        raise InvalidInput(f"{cells.where}, colonne class : A, B ou C, et non « {name} ».")
    return SERVICE[name]


def _handling(cells: Cells) -> int:
    text = cells.text("handling", "").lower()
    if text not in HANDLING:
        raise InvalidInput(
            f"{cells.where}, colonne handling : froid, hospitalier ou rien, et non « {text} »."
        )
    return HANDLING[text]


def _number(cells: Cells, column: str, usual: float) -> float:
    found = cells.optional(column)
    if found is None:
        return usual
    if found < 0 and not (usual < 0 and found == -1):
        raise InvalidInput(f"{cells.where}, colonne {column} : {found} est négatif. Corrigez-le.")
    return float(found)


def _positive(cells: Cells, column: str) -> float:
    cells.text(column)
    return _number(cells, column, 0.0)
