"""How one pharmacy buys: the channel and supplier of each product, its list price, its discount."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from galien.demo import regulated
from galien.demo.catalogue import Catalogue
from galien.demo.days import Calendar
from galien.demo.public import Bools, Floats, Ints
from galien.demo.taste import Taste

WHOLESALER, DIRECT, DISTRIBUTOR = range(3)
# Invented names, said to be so; the labs of direct purchases are the real holders.
WHOLESALERS = (
    "Répartition Centrale (fictif)",
    "Grossiste du Littoral (fictif)",
    "Répartiteur des Cités (fictif)",
)
DISTRIBUTORS = ("Distri Comptoir (fictif)", "Courte Ligne Santé (fictif)")
_FIRST_SUPPLIER = (0.66, 0.23, 0.11)


@dataclass(frozen=True)
class Terms:
    """One entry per product: where it is bought as a rule and on what conditions.

    `rate` is one row per channel: the discount as a ratio of the ex-factory price for a regulated
    product, of the list price otherwise. `free_every`: paid boxes for one free, 0 for none.
    `version`: column of prices by day; `ceiling`: legal maximum by day for (general, generic).
    """

    channel: Ints
    supplier: Ints
    suppliers: tuple[str, ...]
    rate: Floats
    free_every: Ints
    list_price: Ints
    version: Ints
    ceiling: Floats

    def supplier_of(self, product: Ints, channel: Ints) -> Ints:
        """Number the supplier of a purchase made through a channel."""
        return np.where(channel == self.channel[product], self.supplier[product],
                        np.where(channel == WHOLESALER, product % 7 % 3 % 2,
                                 len(WHOLESALERS) + product % len(DISTRIBUTORS)))  # fmt: skip


def make_terms(
    catalogue: Catalogue, calendar: Calendar, taste: Taste, rng: np.random.Generator
) -> Terms:
    """Draw the purchase conditions of a pharmacy, inside the legal ceilings of each day."""
    generic = catalogue.generic == 1
    medicine = catalogue.atc != ""
    channel = _channels(catalogue, taste, generic, medicine, rng)
    suppliers = (*WHOLESALERS, *DISTRIBUTORS, *catalogue.labs)
    wholesaler = rng.choice(3, len(catalogue), p=_FIRST_SUPPLIER)
    distributor = len(WHOLESALERS) + rng.integers(0, 2, len(catalogue))
    lab = len(WHOLESALERS) + len(DISTRIBUTORS) + catalogue.lab_id
    supplier = np.choose(channel, [wholesaler, lab, distributor])
    days = [
        regulated.discount_ceiling(name, d)
        for d in _ceiling_days(calendar)
        for name in ("general", "generic")
    ]
    by_step = np.array(days).reshape(-1, 2)
    steps = np.array([d.toordinal() for d in _ceiling_days(calendar)])
    ordinals = np.array([d.toordinal() for d in calendar.days])
    return Terms(
        channel=channel.astype(np.int64),
        supplier=supplier.astype(np.int64),
        suppliers=suppliers,
        rate=_rates(catalogue, taste, generic, rng),
        free_every=np.where(
            (channel == DIRECT) & ~catalogue.regulated & (rng.random(len(catalogue)) < 0.22), 10, 0
        ),
        list_price=_free_list_price(catalogue, calendar),
        version=np.array([catalogue.version(day) for day in calendar.days], np.int64),
        ceiling=by_step[np.searchsorted(steps, ordinals, side="right") - 1],
    )


def _ceiling_days(calendar: Calendar) -> list[dt.date]:
    law = regulated.law()
    changes = set(law.changes("discount_ceiling_generic")) | set(
        law.changes("discount_ceiling_general")
    )
    return sorted({calendar.first, *(day for day in changes if day > calendar.first)})


def _channels(
    catalogue: Catalogue, taste: Taste, generic: Bools, medicine: Bools, rng: np.random.Generator
) -> Ints:
    draw = rng.random(len(catalogue))
    of_lab = rng.random(len(catalogue.labs))[catalogue.lab_id]
    preferred = (catalogue.lab == taste.first_lab) | (catalogue.lab == taste.second_lab)
    channel = np.full(len(catalogue), WHOLESALER)
    channel[generic & preferred & (draw < 0.92)] = DIRECT
    branded = catalogue.regulated & ~generic
    price = catalogue.price.max(axis=1)
    channel[branded & (of_lab < 0.265) & (price < 15_000)] = DIRECT
    channel[branded & (of_lab > 0.955) & (price < 15_000)] = DISTRIBUTOR
    self_care = medicine & ~catalogue.regulated
    channel[self_care & (of_lab < 0.52)] = DIRECT
    channel[self_care & (of_lab > 0.80)] = DISTRIBUTOR
    channel[~medicine & (of_lab < 0.56)] = DIRECT
    channel[~medicine & (of_lab >= 0.56)] = DISTRIBUTOR
    channel[~medicine & (of_lab > 0.92)] = WHOLESALER
    return channel


def _rates(catalogue: Catalogue, taste: Taste, generic: Bools, rng: np.random.Generator) -> Floats:
    size = len(catalogue)
    lab = rng.uniform(0, 1, len(catalogue.labs))[catalogue.lab_id]
    own = rng.uniform(0, 1, size)
    first = catalogue.lab == taste.first_lab
    rate = np.zeros((3, size))
    rate[DIRECT] = np.where(generic, np.where(first, 0.36, 0.33) + 0.06 * own, 0.0)
    rate[WHOLESALER] = np.where(generic, 0.26 + 0.14 * own, 0.0)
    rate[DISTRIBUTOR] = np.where(generic, 0.15, 0.0)
    branded = catalogue.regulated & ~generic
    rate[:, branded] = np.array([[0.025], [0.022], [0.018]]) * np.where(own[branded] < 0.9, 1, 0.4)
    dear = branded & (catalogue.price.max(axis=1) > 45_000)
    rate[:, dear] *= 0.5
    free = ~catalogue.regulated
    rate[DIRECT, free] = 0.15 + 0.16 * lab[free] + 0.04 * own[free]
    rate[WHOLESALER, free] = 0.05 + 0.04 * own[free]
    rate[DISTRIBUTOR, free] = 0.02 + 0.03 * own[free]
    return rate


def _free_list_price(catalogue: Catalogue, calendar: Calendar) -> Ints:
    """Give the labs' list price of free products in cents excl. tax, one column a year, + 2 %."""
    excl = catalogue.price[:, 0] * 1000 / (1000 + catalogue.vat)
    base = np.where(catalogue.rental, 0, excl * catalogue.cost_share)
    years = len(calendar.days) // 366 + 1
    return (
        np.stack([np.round(base * 1.02**y) for y in range(years)], axis=1).astype(np.int64).clip(0)
    )


@dataclass(frozen=True)
class Quote:
    """Unit prices of a purchase in cents, excl. tax."""

    list: Ints
    net: Ints


def quote(catalogue: Catalogue, terms: Terms, *, day: int, product: Ints, channel: Ints) -> Quote:
    """Price a purchase on a day: list price of the channel, then a discount under the ceiling.

    Net prices are rounded up to the cent, so that rounding never passes a ceiling.
    """
    version = terms.version[day]
    fixed = catalogue.regulated[product]
    factory = catalogue.ex_factory[product, version].clip(1)
    through = np.where(channel == WHOLESALER, catalogue.wholesaler[product, version], 0)
    listed = np.where(fixed, factory + through, terms.list_price[product, day // 366])
    generic = (catalogue.generic[product] == 1).astype(np.int64)
    rate = terms.rate[channel, product]
    rate = np.where(fixed, np.minimum(rate, terms.ceiling[day, generic]), rate)
    base = np.where(fixed, factory, listed)
    net = np.ceil(listed - rate * base - 1e-9).astype(np.int64)
    return Quote(listed, np.maximum(net, 0))
