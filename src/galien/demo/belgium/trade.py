"""What the Belgian pair sells, buys and holds, drawn day by day, as rows of the canonical files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

import numpy as np

from galien.demo.belgium.products import Product
from galien.kernel.money import round_amount

FIRST: Final = dt.date(2025, 7, 1)
FREE_SINCE: Final = dt.date(2025, 9, 1)
_CLOSED: Final = frozenset({(1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25)})
_STEP = Decimal("0.05")
Row = tuple[object, ...]


@dataclass(frozen=True)
class Place:
    """A pharmacy of the pair: number, name, province, visits a day, its free prices, its method.

    `price_factor` is what it made of the indicative prices once they were free.
    """

    number: str
    name: str
    province: str
    visits: int
    price_factor: Decimal
    fiscal: bool


PAIR: Final = (
    Place(
        "990017", "Pharmacie belge de démonstration du Beffroi", "WNA", 34, Decimal("1.04"), True
    ),
    Place("990025", "Pharmacie belge de démonstration du Canal", "WLG", 27, Decimal("0.97"), False),
)


@dataclass
class Trade:
    """The rows of a pharmacy's three files, and its shelves at the close of each month."""

    sales: list[Row] = field(default_factory=list)
    purchases: list[Row] = field(default_factory=list)
    stock: list[Row] = field(default_factory=list)


def make_trade(place: Place, products: Sequence[Product], *, last: dt.date, seed: int) -> Trade:
    """Draw the trade of a pharmacy from July 2025 to a day; the same seed gives the same rows."""
    rng = np.random.default_rng([seed, int(place.number)])
    weights = np.array([each.pace for each in products], float)
    target = np.array([6 * each.pace for each in products])
    shelf, found = np.zeros(len(products), int), Trade()
    for day in _days(FIRST, last):
        if _open(day) and (day.weekday() == 0 or not found.purchases):
            found.purchases += _bought(place, products, day, target - shelf)
            shelf = np.maximum(shelf, target)
        if _open(day):
            lines = _sold(place, products, day, rng, weights / weights.sum(), shelf)
            found.sales += lines
        if (day + dt.timedelta(1)).day == 1:
            found.stock += [
                (place.number, day, each.code, int(count), each.net_excl, 2 * each.pace)
                for each, count in zip(products, shelf, strict=True)
            ]
    return found


def price_of(product: Product, place: Place, day: dt.date) -> Decimal:
    """Return the price incl. VAT: the pharmacy's own, to 5 cents, where it is free and since then."""
    if not product.free or day < FREE_SINCE:
        return product.price_incl
    return (product.price_incl * place.price_factor / _STEP).quantize(Decimal(1)) * _STEP


def _sold(  # the day, the shelves, and the chance of both
    place: Place, products: Sequence[Product], day: dt.date, rng: np.random.Generator,
    weights: np.ndarray[tuple[int], np.dtype[np.float64]],
    shelf: np.ndarray[tuple[int], np.dtype[np.int64]],
) -> Iterator[Row]:  # fmt: skip
    for visit in range(int(rng.poisson(place.visits))):
        minute = int(rng.integers(9 * 60, 18 * 60 + 30))
        at = f"{day}T{minute // 60:02}:{minute % 60:02}:00"
        chosen = rng.choice(len(products), int(rng.integers(1, 4)), replace=False, p=weights)
        for line, rank in enumerate(chosen, start=1):
            if shelf[rank] < 1:
                continue
            shelf[rank] -= 1
            product = products[rank]
            price = price_of(product, place, day)
            excl = round_amount(price / (1 + product.vat_rate))
            kind = "prescription_third_party" if product.prescribed else "counter"
            # An invoice is of one kind: what is delivered on prescription has its own.
            invoice = f"{visit}{'P' if product.prescribed else 'C'}"
            yield (
                place.number, at, f"V{visit}", invoice, line, kind, product.code, 1, price, 0, price,
                product.vat_rate, excl, product.net_excl, product.fee_incl, f"E{visit % 3}", "",
            )  # fmt: skip


def _bought(
    place: Place, products: Sequence[Product], day: dt.date,
    wanted: np.ndarray[tuple[int], np.dtype[np.int64]],
) -> Iterator[Row]:  # fmt: skip
    for line, (product, boxes) in enumerate(zip(products, wanted, strict=True), start=1):
        if boxes > 0:
            count = int(boxes)
            yield (
                place.number, day, f"BL{day:%Y%m%d}", line, "Grossiste fictif", "wholesaler",
                product.code, count, 0, product.list_excl * count, product.net_excl * count,
                product.vat_rate,
            )  # fmt: skip


def _days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    return (first + dt.timedelta(n) for n in range((last - first).days + 1))


def _open(day: dt.date) -> bool:
    return day.isoweekday() < 7 and (day.month, day.day) not in _CLOSED
