"""One order split over suppliers at the least total cost, thresholds and shipping counted (HiGHS)."""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
import numpy.typing as npt

from galien.calculators.stock.arrays import Floats, Integers
from galien.kernel.errors import InvalidInput, NotAvailable

GAP = 1e-6
SECONDS = 5.0  # a choice within a few cents is enough; what is left open is said by `gap`
SURE = 1e-6


@dataclass(frozen=True)
class Supplier:
    """What a supplier asks of an order, in euros excl. tax.

    Below `minimum` it takes no order; below `free_from` shipping is `shipping_fee`; `order_cost` is what an
    order costs the pharmacy. `tiers` are (order amount from, extra rate on the whole order), ascending.
    """

    name: str
    minimum: float = 0.0
    shipping_fee: float = 0.0
    free_from: float = 0.0
    order_cost: float = 0.0
    tiers: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Split:
    """Who gets each line (−1: nobody can), the total cost in euros, and its distance to the best possible.

    `amounts`, `shipping` and `extra_discounts` are by supplier, euros.
    """

    supplier: Integers
    total: float
    gap: float
    amounts: Floats
    shipping: Floats
    extra_discounts: Floats


def split(amounts: Floats, others: Floats, suppliers: tuple[Supplier, ...]) -> Split:
    """Give each line to one supplier.

    `amounts` (lines, suppliers) is what each would invoice for the line, infinite where it cannot deliver
    it by the date required; `others` what the line costs besides (waiting, less what terms are worth).
    Minimise Σ amounts × (1 − extra rate) + others + shipping + order costs. Raises InvalidInput when shapes
    differ, NotAvailable when the minima of suppliers leave a line to nobody.

    >>> cheap = np.array([[10.0, 11.0], [10.0, 10.5]])
    >>> grouped = (Supplier("A"), Supplier("B", order_cost=0.5))
    >>> split(cheap, np.zeros((2, 2)), grouped).supplier
    array([0, 0])
    """
    if amounts.shape != others.shape or amounts.shape[1:] != (len(suppliers),):
        raise InvalidInput("Il faut un montant par ligne et par fournisseur.")
    able = np.isfinite(amounts)
    lines = np.flatnonzero(able.any(axis=1))
    given = np.full(len(amounts), -1, dtype=np.int64)
    gap = 0.0
    if len(lines):
        model = _Model(amounts[lines], others[lines], suppliers)
        given[lines], gap = model.solve()
    return _told(amounts, others, suppliers, given=given, gap=gap)


def _told(
    amounts: Floats, others: Floats, suppliers: tuple[Supplier, ...], *, given: Integers, gap: float
) -> Split:
    """Count the cost of an assignment from its lines, apart from the model that found it."""
    rows = np.flatnonzero(given >= 0)
    ordered = np.zeros(len(suppliers))
    np.add.at(ordered, given[rows], amounts[rows, given[rows]])
    used = np.bincount(given[rows], minlength=len(suppliers)) > 0
    late = SURE * np.maximum(1.0, ordered)
    fees = np.array([each.shipping_fee for each in suppliers])
    free_from = np.array([each.free_from for each in suppliers])
    shipping = np.where(used & (ordered + late < free_from), fees, 0.0)
    extra = np.array(
        [
            amount
            * max((rate for start, rate in each.tiers if amount + edge >= start), default=0.0)
            for amount, edge, each in zip(ordered, late, suppliers, strict=True)
        ]
    )
    costs = np.array([each.order_cost for each in suppliers]) @ used
    total = ordered.sum() - extra.sum() + shipping.sum() + others[rows, given[rows]].sum() + costs
    return Split(given, float(total), gap, ordered, shipping, extra)


class _Model:
    """The choice as a mixed-integer programme: one binary a line and supplier, and each order's state."""

    def __init__(self, amounts: Floats, others: Floats, suppliers: tuple[Supplier, ...]) -> None:
        self.amounts = amounts
        self.columns: list[tuple[float, bool]] = []  # cost, and whether it is 0 or 1
        self.rows: list[tuple[float, float, npt.NDArray[np.int32], Floats]] = []
        able = np.isfinite(amounts)
        self.place = np.full(amounts.shape, -1, dtype=np.int64)
        for line, supplier in np.argwhere(able):
            cost = amounts[line, supplier] + others[line, supplier]
            self.place[line, supplier] = self._binary(float(cost))
        for line in range(len(amounts)):
            columns = self.place[line][able[line]]
            self._row(1.0, 1.0, columns, np.ones(len(columns)))
        for number, each in enumerate(suppliers):
            self._supplier(number, each)

    def _supplier(self, number: int, supplier: Supplier) -> None:
        """State what an order at a supplier costs besides its lines."""
        rows = np.flatnonzero(self.place[:, number] >= 0)
        if not len(rows):
            return
        picked, amounts = self.place[rows, number], self.amounts[rows, number]
        largest = float(amounts.sum())
        used = self._binary(supplier.order_cost)
        self._row(
            -highspy.kHighsInf, 0.0, [*picked, used], [*np.ones(len(rows)), -float(len(rows))]
        )
        if supplier.minimum > 0:
            self._row(0.0, highspy.kHighsInf, [*picked, used], [*amounts, -supplier.minimum])
        if supplier.shipping_fee > 0 and supplier.free_from > 0:
            # Shipping is paid unless the order reaches its threshold, or there is none.
            paid = self._binary(supplier.shipping_fee)
            reach = supplier.free_from
            self._row(0.0, highspy.kHighsInf, [*picked, used, paid], [*amounts, -reach, reach])
        for start, rate in _steps(supplier.tiers):
            # The part of the order's amount that this step's rate is given on: all of it, or nothing.
            reached, part = self._binary(0.0), self._continuous(-rate)
            self._row(0.0, highspy.kHighsInf, [*picked, reached], [*amounts, -start])
            self._row(-highspy.kHighsInf, 0.0, [part, reached], [1.0, -largest])
            self._row(0.0, highspy.kHighsInf, [*picked, part], [*amounts, -1.0])

    def _binary(self, cost: float) -> int:
        self.columns.append((cost, True))
        return len(self.columns) - 1

    def _continuous(self, cost: float) -> int:
        self.columns.append((cost, False))
        return len(self.columns) - 1

    def _row(self, low: float, high: float, columns: object, values: object) -> None:
        places = np.asarray(columns, dtype=np.int32)
        self.rows.append((low, high, places, np.asarray(values, dtype=np.float64)))

    def _built(self) -> highspy.Highs:
        """Return the programme, told to the solver at once: column by column takes longer than solving."""
        model = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in (
            ("output_flag", False), ("threads", 1), ("random_seed", 0), ("mip_rel_gap", GAP),
            ("time_limit", SECONDS),
        ):  # fmt: skip
            model.setOptionValue(option, value)
        costs = np.array([cost for cost, _ in self.columns])
        chosen = np.array([binary for _, binary in self.columns])
        count, none = len(costs), np.zeros(0, dtype=np.int32)
        highest = np.where(chosen, 1.0, highspy.kHighsInf)
        model.addCols(
            count,
            costs,
            np.zeros(count),
            highest,
            0,
            np.zeros(count, dtype=np.int32),
            none,
            np.zeros(0),
        )
        kinds = np.full(int(chosen.sum()), highspy.HighsVarType.kInteger.value, dtype=np.uint8)
        model.changeColsIntegrality(len(kinds), np.flatnonzero(chosen).astype(np.int32), kinds)
        lows, highs, places, values = zip(*self.rows, strict=True)
        sizes = np.array([len(each) for each in places])
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int32)
        model.addRows(
            len(sizes), np.array(lows), np.array(highs), int(sizes.sum()), starts,
            np.concatenate(places), np.concatenate(values),
        )  # fmt: skip
        return model

    def solve(self) -> tuple[Integers, float]:
        """Return the supplier of each line, and the relative distance to the bound."""
        model = self._built()
        model.run()
        info = model.getInfo()
        values = np.array(model.getSolution().col_value)
        if info.primal_solution_status != highspy.kSolutionStatusFeasible or not len(values):
            raise NotAvailable(
                "Aucun partage ne respecte les minimums de commande de tous les fournisseurs : gardez des "
                "lignes pour plus tard, ou ajoutez un fournisseur sans minimum."
            )
        picked = np.where(self.place >= 0, values[self.place], -1.0)
        return np.argmax(picked, axis=1), float(min(1.0, max(0.0, info.mip_gap)))


def _steps(tiers: tuple[tuple[float, float], ...]) -> list[tuple[float, float]]:
    """Turn rates of tiers into what each adds to the one below it.

    >>> [(start, round(rate, 3)) for start, rate in _steps(((500.0, 0.02), (1000.0, 0.05)))]
    [(500.0, 0.02), (1000.0, 0.03)]
    """
    found, before = [], 0.0
    for start, rate in sorted(tiers):
        if rate > before:
            found.append((start, rate - before))
            before = rate
    return found
