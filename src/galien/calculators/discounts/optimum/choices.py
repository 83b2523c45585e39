"""Choices to begin with and to mend: no lab, one lab, every ordered pair, a set brought to its volumes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

import highspy
import numpy as np
from numpy.typing import NDArray

from galien.calculators.discounts.optimum.prices import quiet
from galien.calculators.discounts.optimum.problem import NONE, Floats, Problem

Choice = NDArray[np.int64]
SLACK = 1e-6


def first_choices(problem: Problem) -> Iterator[Choice]:
    """Yield no lab, each lab alone, every ordered pair, and every pair sharing by the better gain.

    Of an ordered pair, the first takes all it covers: never less than the simulator of pairs.
    """
    none: Choice = np.full(len(problem.bought), NONE, dtype=np.int64)
    yield none
    for j in range(len(problem.labs)):
        yield np.where(problem.covered[:, j], j, NONE)
    for first, second in permutations(range(len(problem.labs)), 2):
        rest = np.where(problem.covered[:, second], second, NONE)
        yield np.where(problem.covered[:, first], first, rest)
        if first < second:
            rates = np.where(problem.covered, problem.rates, -1.0)
            better = rates[:, second] > rates[:, first]
            yield np.where(better | ~problem.covered[:, first], rest, first)


def worth(problem: Problem, choice: Choice) -> float:
    """Return the gain of a choice beside keeping everything, −∞ when a rule forbids it; approximate."""
    labs = problem.taken(choice)
    if not problem.allowed(labs):
        return -np.inf
    volumes = np.bincount(
        choice[choice != NONE], problem.amount[choice != NONE], minlength=len(problem.labs)
    )
    total = -float(problem.cost[sorted(labs)].sum())
    for j in labs:
        met = np.flatnonzero((problem.lab_of == j) & (problem.since <= volumes[j] + SLACK))
        if not len(met):
            return -np.inf
        total += float(problem.gain[choice == j, met[-1]].sum())
    return total


def bring_to_volume(problem: Problem, choice: Choice, levels: NDArray[np.int64]) -> Choice:
    """Return a choice among levels moved to labs, then to the volumes asked at the least loss.

    A product leaves a lab only if that lab keeps its own volume. A lab of the set with no product at
    all is given the one it costs least.
    """
    found: Choice = np.where(choice == NONE, NONE, problem.lab_of[choice])
    target = dict(zip(problem.lab_of[levels].tolist(), levels.tolist(), strict=True))
    volumes = {j: float(problem.amount[found == j].sum()) for j in target}
    short = sorted(target, key=lambda j: problem.since[target[j]] - volumes[j], reverse=True)
    for j in short:
        for i in _cheapest(problem, found, target, j):
            need = problem.since[target[j]] - volumes[j]
            if need <= 0 and (found == j).any():
                break
            here, amount = int(found[i]), float(problem.amount[i])
            if here != NONE and volumes[here] - amount < problem.since[target[here]]:
                continue
            if here != NONE:
                volumes[here] -= amount
            volumes[j] += amount
            found[i] = j
    return found


def _cheapest(problem: Problem, choice: Choice, target: dict[int, int], lab: int) -> list[int]:
    """Return the products a lab could be given, those that lose least per euro of volume first."""
    gain = problem.gain[:, target[lab]]
    now = np.zeros(len(choice))
    for j, s in target.items():
        now = np.where(choice == j, problem.gain[:, s], now)
    rows = np.flatnonzero(problem.covered[:, lab] & (choice != lab))
    loss = (now[rows] - gain[rows]) / np.maximum(problem.amount[rows], SLACK)
    return [int(i) for i in rows[np.argsort(loss, kind="stable")]]


def solve_set(
    problem: Problem, levels: NDArray[np.int64], near: float
) -> tuple[Choice | None, float]:
    """Solve the set of these levels with whole products, to within `near` euros.

    Returns the best choice, None when the set cannot reach its volumes, and the bound of its gain.
    """
    rows, columns = np.nonzero(problem.covered[:, problem.lab_of[levels]])
    gains = problem.gain[rows, levels[columns]]
    scale = 1.0 / max(1.0, float(np.abs(gains).max(initial=0.0)))
    model = quiet()
    model.setOptionValue("mip_rel_gap", 0.0)
    model.setOptionValue("mip_abs_gap", near * scale)
    model.changeObjectiveSense(highspy.ObjSense.kMaximize)
    for gain in gains:
        model.addVar(0.0, 1.0)
        model.changeColCost(model.getNumCol() - 1, float(gain * scale))
        model.changeColIntegrality(model.getNumCol() - 1, highspy.HighsVarType.kInteger)
    for i in np.unique(rows):
        own = np.flatnonzero(rows == i)
        demanded = any(int(problem.lab_of[levels[columns[c]]]) in problem.demanding for c in own)
        for c in own if demanded else ():
            if int(problem.lab_of[levels[columns[c]]]) in problem.demanding:
                model.changeColBounds(int(c), 1.0, 1.0)
        _row(model, own, np.ones(len(own)), (-highspy.kHighsInf, 1.0))
    for k, s in enumerate(levels):
        own = np.flatnonzero(columns == k)
        amounts = problem.amount[rows[own]]
        unit = 1.0 / max(1.0, float(amounts.max(initial=0.0)))
        _row(model, own, amounts * unit, (problem.since[s] * unit, highspy.kHighsInf))
        if int(problem.lab_of[s]) not in problem.always:
            _row(model, own, np.ones(len(own)), (1.0, highspy.kHighsInf))
    model.run()
    if model.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        return None, -np.inf
    chosen = np.array(model.getSolution().col_value) > 0.5
    found: Choice = np.full(len(problem.bought), NONE, dtype=np.int64)
    found[rows[chosen]] = problem.lab_of[levels[columns[chosen]]]
    bound = model.getInfo().mip_dual_bound / scale
    return found, bound - float(problem.cost[problem.lab_of[levels]].sum())


def _row(
    model: highspy.Highs, columns: NDArray[np.int64], values: Floats, bounds: tuple[float, float]
) -> None:
    model.addRow(bounds[0], bounds[1], len(columns), columns.astype(np.int32), values)
