"""The choice of labs and levels alone, by HiGHS, under every bound known of what a set can gain."""

from __future__ import annotations

import highspy
import numpy as np
from numpy.typing import NDArray

from galien.calculators.discounts.optimum.prices import Cut, quiet
from galien.calculators.discounts.optimum.problem import Floats, Problem

WHOLE = 1e-9  # how far from 0 or 1 a level may be


class Master:
    """Levels taken (0 or 1) and the gain, which every cut bounds; gains are scaled to be near one."""

    def __init__(self, problem: Problem, scale: float) -> None:
        self.size, self.scale = len(problem.levels), scale
        self.model = quiet()
        for option, value in (
            ("mip_rel_gap", 0.0), ("mip_abs_gap", 0.0), ("mip_feasibility_tolerance", WHOLE),
        ):  # fmt: skip
            self.model.setOptionValue(option, value)
        self.model.changeObjectiveSense(highspy.ObjSense.kMaximize)
        for _ in range(self.size):
            self.model.addVar(0.0, 1.0)
        self.model.addVar(-highspy.kHighsInf, highspy.kHighsInf)
        self.model.changeColCost(self.size, 1.0)
        self.asks_whole = False
        self._clauses(problem)

    def _clauses(self, problem: Problem) -> None:
        levels = np.arange(self.size)
        for j in range(len(problem.labs)):
            at_least = 1.0 if j in problem.always else 0.0
            self._row(levels[problem.lab_of == j], (at_least, 1.0))
        for group in problem.conflicts:
            self._row(levels[np.isin(problem.lab_of, group)], (-highspy.kHighsInf, 1.0))
        if problem.rules.maximum_labs is not None:
            self._row(levels, (-highspy.kHighsInf, float(problem.rules.maximum_labs)))

    def _row(
        self,
        columns: NDArray[np.int64],
        bounds: tuple[float, float],
        values: Floats | None = None,
    ) -> None:
        values = np.ones(len(columns)) if values is None else values
        self.model.addRow(
            bounds[0], bounds[1], len(columns), columns.astype(np.int32), values.astype(np.float64)
        )

    def add(self, cut: Cut) -> None:
        """Bound the gain by a cut."""
        columns = np.arange(self.size + 1)
        values = np.append(-cut.slope * self.scale, 1.0)
        self._row(columns, (-highspy.kHighsInf, cut.constant * self.scale), values)

    def forbid(self, state: NDArray[np.bool_]) -> None:
        """Forbid the very levels of a state."""
        values = np.where(state, -1.0, 1.0)
        self._row(np.arange(self.size), (1.0 - state.sum(), highspy.kHighsInf), values)

    def forbid_labs(self, problem: Problem, labs: frozenset[int]) -> None:
        """Forbid the very set of these labs, whatever their levels."""
        inside = np.isin(problem.lab_of, sorted(labs))
        values = np.where(inside, -1.0, 1.0)
        self._row(np.arange(self.size), (1.0 - len(labs), highspy.kHighsInf), values)

    def whole(self) -> None:
        """Ask for whole levels from now on."""
        self.asks_whole = self.size > 0
        for s in range(self.size):
            self.model.changeColIntegrality(s, highspy.HighsVarType.kInteger)

    def solve(self, near: float) -> tuple[Floats, float] | None:
        """Return the levels taken and the bound of the gain in euros, None when nothing is left.

        Whole levels are the best to within `near` euros; the bound holds whatever is left open.
        """
        self.model.setOptionValue("mip_abs_gap", near * self.scale)
        self.model.run()
        status = self.model.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            return None
        info = self.model.getInfo()
        bound = info.objective_function_value
        if self.asks_whole:
            bound = max(bound, info.mip_dual_bound)
        state = np.clip(np.array(self.model.getSolution().col_value)[: self.size], 0.0, 1.0)
        near = np.abs(state - state.round()) < 1e-6
        return np.where(near, state.round(), state), bound / self.scale
