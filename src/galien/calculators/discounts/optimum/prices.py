"""What a set of labs is worth at most: volumes asked are priced, each product then goes where it gains most.

Lagrangian relaxation of the volumes asked (M. L. Fisher, Management Science 27, 1981): with μ ≥ 0 euros
per euro of volume, Σ_i max_s (g_is + μ_s v_i) − Σ_s μ_s T_s is never less than what the set can gain.
Made linear over all sets, it is a Benders cut of the location problem (Fischetti, Ljubić, Sinnl,
Management Science 63, 2017).
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from galien.calculators.discounts.optimum.problem import NONE, Floats, Problem

HIGHEST = 4.0  # euros of gain per euro of volume: beyond any rate
STEPS = 60
NEAR = 1e-7


@dataclass(frozen=True)
class Cut:
    """An upper bound of the gain that is linear in the levels taken: constant + Σ slope × level."""

    constant: float
    slope: Floats

    def at(self, state: Floats) -> float:
        """Return the bound at levels taken, 1 or 0 each (or in between)."""
        return self.constant + float(self.slope @ state)


@dataclass(frozen=True)
class Priced:
    """The prices of volumes that bound a set best, the bound, its cut, and choices met on the way."""

    bound: float
    cut: Cut
    choices: tuple[NDArray[np.int64], ...]


def priced_gain(problem: Problem, prices: Floats) -> Floats:
    """Return the gains with volumes priced; a lab that wants all it offers is paid to take it.

    The pay is asked back by the cut: it cancels when the lab gets all, and bounds it otherwise.
    """
    found: Floats = problem.gain + problem.amount[:, None] * prices[None, :]
    return found


def cut_at(problem: Problem, prices: Floats, state: Floats) -> Cut:
    """Return the cut of volumes at these prices, tightest at this state (whole or in between)."""
    gains = priced_gain(problem, prices)
    back = np.zeros(len(prices))
    for j in problem.demanding:
        own = problem.lab_of == j
        rows = problem.covered[:, j]
        most = np.abs(np.where(np.isfinite(gains), gains, 0.0)).max(axis=1, initial=0.0)
        pay = np.where(rows, 1.0 + 2.0 * most, 0.0)
        gains[np.ix_(rows, own)] += pay[rows][:, None]
        back[own] = pay.sum()
    critical = _critical(gains, state)
    over = np.maximum(gains - critical[:, None], 0.0)
    slope = over.sum(axis=0) - prices * problem.since - back - problem.cost[problem.lab_of]
    return Cut(float(critical.sum()), slope)


def _critical(gains: Floats, state: Floats) -> Floats:
    """Return, by product, the gain at which the levels that gain more come to one; 0 at least."""
    if ((state == 0) | (state == 1)).all():
        taken = gains[:, state == 1]
        best: Floats = taken.max(axis=1, initial=0.0)
        return best
    order = np.argsort(-gains, axis=1, kind="stable")
    reached = np.cumsum(state[order], axis=1) >= 1 - 1e-9
    first = reached.argmax(axis=1)
    value = np.take_along_axis(gains, order, axis=1)[np.arange(len(gains)), first]
    found: Floats = np.where(reached.any(axis=1), np.maximum(value, 0.0), 0.0)
    return found


def price_of_set(problem: Problem, levels: NDArray[np.int64], enough: float) -> Priced:
    """Find the prices that bound best the set of these levels; stop once the bound is not over `enough`.

    Kelley's method: each step adds the plane of the last prices, and takes the lowest point left.
    """
    state = np.zeros(len(problem.levels))
    state[levels] = 1.0
    active = levels[problem.since[levels] > 0]
    model = _planes(len(active))
    prices = np.zeros(len(problem.levels))
    best, best_prices, choices = np.inf, prices.copy(), []
    for _ in range(STEPS):
        choice, value = _choose(problem, prices, levels)
        choices.append(choice)
        if value < best:
            best, best_prices = value, prices.copy()
        if best <= enough or not len(active):
            break
        slope = _volumes(problem, choice, active) - problem.since[active]
        low = _lowest(model, slope, value - float(slope @ prices[active]))
        if low[0] >= best - NEAR * max(1.0, abs(best)):
            break
        prices[active] = low[1]
    return Priced(best, cut_at(problem, best_prices, state), tuple(choices))


def _choose(
    problem: Problem, prices: Floats, levels: NDArray[np.int64]
) -> tuple[NDArray[np.int64], float]:
    """Give each product to the level that gains most, or to none; return places and the bound."""
    gains = priced_gain(problem, prices)[:, levels]
    held = np.zeros(len(gains), dtype=bool)
    for k, s in enumerate(levels):
        if problem.lab_of[s] in problem.demanding:
            rows = problem.covered[:, problem.lab_of[s]]
            others = np.arange(len(levels)) != k
            gains[np.ix_(rows, others)] = -np.inf
            held |= rows
    if not len(levels):
        return np.full(len(gains), NONE), 0.0
    place = gains.argmax(axis=1)
    top = gains[np.arange(len(gains)), place]
    kept = (top <= 0) & ~held
    value = float(np.where(kept, 0.0, top).sum() - prices[levels] @ problem.since[levels])
    value -= float(problem.cost[problem.lab_of[levels]].sum())
    return np.where(kept, NONE, levels[place]), value


def _volumes(problem: Problem, choice: NDArray[np.int64], levels: NDArray[np.int64]) -> Floats:
    given = choice != NONE
    sums = np.bincount(choice[given], problem.amount[given], minlength=len(problem.levels))
    return sums[levels].astype(np.float64)


def _planes(size: int) -> highspy.Highs:
    """Return a model of the bound as a function of prices, its last variable."""
    model = quiet()
    for _ in range(size):
        model.addVar(0.0, HIGHEST)
    model.addVar(-highspy.kHighsInf, highspy.kHighsInf)
    model.changeColCost(size, 1.0)
    return model


def _lowest(model: highspy.Highs, slope: Floats, constant: float) -> tuple[float, Floats]:
    """Add the plane `value ≥ constant + slope · prices` and return the lowest point left."""
    scale = 1.0 / max(1.0, abs(constant), float(np.abs(slope).max(initial=0.0)))
    size = len(slope)
    model.addRow(
        constant * scale,
        highspy.kHighsInf,
        size + 1,
        np.arange(size + 1, dtype=np.int32),
        np.append(-slope, 1.0) * scale,
    )
    model.run()
    if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return np.inf, np.zeros(size)
    found = np.array(model.getSolution().col_value)
    return float(found[-1]), np.clip(found[:-1], 0.0, HIGHEST)


def quiet() -> highspy.Highs:
    """Return a solver that prints nothing and takes the same path each time."""
    model = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 0)):
        model.setOptionValue(option, value)
    return model
