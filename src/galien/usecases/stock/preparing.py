"""The order proposal of a pharmacy on a day: what is due, how much, from whom and why, line by line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from galien.calculators.stock.orders.proposal import propose
from galien.calculators.stock.orders.wording import refusals
from galien.kernel.errors import NotAllowed, NotAvailable
from galien.kernel.money import round_amount
from galien.model.country import country_of
from galien.model.viewer import Viewer
from galien.usecases.holidays import open_day
from galien.usecases.progress import Progress, silent
from galien.usecases.services import Services
from galien.usecases.stock.asked import asked, month_before
from galien.usecases.stock.flows import Flows, flows, known
from galien.usecases.stock.national import national_list
from galien.usecases.stock.order_lines import Line, line_of, waiting_line
from galien.usecases.stock.orderable import Sight, Under, classes_of, shelf_of
from galien.usecases.stock.reading import levels, opened
from galien.usecases.stock.set_shelf import Hands
from galien.usecases.stock.shared_lines import Shared
from galien.usecases.stock.sources import terms, trade, unanswered
from galien.usecases.stock.sourcing import Placed, place_lines
from galien.usecases.stock.year_read import counts, stock_by_day

FEEDS = ("stock", "sales", "purchases")


@dataclass(frozen=True)
class SupplierTotal:
    """What a supplier's order comes to, excl. tax: its lines, shipping, extra discount, and its terms."""

    supplier: str
    lines: int
    amount: Decimal
    shipping: Decimal
    extra_discount: Decimal
    free_from: Decimal
    due_on: dt.date


@dataclass(frozen=True)
class Prepared:
    """The proposal of a pharmacy: `known_until` is the last day of sales, on which stock is told.

    `waiting` are the lines of orders too small to be sent, in no order today.
    """

    pharmacy: str
    day: dt.date
    known_until: dt.date
    counted_on: dt.date
    lines: tuple[Line, ...]
    orders: tuple[SupplierTotal, ...]
    total: Decimal
    gap: float
    waiting: tuple[Line, ...] = ()


def prepare(
    viewer: Viewer, pharmacy: str, *, on: dt.date, under: Under | None = None, services: Services,
    progress: Progress = silent,
) -> Prepared:  # fmt: skip
    """Propose the orders of a pharmacy on a day, without writing anything down.

    Raises NotAllowed when its sales, stock or purchases are not open, NotAvailable without a count of the
    three months before.
    """
    opened(viewer, (pharmacy,), on=on, services=services, feeds=FEEDS)
    progress(0.02, "Lecture des ventes, des achats et du stock")
    found = flows(viewer, pharmacy, first=_first(viewer, pharmacy, on), on=on, services=services)
    progress(0.3, "Prévision de la demande de chaque produit")
    sight = _looked(viewer, pharmacy, found, on, services)
    progress(0.7, "Prix et fournisseurs des lignes dues")
    under = under or Under()
    first = propose(shelf_of(sight, under, None))
    due = np.flatnonzero(first.need > 0)
    part = replace(sight, place=sight.place[due])
    progress(0.8, "Partage des lignes entre fournisseurs")
    placed, waiting = place_lines(part, under)

    def arrives(days: int) -> dt.date:
        after = on + dt.timedelta(days=days)
        return open_day(after, country=country_of(pharmacy), law=services.law)

    lines, orders, total, gap = _shared(placed, arrives)
    counted = max(level.counted_on for level in sight.shelves.values())
    return Prepared(
        pharmacy, on, found.last, counted, lines, orders, total, gap,
        tuple(waiting_line(each) for each in waiting),
    )  # fmt: skip


def _first(viewer: Viewer, pharmacy: str, on: dt.date) -> dt.date:
    """Return the first day looked at: two years back where all of it is open, else one."""
    far = month_before(on, 25)
    whole = all(pharmacy in viewer.pharmacies(feed, far, on) for feed in FEEDS)
    return far if viewer.everything or whole else month_before(on, 12)


def _looked(viewer: Viewer, pharmacy: str, found: Flows, on: dt.date, services: Services) -> Sight:
    # Contracts, and what is set by hand, are in the records.
    from galien.usecases.contracts.book import bound_pharmacies, contracts_of
    from galien.usecases.stock.by_hand_book import by_hand_of

    shelves = {
        each.product_code: each
        for each in levels((pharmacy,), viewer, on=found.last, services=services)
    }
    if not shelves:
        raise NotAvailable(
            "Aucun comptage de stock dans les trois mois avant les dernières ventes connues : déposez un "
            "fichier de stock."
        )
    products = known(found.codes, services=services)
    families = {code: each.family for code, each in products.items()}
    by_hand = by_hand_of(pharmacy)
    hands = Hands(by_hand, by_hand.events_on(products), max(on, found.last))
    stock = stock_by_day(found, counts(viewer, pharmacy, found, services))
    told = asked(found, stock, families=families, events=hands.events)
    contracts = [
        kept.contract
        for kept in contracts_of(viewer, on=found.last)
        if pharmacy in bound_pharmacies(kept)
    ]
    selling = (told.raw > 0) | (told.daily > 0)
    place = [
        row
        for row, code in enumerate(found.codes)
        if code in products
        and (selling[row] or (code in shelves and shelves[code].minimum > 0) or hands.wants(code))
    ]
    bought = trade(found.bought, contracts, found.last)
    sight = Sight(
        found, told, shelves, products, bought, {}, found.last, np.array(place, dtype=int),
        national_list(services), unanswered(found.bought), hands,
    )  # fmt: skip
    return replace(sight, classes=classes_of(sight))


def _shared(
    placed: Placed, arrives: Callable[[int], dt.date]
) -> tuple[tuple[Line, ...], tuple[SupplierTotal, ...], Decimal, float]:
    """Explain each line, and sum what each supplier is asked; `arrives` is the day some days later."""
    if placed.split is None:
        return (), (), Decimal("0.00"), 0.0
    found = placed.split.supplied
    aside = {
        row: [each.sentence() for each in tiers] for row, tiers in refusals(placed.final).items()
    }
    lines = tuple(
        line_of(placed, placed.split, (place, int(row)), aside.get(int(row), []))
        for place, row in enumerate(placed.final.lines)
    )
    totals = _totals(placed.sight, placed.split, lines, arrives)
    return lines, totals, round_amount(Decimal(repr(found.split.total))), found.split.gap


def _totals(
    sight: Sight, shared: Shared, lines: Sequence[Line], arrives: Callable[[int], dt.date]
) -> tuple[SupplierTotal, ...]:
    found, made = shared.supplied, []
    for place, name in enumerate(shared.names):
        mine = [line for line in lines if line.supplier == name]
        if mine:
            wait = round(sight.trade.rhythm(name).lead)
            asks, _ = terms(name, sight.trade.contracts)
            made.append(
                SupplierTotal(
                    name, len(mine), sum((line.amount or Decimal(0) for line in mine), Decimal(0)),
                    round_amount(Decimal(repr(float(found.split.shipping[place])))),
                    round_amount(Decimal(repr(float(found.split.extra_discounts[place])))),
                    round_amount(Decimal(repr(asks.free_from if asks.shipping_fee else 0.0))),
                    arrives(wait),
                )
            )  # fmt: skip
    return tuple(made)


def check_open(viewer: Viewer, pharmacy: str, *, services: Services, on: dt.date) -> None:
    """Raise NotAllowed, in the words of an absence, unless all that orders need of a pharmacy is open."""
    try:
        opened(viewer, (pharmacy,), on=on, services=services, feeds=FEEDS)
    except NotAllowed as error:
        raise NotAllowed("Cette pharmacie n’existe pas.", code="UNKNOWN_PHARMACY") from error
