"""What a pharmacy ordered and did not get within 72 hours, over a year: cost, substitutes, history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from galien.calculators.stock.shortages import (
    Available,
    History,
    OrderLine,
    Shortage,
    history,
    shortages,
)
from galien.kernel.clock import PARIS
from galien.model.viewer import Viewer
from galien.usecases.services import Services
from galien.usecases.stock.asked import asked
from galien.usecases.stock.flows import Bought, Flows, Known, flows, known
from galien.usecases.stock.preparing import FEEDS
from galien.usecases.stock.reading import Level, levels, opened
from galien.usecases.stock.shortage_files import Product, Surroundings, declarations

YEAR = dt.timedelta(days=365)
LATELY = dt.timedelta(days=30)  # what a supplier delivered lately, it is taken to have
ZERO = Decimal(0)
CENT = Decimal("0.0001")


@dataclass(frozen=True)
class Missing:
    """The shortages of a pharmacy over a year, the oldest first; `rows` are those of the export.

    `now` is the moment they are told at: the end of the last day of sales known.
    """

    pharmacy: str
    now: dt.datetime
    found: tuple[Shortage, ...]
    rows: tuple[dict[str, object], ...]
    by_lab: tuple[History, ...]
    by_product: tuple[History, ...]


def missing(viewer: Viewer, pharmacy: str, *, on: dt.date, services: Services) -> Missing:
    """Find the shortages of a pharmacy over the year before a day.

    Files of purchases date deliveries, not orders: a line delivered to nothing counts as asked on the
    day of its delivery note, one sent from here as asked when it was sent. Boxes of any supplier end the
    wait. Raises NotAllowed when its sales, stock or purchases are not open, NotAvailable without sales.
    """
    opened(viewer, (pharmacy,), on=on, services=services, feeds=FEEDS)
    told = flows(viewer, pharmacy, first=on - YEAR, on=on, services=services)
    now = dt.datetime.combine(told.last, dt.time(23, 59), PARIS)
    sent = _sent(viewer, pharmacy, on - YEAR)
    found = shortages([*_lines(pharmacy, told.bought), *sent], now)
    codes = sorted({each.product for each in found})
    products = known(told.codes, services=services) if found else {}
    around = _around(viewer, pharmacy, told, products, codes, services=services)

    def lab(each: Shortage) -> str:
        product = around.products.get(each.product)
        return product.lab if product and product.lab else "Laboratoire inconnu"

    return Missing(
        pharmacy, now, found, tuple(declarations(found, around, now)), history(found, lab, now),
        history(found, lambda each: each.product, now),
    )  # fmt: skip


def _lines(pharmacy: str, bought: Iterable[Bought]) -> list[OrderLine]:
    """Return purchase lines as orders asked on the day of their delivery."""
    found = []
    for line in bought:
        at = dt.datetime.combine(line.day, dt.time(12), PARIS)
        came = line.delivered + line.free
        found.append(
            OrderLine(
                pharmacy, line.product_code, line.supplier, at, max(line.ordered, 0),
                at if came > 0 else None, max(came, 0),
            )
        )  # fmt: skip
    return found


def _sent(viewer: Viewer, pharmacy: str, since: dt.date) -> list[OrderLine]:
    """Return what was sent from here; what came of it is in purchases."""
    # Orders are in the records.
    from galien.records.scope import visible_to

    rows = visible_to(viewer).orders().filter(pharmacy=pharmacy, day__gte=since)
    return [
        OrderLine(pharmacy, line["product_code"], row.supplier, row.sent_at, line["quantity"])
        for row in rows
        if row.sent_at is not None
        for line in row.lines
        if line["quantity"] > 0
    ]


def _around(
    viewer: Viewer, pharmacy: str, told: Flows, products: dict[str, Known], codes: Sequence[str],
    *, services: Services,
) -> Surroundings:  # fmt: skip
    """Return what the products short are, and where they or others of their generic groups are."""
    if not codes:
        return Surroundings({})
    groups = {products[code].keys.generic_group for code in codes if code in products} - {""}
    kin = sorted(
        {code for code, each in products.items() if each.keys.generic_group in groups} | set(codes)
    )
    shelves = levels(
        opened(viewer, (), on=told.last, services=services), viewer,
        on=told.last, services=services, codes=kin,
    )  # fmt: skip
    own = {each.product_code: each for each in shelves if each.pharmacy == pharmacy}
    counts = {code: float(level.quantity) for code, level in own.items()}
    counted = max((level.counted_on for level in own.values()), default=told.last)
    rates = asked(told, counts, counted, families={}).corrected
    daily = dict(zip(told.codes, rates, strict=True))
    here = [
        Available(each.product_code, each.pharmacy, sister=True, units=int(each.quantity))
        for each in shelves
        if each.pharmacy != pharmacy
    ]
    wanted = set(kin)
    lately = {
        (line.product_code, line.supplier): line.delivered
        for line in told.bought
        if line.product_code in wanted and line.delivered > 0 and line.day >= told.last - LATELY
    }
    there = [Available(code, name, False, units) for (code, name), units in lately.items()]
    described = {
        code: _product(code, products.get(code), own.get(code), daily.get(code, 0.0))
        for code in kin
    }
    return Surroundings(described, (*there, *here))


def _product(code: str, product: Known | None, level: Level | None, rate: float) -> Product:
    price = cost = ZERO
    if level is not None:
        cost = level.unit_cost
        price = (level.public_price or ZERO) / (1 + (level.vat_rate or ZERO))
    return Product(
        code, label=product.label if product else code, lab=product.keys.lab if product else "",
        group=product.keys.generic_group if product else "",
        daily=Decimal(repr(float(rate))).quantize(CENT), price=price, cost=cost,
    )  # fmt: skip
