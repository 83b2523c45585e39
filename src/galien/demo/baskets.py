"""What each line holds: the product, the boxes, the price of the day, the fee, the discount."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from galien.demo import regulated
from galien.demo.campaigns import Campaign
from galien.demo.catalogue import Catalogue
from galien.demo.days import Calendar
from galien.demo.members import Member
from galien.demo.public import Bools, Floats, Ints
from galien.demo.taste import THEMES, Taste, quantities, sold_mask
from galien.demo.visits import (
    CASH,
    COMMERCIAL,
    COUNTER,
    RENTAL,
    RENTAL_THIRD,
    RESALE,
    THIRD,
    Invoices,
)


@dataclass(frozen=True)
class Lines:
    """One entry per line sold, in order; amounts in cents, costs left to the stock to say."""

    invoice: Ints
    line_no: Ints
    product: Ints
    quantity: Ints
    gross: Ints
    discount: Ints
    fee: Ints
    campaign: Ints

    @property
    def net(self) -> Ints:
        """Return the amount paid."""
        return self.gross - self.discount


def make_lines(
    catalogue: Catalogue,
    calendar: Calendar,
    member: Member,
    taste: Taste,
    invoices: Invoices,
    *,
    themes: Floats,
    campaigns: tuple[Campaign, ...],
    rng: np.random.Generator,
) -> Lines:
    """Fill the invoices with products and price them."""
    invoice = np.repeat(np.arange(len(invoices)), invoices.lines)
    start = np.cumsum(invoices.lines) - invoices.lines
    line_no = np.arange(len(invoice)) - start[invoice] + 1
    kind, day = invoices.sale_type[invoice], invoices.day[invoice]
    product = _products(catalogue, calendar, taste, invoices, invoice, themes, campaigns, rng)
    version = np.array([catalogue.version(d) for d in calendar.days])[day]
    listed = catalogue.price[product, version]
    own = _own_prices(catalogue, calendar, member, rng)
    unit = np.where(catalogue.regulated[product], listed, own[product, day // 366])
    prescribed = (kind == THIRD) | (kind == CASH)
    draw = rng.random(len(invoice))
    few = np.where((draw > 0.94) & (unit < 2500), 2, 1)
    quantity = np.where(prescribed, quantities(unit, draw), few)
    quantity = np.where(
        (kind == COMMERCIAL) | (kind == RESALE), 2 + (draw * 6).astype(np.int64), quantity
    )
    quantity = np.where((kind == RENTAL) | (kind == RENTAL_THIRD), 1, quantity)
    # Without a prescription the pack is sold at its public price, the fee being part of it.
    unit = np.where(kind == COUNTER, unit + catalogue.fee[product], unit)
    unit = np.where(kind == RESALE, _resale_price(catalogue, product, version, unit), unit)
    quantity = np.where(invoices.refund[invoice] == 1, -quantity, quantity)
    gross = unit * quantity
    campaign, rate = _offers(catalogue, calendar, kind, day, product, campaigns, rng)
    discount = np.sign(gross) * ((np.abs(gross) * rate + 50) // 100)
    fee = np.where(prescribed, catalogue.fee[product] * quantity, 0)
    fee += _prescription_fees(calendar, invoices, invoice, line_no, prescribed & (fee > 0), rng)
    return Lines(invoice, line_no, product, quantity, gross, discount, fee, campaign)


def _products(
    catalogue: Catalogue,
    calendar: Calendar,
    taste: Taste,
    invoices: Invoices,
    invoice: Ints,
    themes: Floats,
    campaigns: tuple[Campaign, ...],
    rng: np.random.Generator,
) -> Ints:
    month = calendar.month[invoices.day[invoice]]
    bounds = np.searchsorted(month, np.arange(int(month[-1]) + 2))
    kind = invoices.sale_type[invoice]
    prescribed, rented = np.isin(kind, (THIRD, CASH, RESALE)), np.isin(kind, (RENTAL, RENTAL_THIRD))
    product = np.zeros(len(invoice), np.int64)
    rentals = np.flatnonzero(catalogue.rental)
    for number in range(len(bounds) - 1):
        first, last = bounds[number], bounds[number + 1]
        day = calendar.days[int(np.searchsorted(calendar.month, number))]
        season = catalogue.months[:, day.month - 1] * sold_mask(catalogue, catalogue.version(day))
        lines = slice(first, last)
        mine = prescribed[lines]
        chosen = _by_theme(taste.prescription * season, themes, invoice[lines][mine], rng)
        product[lines][mine] = chosen
        other = ~mine & ~rented[lines]
        pull = _pull(catalogue, day, campaigns)
        product[lines][other] = _draw(taste.counter * season * pull, int(other.sum()), rng)
        rented_now = rented[lines]
        product[lines][rented_now] = rng.choice(rentals, int(rented_now.sum()))
    return product


def _pull(catalogue: Catalogue, day: dt.date, campaigns: tuple[Campaign, ...]) -> Floats:
    factor = np.ones(len(catalogue))
    for campaign in campaigns:
        if campaign.covers(day):
            factor[catalogue.universe == campaign.universe] *= 1.4
    return factor


def _draw(weights: Floats, count: int, rng: np.random.Generator) -> Ints:
    cumulative = np.cumsum(weights)
    return np.searchsorted(cumulative, rng.random(count) * cumulative[-1], side="right").astype(
        np.int64
    )


def _by_theme(weights: Floats, themes: Floats, invoice: Ints, rng: np.random.Generator) -> Ints:
    """Draw products so that the lines of one prescription lean to one reason for treatment."""
    active = np.flatnonzero(weights)
    parts = (themes[:, active] * weights[active]).ravel()
    cumulative = np.cumsum(parts)
    ends = cumulative[len(active) - 1 :: len(active)]
    starts = np.concatenate([[0.0], ends[:-1]])
    first = np.ones(len(invoice), bool)
    first[1:] = invoice[1:] != invoice[:-1]
    owner = np.cumsum(first) - 1
    count = int(owner[-1]) + 1 if len(owner) else 0
    theme = np.searchsorted(ends, rng.random(count) * ends[-1], side="right").clip(
        0, len(THEMES) - 1
    )
    lean = theme[owner]
    point = starts[lean] + rng.random(len(invoice)) * (ends[lean] - starts[lean])
    return np.asarray(
        active[np.searchsorted(cumulative, point, side="right") % len(active)], np.int64
    )


def _own_prices(
    catalogue: Catalogue, calendar: Calendar, member: Member, rng: np.random.Generator
) -> Ints:
    """Give the free prices of the pharmacy, one column a year: its own level, 2 % more each year."""
    level = {"Centre commercial": 0.94, "Rural": 1.04}.get(member.typology.name, 1.0)
    price = catalogue.price[:, 0] * level * rng.lognormal(0, 0.05, len(catalogue))
    years = len(calendar.days) // 366 + 1
    columns = [np.round(price * 1.02**year / 10).astype(np.int64) * 10 - 1 for year in range(years)]
    return np.stack(columns, axis=1).clip(49)


def _resale_price(catalogue: Catalogue, product: Ints, version: Ints, unit: Ints) -> Ints:
    cost = catalogue.ex_factory[product, version] + catalogue.wholesaler[product, version]
    return np.where(cost > 0, (cost * (1000 + catalogue.vat[product]) + 500) // 1000, unit)


def _offers(
    catalogue: Catalogue,
    calendar: Calendar,
    kind: Ints,
    day: Ints,
    product: Ints,
    campaigns: tuple[Campaign, ...],
    rng: np.random.Generator,
) -> tuple[Ints, Ints]:
    """Give the campaign of each line (0: none) and its discount in percent."""
    free = (kind == COUNTER) & ~catalogue.regulated[product] & (catalogue.vat[product] != 100)
    rate = np.where(free & (rng.random(len(product)) < 0.06), 10, 0)
    rate = np.where(kind == COMMERCIAL, 15, rate)
    label = np.zeros(len(product), np.int64)
    universe = catalogue.universe[product]
    keen = rng.random(len(product)) < 0.85
    for number, campaign in enumerate(campaigns, start=1):
        running = np.array([campaign.covers(d) for d in calendar.days])[day]
        taken: Bools = free & running & keen & (universe == campaign.universe)
        label, rate = np.where(taken, number, label), np.where(taken, campaign.rate, rate)
    return label, rate


def _prescription_fees(
    calendar: Calendar,
    invoices: Invoices,
    invoice: Ints,
    line_no: Ints,
    with_fee: Bools,
    rng: np.random.Generator,
) -> Ints:
    """Give the fees of the prescription, carried by its first line: per prescription, age, others."""
    days = calendar.days
    each = np.array([regulated.fee_cents("fee_hdr_incl", d) for d in _steps(days)])[_step(days)]
    age = np.array([regulated.fee_cents("fee_hda_incl", d) for d in _steps(days)])[_step(days)]
    long = np.array([regulated.fee_cents("fee_hc_incl", d) for d in _steps(days)])[_step(days)]
    special = np.array([regulated.fee_cents("fee_hde_incl", d) for d in _steps(days)])[_step(days)]
    day = invoices.day
    draws = rng.random((2, len(invoices)))
    total = each[day] + np.where(draws[0] < 0.42, age[day], 0)
    total += np.where(draws[1] < 0.06, special[day], 0) + np.where(
        invoices.lines >= 5, long[day], 0
    )
    return np.where((line_no == 1) & with_fee, total[invoice], 0)


def _steps(days: tuple[dt.date, ...]) -> list[dt.date]:
    return sorted({day.replace(day=min(day.day, 8)) for day in days if day.day in (1, 8)})


def _step(days: tuple[dt.date, ...]) -> Ints:
    steps = _steps(days)
    ordinals = np.array([step.toordinal() for step in steps])
    return np.searchsorted(ordinals, [day.toordinal() for day in days], side="right") - 1
