"""The order proposal of a pharmacy on a day: what is due, how much, from whom and why, line by line."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from galien.calculators.stock.orders.proposal import Proposal, propose
from galien.calculators.stock.orders.supply import Supplied
from galien.calculators.stock.orders.wording import refusals, sentence
from galien.kernel import french
from galien.kernel.errors import NotAllowed, NotAvailable
from galien.kernel.money import round_amount
from galien.model.viewer import Viewer
from galien.usecases.holidays import open_day
from galien.usecases.progress import Progress, silent
from galien.usecases.services import Services
from galien.usecases.stock.asked import Asked, asked, month_before
from galien.usecases.stock.flows import Flows, flows, known
from galien.usecases.stock.national import national_list
from galien.usecases.stock.orderable import NOBODY, Sight, Under, classes_of, shelf_of
from galien.usecases.stock.reading import levels, opened
from galien.usecases.stock.set_shelf import Hands
from galien.usecases.stock.shared_lines import Shared, settled, share
from galien.usecases.stock.sources import Source, sources_of, terms, trade, unanswered

FEEDS = ("stock", "sales", "purchases")
WHOLE_YEAR = 360  # days known, from which one speaks of twelve months
SMALL = 0.25  # of a usual delivery
NO_LONGER_SOLD = (
    "N’est plus commercialisé d’après la base publique : vérifiez qu’on le livre encore."
)


@dataclass(frozen=True)
class Line:
    """A line proposed: units, units a day, days, euros excl. tax; no `supplier` when nobody sells it."""

    product_code: str
    label: str
    supplier: str
    quantity: int
    need: float
    position: float
    threshold: float
    stock: float
    raw: float
    corrected: float
    days_out: float
    lead: float
    safety: float
    unit_price: Decimal | None
    amount: Decimal | None
    apart: int
    reason: str


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
    """The proposal of a pharmacy: `known_until` is the last day of sales, on which stock is told."""

    pharmacy: str
    day: dt.date
    known_until: dt.date
    counted_on: dt.date
    lines: tuple[Line, ...]
    orders: tuple[SupplierTotal, ...]
    total: Decimal
    gap: float


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
    sources = [sources_of(part.products[code], part.trade, found.last) for code in part.codes()]
    final = propose(shelf_of(part, under, sources))
    progress(0.8, "Partage des lignes entre fournisseurs")
    final = propose(shelf_of(part, under, settled(part, final, sources)))
    lines, orders, total, gap = _shared(part, final, sources, on)
    counted = max(level.counted_on for level in sight.shelves.values())
    return Prepared(pharmacy, on, found.last, counted, lines, orders, total, gap)


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
    counts = {code: float(level.quantity) for code, level in shelves.items()}
    counted = next(iter(shelves.values())).counted_on
    families = {code: each.family for code, each in products.items()}
    by_hand = by_hand_of(pharmacy)
    hands = Hands(by_hand, by_hand.events_on(products), max(on, found.last))
    told = asked(found, counts, counted, families=families, events=hands.events)
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
    sight: Sight, final: Proposal, sources: Sequence[tuple[Source, ...]], on: dt.date
) -> tuple[tuple[Line, ...], tuple[SupplierTotal, ...], Decimal, float]:
    """Share the lines between suppliers and explain each."""
    split = share(sight, final, sources)
    if split is None:
        return (), (), Decimal("0.00"), 0.0
    found = split.supplied
    aside = {row: [each.sentence() for each in tiers] for row, tiers in refusals(final).items()}
    lines = tuple(
        _line(sight, final, (place, int(row)), split, aside.get(int(row), []))
        for place, row in enumerate(final.lines)
    )
    totals = _totals(sight, found, lines, split.names, on)
    return lines, totals, round_amount(Decimal(repr(found.split.total))), found.split.gap


def _line(
    sight: Sight, final: Proposal, at: tuple[int, int], split: Shared, aside: Sequence[str]
) -> Line:
    place, row = at
    found, names, prices = split.supplied, split.names, split.prices
    code = sight.found.codes[sight.place[row]]
    chosen = int(found.split.supplier[place])
    units = int(final.quantity[row])
    price = None if chosen < 0 else Decimal(repr(round(float(prices[place, chosen]), 4)))
    told, column = sight.demand, int(sight.place[row])
    raw, corrected, out = (
        float(each[column]) for each in (told.raw, told.corrected, told.days_out)
    )
    said = [
        sentence(final, row),
        *_by_hand(sight, final, row, code),
        "" if sight.products[code].on_sale else NO_LONGER_SOLD,
        sight.national.sentence(code),
        sight.unanswered.get(code, ""),
        _demand(told, column),
        *aside,
        found.reasons[place],
        "" if chosen < 0 else _small(sight, names[chosen], float(found.split.amounts[chosen])),
    ]
    return Line(
        product_code=code, label=sight.products[code].label,
        supplier=names[chosen] if chosen >= 0 else NOBODY, quantity=units,
        need=float(final.need[row]), position=float(final.position[row]),
        threshold=float(final.threshold[row]), stock=float(final.shelf.on_hand[row]),
        raw=raw, corrected=corrected, days_out=out, lead=float(final.shelf.lead[row]),
        safety=float(final.safety[row]), unit_price=price,
        amount=None if price is None else round_amount(price * units),
        apart=int(final.shelf.apart[row]), reason=" ".join(each for each in said if each),
    )  # fmt: skip


def _by_hand(sight: Sight, final: Proposal, row: int, code: str) -> list[str]:
    """Say what is set of a product, and the events that touch it while it is waited for."""
    wait = math.ceil(float(final.shelf.lead[row] + final.shelf.review[row]))
    first = sight.hands.day
    days = (first, first + dt.timedelta(days=max(wait, 1) - 1))
    return sight.hands.by_hand.said(code, sight.products[code], days)


def _demand(told: Asked, column: int) -> str:
    """Say what was sold, in all and a day, and what would have been."""
    days, out = float(told.known[column]), float(told.days_out[column])
    raw = float(told.raw[column])
    units = round(raw * days)
    span = "douze mois" if days >= WHOLE_YEAR else f"{french.number(days)} jours"
    sold = f"{french.number(units)} vendu{'s' if units >= 2 else ''} en {span}"
    said = f"{sold} ({french.number(raw, 2)} par jour)"
    if not told.usual[column]:
        return f"{said}, produit rarement en rayon."
    if out < 1:
        return f"{said}, jamais en rupture."
    corrected = french.number(float(told.corrected[column]), 2)
    return (
        f"{said}, {corrected} par jour une fois corrigé de {french.number(out)} "
        f"jour{'s' if out >= 2 else ''} sans stock."
    )


def _small(sight: Sight, supplier: str, amount: float) -> str:
    """Say that a direct order is far from what its supplier usually delivers; empty otherwise."""
    habit = float(sight.trade.habits.get(supplier, 0))
    if amount >= habit * SMALL:
        return ""
    return (
        f"Commande de {french.amount(amount)} en tout, quand une livraison de ce fournisseur en fait "
        f"d’ordinaire {french.amount(habit)} : à grouper."
    )


def _totals(
    sight: Sight, found: Supplied, lines: Sequence[Line], names: Sequence[str], on: dt.date
) -> tuple[SupplierTotal, ...]:
    made = []
    for place, name in enumerate(names):
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
                    open_day(on + dt.timedelta(days=wait)),
                )
            )  # fmt: skip
    return tuple(made)


def check_open(viewer: Viewer, pharmacy: str, *, services: Services, on: dt.date) -> None:
    """Raise NotAllowed, in the words of an absence, unless all that orders need of a pharmacy is open."""
    try:
        opened(viewer, (pharmacy,), on=on, services=services, feeds=FEEDS)
    except NotAllowed as error:
        raise NotAllowed("Cette pharmacie n’existe pas.", code="UNKNOWN_PHARMACY") from error
