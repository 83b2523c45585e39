"""What a pharmacy ordered and did not get within 72 hours, over a year: cost, substitutes, history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from galien.calculators.stock.shortages import History, OrderLine, Shortage, history, shortages
from galien.kernel.clock import PARIS
from galien.model.viewer import Viewer
from galien.usecases.services import Services
from galien.usecases.stock.asked import asked, daily_stock
from galien.usecases.stock.flows import Bought, Flows, flows
from galien.usecases.stock.instead import Kin, kin, last_lines, places
from galien.usecases.stock.national import Notice, national_list
from galien.usecases.stock.preparing import FEEDS
from galien.usecases.stock.presence import on_shelves
from galien.usecases.stock.reading import Level, levels, opened
from galien.usecases.stock.shortage_files import Product, Surroundings, declarations

YEAR = dt.timedelta(days=365)
ZERO = Decimal(0)
CENT = Decimal("0.0001")


@dataclass(frozen=True)
class Listed:
    """A product of the pharmacy that the national list says lacks: units sold in a year, units in stock.

    `received_on` is the day that boxes last came, None when none did in the year.
    """

    product_code: str
    label: str
    lab: str
    group_label: str
    notice: Notice
    sold: int
    stock: int
    received_on: dt.date | None


@dataclass(frozen=True)
class Missing:
    """The shortages of a pharmacy over a year, the oldest first; `rows` are those of the export.

    `now` is the moment they are told at: the end of the last day of sales known. `national` are its
    products on the national list, the gravest first, `listed_on` the day of that list; `names` are the
    labels of products.
    """

    pharmacy: str
    now: dt.datetime
    found: tuple[Shortage, ...]
    rows: tuple[dict[str, object], ...]
    by_lab: tuple[History, ...]
    by_product: tuple[History, ...]
    national: tuple[Listed, ...]
    listed_on: dt.date | None
    names: Mapping[str, str]


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
    listed = national_list(services)
    short = {each.product for each in found}
    lacking = {code: notice for code in told.codes if (notice := listed.lasting(code)) is not None}
    near = kin(short | set(lacking), services=services)
    groups = {near[code].group for code in short if code in near} - {""}
    around = {code for code, each in near.items() if each.group in groups} | short
    scope = opened(viewer, (), on=told.last, services=services) if found else (pharmacy,)
    shelves = levels(
        scope, viewer, on=told.last, services=services, codes=sorted(around | set(lacking))
    )
    held = {each.product_code: each for each in shelves if each.pharmacy == pharmacy}
    answers = last_lines(sorted(around), viewer, scope, until=told.last, services=services)
    surroundings = Surroundings(
        _products(told, near, shelves, held, around),
        places(answers, shelves, told.bought, apart=pharmacy),
        _days_out(found, _part(told, short), held),
    )
    rows = tuple(
        row | _national(listed.notices.get(str(row["product_code"])))
        for row in declarations(found, surroundings, now)
    )

    def lab(each: Shortage) -> str:
        product = near.get(each.product)
        return product.lab if product and product.lab else "Laboratoire inconnu"

    return Missing(
        pharmacy, now, found, rows, history(found, lab, now),
        history(found, lambda each: each.product, now), _listed(told, lacking, near, held),
        listed.listed_on, {code: each.label for code, each in near.items()},
    )  # fmt: skip


def _days_out(
    found: Iterable[Shortage], part: Flows, held: Mapping[str, Level]
) -> dict[Shortage, Decimal]:
    """Count the days of each shortage on which no box was there, from its first order to its end."""
    if not part.codes:
        return {}
    counts = {code: float(level.quantity) for code, level in held.items()}
    there = on_shelves(part, daily_stock(part, counts, _counted(held, part)))
    place = {code: row for row, code in enumerate(part.codes)}
    days = {}
    for each in (short for short in found if short.product in place):
        first = max(0, (each.asked_at.date() - part.first).days)
        end = (each.until.date() - part.first).days if each.until else part.days
        days[each] = Decimal(int((~there[place[each.product], first:end]).sum()))
    return days


def _national(notice: Notice | None) -> dict[str, object]:
    """Return what the national list says of a product, for a row of its shortage."""
    return {
        "national_status": notice.status.value if notice else None,
        "national_since": notice.since if notice else None,
        "national_link": notice.link if notice else None,
    }


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


def _products(
    told: Flows, near: Mapping[str, Kin], shelves: Iterable[Level], held: Mapping[str, Level],
    codes: Iterable[str],
) -> dict[str, Product]:  # fmt: skip
    """Return what is known of products: names, corrected demand, prices here or at a sister's."""
    wanted = set(codes)
    part = _part(told, wanted)
    counts = {code: float(level.quantity) for code, level in held.items()}
    stock = daily_stock(part, counts, _counted(held, told))
    rates = asked(part, stock, families={}).corrected if part.codes else ()
    daily = dict(zip(part.codes, rates, strict=True))
    prices = {each.product_code: each.public_price for each in shelves if each.public_price}
    prices |= {code: each.public_price for code, each in held.items() if each.public_price}
    return {
        code: _product(near.get(code, Kin(code, code, "", "", "")), held.get(code),
                       daily.get(code, 0.0), prices.get(code))
        for code in sorted(wanted)
    }  # fmt: skip


def _part(told: Flows, codes: set[str]) -> Flows:
    """Return the flows of some products."""
    rows = np.array([row for row, code in enumerate(told.codes) if code in codes], dtype=int)
    return replace(
        told, codes=tuple(told.codes[row] for row in rows), asked=told.asked[rows],
        sold=told.sold[rows], received=told.received[rows],
        bought=tuple(line for line in told.bought if line.product_code in codes),
    )  # fmt: skip


def _counted(held: Mapping[str, Level], told: Flows) -> dt.date:
    return max((level.counted_on for level in held.values()), default=told.last)


def _product(each: Kin, level: Level | None, rate: float, public: Decimal | None) -> Product:
    price = cost = ZERO
    if level is not None:
        cost = level.unit_cost
        price = (level.public_price or ZERO) / (1 + (level.vat_rate or ZERO))
    return Product(
        each.code, label=each.label, lab=each.lab, group=each.group,
        daily=Decimal(repr(float(rate))).quantize(CENT), price=price, cost=cost,
        group_label=each.group_label, public_price=public,
    )  # fmt: skip


def _listed(
    told: Flows, lacking: Mapping[str, Notice], near: Mapping[str, Kin], held: Mapping[str, Level]
) -> tuple[Listed, ...]:
    """Return the products of the pharmacy on the national list: the gravest, then the most sold."""
    part = _part(told, set(lacking))
    if not part.codes:
        return ()
    counts = {code: float(level.quantity) for code, level in held.items()}
    stock = daily_stock(part, counts, _counted(held, told))[:, -1]
    came = {line.product_code: line.day for line in part.bought if line.delivered + line.free > 0}
    made = [
        Listed(
            code, near[code].label if code in near else code, near[code].lab if code in near else "",
            near[code].group_label if code in near else "", lacking[code],
            int(part.asked[row].sum()), max(0, int(stock[row])), came.get(code),
        )
        for row, code in enumerate(part.codes)
    ]  # fmt: skip
    return tuple(sorted(made, key=lambda each: (each.notice.status.rank, -each.sold, each.label)))
