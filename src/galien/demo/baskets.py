"""What each line holds: the product, the boxes, the price of the day, the fee, the discount."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from galien.demo.campaigns import Campaign
from galien.demo.catalogue import Catalogue
from galien.demo.fees import prescription_fees
from galien.demo.public import Bools, Floats, Ints
from galien.demo.taste import THEMES, quantities, sold_mask
from galien.demo.trade import Trade
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

    def only(self, kept: Bools, product_fee: Ints) -> Lines:
        """Keep the lines that were served, numbered anew; the fee of a prescription stays with it.

        `product_fee` is the fee of a box by product: what a line bears above it is the prescription's.
        """
        fee = self.fee.copy()
        for line in np.flatnonzero(~kept & (self.line_no == 1)).tolist():
            rest = np.flatnonzero(kept[line:] & (self.invoice[line:] == self.invoice[line]))
            own = product_fee[self.product[line]] * self.quantity[line]
            if len(rest) and self.fee[line] > own:
                fee[line + rest[0]] += self.fee[line] - own
        of = self.invoice[kept]
        first = np.searchsorted(of, of)
        columns = (self.product, self.quantity, self.gross, self.discount, fee, self.campaign)
        return Lines(of, np.arange(len(of)) - first + 1, *(each[kept] for each in columns))


def make_lines(trade: Trade, invoices: Invoices, rng: np.random.Generator) -> Lines:
    """Fill the invoices with products and price them."""
    catalogue, calendar = trade.catalogue, trade.calendar
    invoice = np.repeat(np.arange(len(invoices)), invoices.lines)
    start = np.cumsum(invoices.lines) - invoices.lines
    line_no = np.arange(len(invoice)) - start[invoice] + 1
    kind, day = invoices.sale_type[invoice], invoices.day[invoice]
    product = _products(trade, invoices, invoice, rng)
    unit = _unit_prices(trade, kind, day, product)
    prescribed = (kind == THIRD) | (kind == CASH)
    quantity = _quantities(kind, unit, rng)
    quantity = np.where(invoices.refund[invoice] == 1, -quantity, quantity)
    gross = unit * quantity
    campaign, rate = _offers(trade, kind, day, product, rng)
    discount = np.sign(gross) * ((np.abs(gross) * rate + 50) // 100)
    fee = np.where(prescribed, catalogue.fee[product] * quantity, 0)
    first = (line_no == 1) & prescribed & (fee > 0)
    fee += np.where(first, prescription_fees(calendar, invoices, rng)[invoice], 0)
    return Lines(invoice, line_no, product, quantity, gross, discount, fee, campaign)


def _unit_prices(trade: Trade, kind: Ints, day: Ints, product: Ints) -> Ints:
    catalogue = trade.catalogue
    version = np.array([catalogue.version(each) for each in trade.calendar.days])[day]
    unit = catalogue.price[product, version].copy()
    free = ~catalogue.regulated[product]
    unit[free] = trade.prices.on(product[free], day[free])
    # Without a prescription the pack is sold at its public price, the fee being part of it.
    unit = np.where(kind == COUNTER, unit + catalogue.fee[product], unit)
    return np.where(kind == RESALE, _resale_price(catalogue, product, version, unit), unit)


def _quantities(kind: Ints, unit: Ints, rng: np.random.Generator) -> Ints:
    draw = rng.random(len(kind))
    several = 2 + (draw * 6).astype(np.int64)
    few = np.where((draw > 0.94) & (unit < 2500), 2, 1)
    return np.select(
        [
            (kind == THIRD) | (kind == CASH),
            (kind == COMMERCIAL) | (kind == RESALE),
            kind == COUNTER,
        ],
        [quantities(unit, draw), several, few],
        1,
    )


def _products(trade: Trade, invoices: Invoices, invoice: Ints, rng: np.random.Generator) -> Ints:
    catalogue, calendar = trade.catalogue, trade.calendar
    month = calendar.month[invoices.day[invoice]]
    bounds = np.searchsorted(month, np.arange(int(calendar.month[-1]) + 2))
    kind = invoices.sale_type[invoice]
    prescribed, rented = np.isin(kind, (THIRD, CASH, RESALE)), np.isin(kind, (RENTAL, RENTAL_THIRD))
    product = np.zeros(len(invoice), np.int64)
    rentals = np.flatnonzero(catalogue.rental)
    for number in range(len(bounds) - 1):
        lines = slice(bounds[number], bounds[number + 1])
        season, asked = _month(trade, number)
        mine = prescribed[lines]
        weights = trade.taste.prescription * season
        product[lines][mine] = _by_theme(weights, trade.themes, invoice[lines][mine], rng)
        other = ~mine & ~rented[lines]
        product[lines][other] = _draw(trade.taste.counter * season * asked, int(other.sum()), rng)
        product[lines][rented[lines]] = rng.choice(rentals, int(rented[lines].sum()))
    return product


def _month(trade: Trade, number: int) -> tuple[Floats, Floats]:
    """Give the factors of a month: season, 0 for what is not sold in it; what prices and promotions ask."""
    catalogue, calendar = trade.catalogue, trade.calendar
    begin = int(np.searchsorted(calendar.month, number))
    end = int(np.searchsorted(calendar.month, number, side="right")) - 1
    first, last = calendar.days[begin], calendar.days[end]
    # What appears or goes during a month is not sold in it.
    there = sold_mask(catalogue, catalogue.version(first))
    there &= sold_mask(catalogue, catalogue.version(last))
    season = catalogue.months[:, first.month - 1] * there
    asked = _pull(catalogue, first, last, trade.campaigns) * trade.prices.answers(begin, end)
    return season, asked


def _pull(
    catalogue: Catalogue, first: dt.date, last: dt.date, campaigns: tuple[Campaign, ...]
) -> Floats:
    factor = np.ones(len(catalogue))
    for campaign in campaigns:
        if campaign.first <= last and campaign.last >= first:
            factor[catalogue.universe == campaign.universe] *= 1.35
    return factor


def _draw(weights: Floats, count: int, rng: np.random.Generator) -> Ints:
    cumulative = np.cumsum(weights)
    place = np.searchsorted(cumulative, rng.random(count) * cumulative[-1], side="right")
    return np.asarray(place, np.int64)


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


def _resale_price(catalogue: Catalogue, product: Ints, version: Ints, unit: Ints) -> Ints:
    cost = catalogue.ex_factory[product, version] + catalogue.wholesaler[product, version]
    return np.where(cost > 0, (cost * (1000 + catalogue.vat[product]) + 500) // 1000, unit)


def _offers(
    trade: Trade, kind: Ints, day: Ints, product: Ints, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """Give the campaign of each line (0: none) and its discount in percent."""
    catalogue, calendar = trade.catalogue, trade.calendar
    free = (kind == COUNTER) & ~catalogue.regulated[product] & (catalogue.vat[product] != 100)
    rate = np.where(free & (rng.random(len(product)) < 0.06), 10, 0)
    rate = np.where(kind == COMMERCIAL, 15, rate)
    label = np.zeros(len(product), np.int64)
    keen = free & (rng.random(len(product)) < 0.85)
    place = np.flatnonzero(keen)
    for number, campaign in enumerate(trade.campaigns, start=1):
        running = np.array([campaign.covers(d) for d in calendar.days])[day[place]]
        among = catalogue.universe == campaign.universe
        taken = place[running & among[product[place]]]
        label[taken], rate[taken] = number, campaign.rate
    return label, rate
