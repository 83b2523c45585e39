"""A way to run a stock within what the pharmacist set by product and what is known to come."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from galien.calculators.stock.arrays import Flags, Floats
from galien.calculators.stock.orders.levels import whole_up
from galien.calculators.stock.policies import SEEN, Goods, Policy

CHANGING = 3  # days between two settings of levels when duty or events move them


@dataclass(frozen=True)
class Rules:
    """What is set by product, arrays of the goods' rows, and what is known of days.

    `minimum` is the *stock minimum déclenchant* and `maximum` the one set (−1: none); `duty` the units
    that duty days ask for, on the days of `on_duty`; `least` the units one never goes below by choice.
    `lift` is by how much known events multiply demand (products, days). Days are those of the past, then
    those replayed.
    """

    minimum: Floats
    maximum: Floats
    duty: Floats
    on_duty: Flags
    least: Floats
    lift: Floats | None = None

    def lifted(self, asked: Floats, wait: Floats) -> Floats:
        """Return what was asked as if the events of the wait to come had always been there.

        Effects of the past are taken out first; what an event took to nothing counts as nothing. Only the
        last days that policies look at are returned.
        """
        if self.lift is None:
            return asked
        day = asked.shape[1]
        recent, past = asked[:, -SEEN:], self.lift[:, max(0, day - SEEN) : day]
        free = np.divide(recent, past, out=np.zeros_like(recent), where=past > 0)
        return np.asarray(free * self._ahead(day, wait)[:, None])

    def _ahead(self, day: int, wait: Floats) -> Floats:
        """Return the mean effect of events over each product's wait from a day on."""
        found = np.ones(len(wait))
        whole = np.maximum(1, np.ceil(wait)).astype(np.int64)
        for length in np.unique(whole):
            rows = whole == length
            if self.lift is not None and day < self.lift.shape[1]:
                found[rows] = self.lift[rows, day : day + length].mean(axis=1)
        return found


@dataclass(frozen=True)
class Settled:
    """A policy held to rules: the higher of its trigger and theirs, and no more than their maximum."""

    policy: Policy
    rules: Rules
    review: float = 1.0

    @property
    def name(self) -> str:
        """Return the name of the policy."""
        return self.policy.name

    @property
    def every(self) -> int:
        """Return the days between two settings of levels: a few when duty or events move them."""
        changing = self.rules.lift is not None or (
            bool(self.rules.duty.any()) and not bool(self.rules.on_duty.all())
        )
        usual = self.policy.every
        return min(usual, CHANGING) if changing and usual else usual

    def levels(self, goods: Goods, asked: Floats) -> tuple[Floats, Floats]:
        """Return the trigger and the target of the policy within the rules.

        Equations: trigger = max(policy's, minimum + 1, duty, least); target = the policy's, at least the
        trigger. A maximum bounds both, unless minimum or duty ask for more.
        """
        rules = self.rules
        wait = goods.lead + self.review
        trigger, target = self.policy.levels(goods, rules.lifted(asked, wait))
        day = min(asked.shape[1], len(rules.on_duty) - 1)
        duty = rules.duty if rules.on_duty[day] else np.zeros_like(rules.duty)
        trigger = whole_up(np.maximum.reduce([trigger, rules.minimum + 1, duty, rules.least]))
        most = np.maximum.reduce([rules.maximum, rules.minimum + 1, duty])
        capped = rules.maximum >= 0
        trigger = np.where(capped, np.minimum(trigger, most), trigger)
        return trigger, np.where(capped, most, np.maximum(target, trigger))
