"""The search for the best set of labs: choices raise the total, cuts lower the bound until they meet."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from galien.calculators.discounts.optimum.choices import (
    Choice,
    bring_to_volume,
    first_choices,
    solve_set,
    worth,
)
from galien.calculators.discounts.optimum.master import Master
from galien.calculators.discounts.optimum.prices import Cut, cut_at, price_of_set
from galien.calculators.discounts.optimum.problem import Floats, Problem

RELAXED_ROUNDS = 60
FEWEST = 5
NEAR = 1e-4  # a bound that falls by less is left to whole labs
STEP = 0.2  # first change of a price, in euros of gain per euro of volume
ROUNDS = 4_000
TRIED_EXACTLY = 5
LAST_CHOICES = 12  # those drawn at the last prices of a set are the nearest to its volumes


@dataclass
class Search:
    """One search: the best choice so far, and the bounds proved; `forbidden` is a set not to return.

    `rounds` is how many sets are looked at: a search cut short returns the bound it has come to.
    `cuts` hold for every search of the same problem and may be handed from one to the next.
    """

    problem: Problem
    tolerance: float
    forbidden: frozenset[int] | None = None
    cuts: list[Cut] = field(default_factory=list)
    rounds: int = ROUNDS
    choice: Choice | None = None
    total: Decimal | None = None
    proved: float = -np.inf  # the best that the sets already looked at may still gain

    def __post_init__(self) -> None:
        self.base = float(self.problem.base.sum())
        self.scale = 1.0 / max(1.0, float(self.problem.amount.sum()))

    @property
    def gained(self) -> float:
        """What the best choice gains beside keeping everything, in euros; −∞ before the first."""
        return -np.inf if self.total is None else float(self.total) - self.base

    @property
    def enough(self) -> float:
        """The gain that would not change the answer, at the tolerance asked."""
        return self.gained + self.near + 1e-9 / self.scale

    @property
    def near(self) -> float:
        """The gap allowed, in euros."""
        return 0.0 if self.total is None else self.tolerance * abs(float(self.total))

    def run(self) -> float:
        """Search to the tolerance; return the proved bound of the total, in euros."""
        self._begin()
        master = Master(self.problem, self.scale)
        if self.forbidden is not None:
            master.forbid_labs(self.problem, self.forbidden)
        for cut in self.cuts:
            master.add(cut)
        self._relax(master)
        master.whole()
        left = np.inf
        for _ in range(self.rounds):
            found = master.solve(self.near / 4)
            if found is None or found[1] <= self.enough:
                left = -np.inf if found is None else found[1]
                return self.base + max(left, self.proved, self.gained)
            left = found[1]
            self._look(master, found[0] > 0.5)
        return self.base + max(left, self.gained)

    def offer(self, choice: Choice) -> None:
        """Keep a choice when it is allowed and better than the one kept."""
        if self.problem.taken(choice) == self.forbidden:
            return
        total = self.problem.exact(choice)
        if total is not None and (self.total is None or total > self.total):
            self.choice, self.total = choice, total

    def _begin(self) -> None:
        scored = [
            (worth(self.problem, choice), i, choice)
            for i, choice in enumerate(first_choices(self.problem))
            if self.problem.taken(choice) != self.forbidden
        ]
        scored.sort(key=lambda each: (-each[0], each[1]))
        for value, _, choice in scored[:TRIED_EXACTLY]:
            if value > -np.inf:
                self.offer(choice)

    def _cut(self, master: Master, cut: Cut) -> None:
        self.cuts.append(cut)
        master.add(cut)

    def _relax(self, master: Master) -> None:
        """Bring the bound down with fractions of labs first: prices follow the volumes missed."""
        prices = np.zeros(len(self.problem.levels))
        self._cut(master, cut_at(self.problem, prices, np.ones(len(prices))))
        last = np.inf
        for step in range(RELAXED_ROUNDS):
            found = master.solve(self.near / 4)
            if found is None:
                return
            state, bound = found
            cut = cut_at(self.problem, prices, state)
            near = NEAR * abs(bound)
            if step > FEWEST and bound - cut.at(state) < near and last - bound < near:
                return
            last = bound
            self._cut(master, cut)
            prices = self._dearer(prices, state, step)

    def _dearer(self, prices: Floats, state: Floats, step: int) -> Floats:
        """Raise the price of the volumes missed and lower that of the others."""
        missed = missing_volumes(self.problem, prices, state)
        size = float(np.abs(missed).max(initial=0.0))
        if not size:
            return prices
        found: Floats = np.maximum(prices + STEP / (1 + step / FEWEST) * missed / size, 0.0)
        return np.where(self.problem.since > 0, found, 0.0)

    def _look(self, master: Master, state: NDArray[np.bool_]) -> None:
        """Look at one set of levels: bound it, draw choices from it, and never return to it."""
        levels = np.flatnonzero(state)
        priced = price_of_set(self.problem, levels, self.enough)
        self._cut(master, priced.cut)
        bound = priced.bound
        if bound > self.enough:
            bound = min(bound, self._choices_of(levels, priced.choices, bound))
        self.proved = max(self.proved, bound)
        master.forbid(state)

    def _choices_of(
        self, levels: NDArray[np.int64], choices: tuple[Choice, ...], bound: float
    ) -> float:
        """Offer choices drawn from a set; solve it with whole products while its bound stays over."""
        for choice in choices[: -LAST_CHOICES - 1 : -1]:
            mended = bring_to_volume(self.problem, choice, levels)
            if worth(self.problem, mended) > self.gained:
                self.offer(mended)
            if bound <= self.enough:
                return bound
        found, solved = solve_set(self.problem, levels, self.near / 2)
        if found is not None:
            self.offer(found)
        return solved


def missing_volumes(problem: Problem, prices: Floats, state: Floats) -> Floats:
    """Return by level the volume asked less the volume won at these prices, shares of labs counted."""
    gains = problem.gain + problem.amount[:, None] * prices[None, :]
    order = np.argsort(-gains, axis=1, kind="stable")
    shares = state[order] * (np.take_along_axis(gains, order, axis=1) > 0)
    before = np.cumsum(shares, axis=1) - shares
    won = np.clip(np.minimum(shares, 1.0 - before), 0.0, None) * problem.amount[:, None]
    volumes = np.bincount(order.ravel(), won.ravel(), minlength=len(state))
    found: Floats = problem.since * state - volumes
    return found
