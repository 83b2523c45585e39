"""The free prices of one pharmacy: changed on days of its own, and what its clients make of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from galien.demo.catalogue import Catalogue
from galien.demo.days import Calendar
from galien.demo.members import Member
from galien.demo.public import Floats, Ints

# What 1 % more on a price does to counter volumes, in percent, by universe: what the method must find.
ELASTICITY = {
    "Santé familiale": -0.8, "Beauté": -1.6, "Hygiène bucco-dentaire": -1.3, "Diététique": -1.5,
    "Hygiène": -1.1, "Matériel et pansements": -0.6, "Bébé et maman": -1.8, "Vétérinaire": -1.4,
    "Voyage et environnement": -1.0, "Optique et audition": -0.9, "Orthopédie": -0.4,
}  # fmt: skip
_LEVELS = {"Centre commercial": 0.94, "Rural": 1.04}
_RISE = 1.02  # a year
# Standard deviations of logarithms: between pharmacies for good, and at each change of a price.
_OWN, _CHANGED = 0.03, 0.05
_LEAST_HELD, _MORE_HELD = 150, 150  # days a price is held: at least, and on average beyond that
_PROMOTED, _AFTER, _LASTS, _OFF = 0.2, 75, (28, 50), (0.10, 0.20)


@dataclass(frozen=True)
class FreePrices:
    """Prices by product and step, tax included, in cents; `starts` is the first day of each step.

    `answer` is what each step does to counter volumes, as a ratio; a regulated product has one step.
    """

    starts: Ints
    cents: Ints
    answer: Floats

    def on(self, product: Ints, day: Ints) -> Ints:
        """Give the price of each product on each day."""
        step = (day[:, None] >= self.starts[product]).sum(axis=1) - 1
        return np.asarray(self.cents[product, step], np.int64)

    def answers(self, first: int, last: int) -> Floats:
        """Give what prices do to the volumes of a span of days, both included, as a ratio."""
        ends = np.concatenate(
            [self.starts[:, 1:], np.full((len(self.starts), 1), last + 1)], axis=1
        )
        days = np.minimum(ends, last + 1) - np.maximum(self.starts, first)
        return np.asarray((self.answer * days.clip(0)).sum(axis=1) / (last + 1 - first), np.float64)


def make_prices(
    catalogue: Catalogue, calendar: Calendar, member: Member, rng: np.random.Generator
) -> FreePrices:
    """Draw the prices a pharmacy asks: raised or lowered every ten months or so, sometimes cut for weeks.

    Prices stay around the pharmacy's own level, 2 % higher each year.
    """
    size, days = len(catalogue), len(calendar.days)
    steps = days // _LEAST_HELD + 1
    held = _LEAST_HELD + rng.exponential(_MORE_HELD, (size, steps))
    changed = np.cumsum(held, axis=1) - held[:, :1] * rng.random((size, 1))
    changed = np.concatenate([np.zeros((size, 1)), changed], axis=1).clip(0, days).astype(np.int64)
    level = _LEVELS.get(member.typology.name, 1.0) * rng.lognormal(0, _OWN, size)
    usual = catalogue.price[:, 0] * level
    wanted = usual[:, None] * _RISE ** (changed / 365.25)
    asked = _ending(wanted * rng.lognormal(0, _CHANGED, changed.shape))
    promoted = rng.random(changed.shape) < _PROMOTED
    cut = _ending(asked * (1 - rng.uniform(*_OFF, changed.shape)))
    following = np.concatenate([changed[:, 1:], np.full((size, 1), days)], axis=1)
    begin = np.minimum(changed + _AFTER, following)
    finish = np.minimum(begin + rng.integers(*_LASTS, changed.shape), following)
    # Each price is asked, then perhaps cut, then asked again.
    cents = np.stack([asked, np.where(promoted, cut, asked), asked], axis=2).reshape(size, -1)
    starts = np.stack([changed, begin, finish], axis=2).reshape(size, -1)
    free = ~catalogue.regulated
    elasticity = np.array([ELASTICITY.get(each, 0.0) for each in catalogue.universe]) * free
    answer = (cents / usual.clip(1)[:, None]) ** elasticity[:, None]
    return FreePrices(starts, cents, answer)


def _ending(cents: Floats) -> Ints:
    """Bring prices to the nearest that ends in 9 cents, 49 cents at least."""
    return np.asarray((np.round(cents / 10).astype(np.int64) * 10 - 1).clip(49), np.int64)
