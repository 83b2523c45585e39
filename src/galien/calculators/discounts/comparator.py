"""The comparator of discounts: what is bought today, what each lab gives for it, who is best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

ZERO = Decimal(0)
# Rates are compared as they are read, to a hundredth of a percent: 29,999 % is not worth a change.
READ = Decimal("0.0001")


class Mark(StrEnum):
    """What a row says: nothing better, better elsewhere, or no lab offers it."""

    BEST = "best"
    GAIN = "gain"
    NOT_COMPARABLE = "not_comparable"


@dataclass(frozen=True)
class Line:
    """What is bought of an equivalence: boxes, euros at ex-factory price, the present discount, at whom."""

    equivalence: str
    lab: str
    quantity: Decimal
    list_amount: Decimal
    discount_rate: Decimal


@dataclass(frozen=True)
class Cell:
    """What a lab gives on a row: a rate over the ex-factory price, its euros, whether none gives more."""

    lab: str
    rate: Decimal
    amount: Decimal
    best: bool


@dataclass(frozen=True)
class Row:
    """A row of the comparator. `cells` by lab, None where it does not offer (NC).

    `gain` is what the best lab would bring over the present discount, in euros, 0 when nothing is.
    """

    line: Line
    cells: tuple[Cell | None, ...]
    mark: Mark
    gain: Decimal

    @property
    def best(self) -> tuple[Cell, ...]:
        """Return the cells at the best discount, all of them when several tie."""
        return tuple(cell for cell in self.cells if cell is not None and cell.best)

    @property
    def best_rate(self) -> Decimal | None:
        """Return the best discount offered; None when no lab offers."""
        return max((cell.rate for cell in self.best), default=None)


@dataclass(frozen=True)
class LabTotal:
    """What a lab covers: rows, rows where none gives more, euros bought, and what it would bring alone.

    `gain` adds up the rows where it beats the present discount.
    """

    lab: str
    products: int
    best: int
    list_amount: Decimal
    gain: Decimal


@dataclass(frozen=True)
class Comparison:
    """The whole comparator: labs in order, rows in that of the lines."""

    labs: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def gain(self) -> Decimal:
        """Return what going to the best lab of each row brings, in euros."""
        return sum((row.gain for row in self.rows), ZERO)

    def count(self, mark: Mark) -> int:
        """Count the rows that carry a mark."""
        return sum(row.mark is mark for row in self.rows)

    def totals(self) -> tuple[LabTotal, ...]:
        """Return what each lab covers and would bring alone, in the order of the labs."""
        return tuple(self._total(place, lab) for place, lab in enumerate(self.labs))

    def _total(self, place: int, lab: str) -> LabTotal:
        held = [(row, cell) for row in self.rows if (cell := row.cells[place]) is not None]
        return LabTotal(
            lab=lab,
            products=len(held),
            best=sum(cell.best for _, cell in held),
            list_amount=sum((row.line.list_amount for row, _ in held), ZERO),
            gain=sum((_gain(row.line, cell.rate) for row, cell in held), ZERO),
        )


def compare(
    lines: Sequence[Line], offers: Mapping[str, Mapping[str, Decimal]], labs: Sequence[str]
) -> Comparison:
    """Set what is bought beside what labs give.

    Purpose: see line by line where another lab is better, and by how much. Inputs: the lines; the
    rate each lab gives by equivalence, over the ex-factory price; the labs shown, in order.
    Equation: gain = list amount × (best rate − present rate), when the best is read as higher.
    Source: handbook, Comparator; docs/methods/comparateur.md.

    >>> vitamin = Line("D3", "BIOGARAN", Decimal(100), Decimal(100), Decimal("0.15"))
    >>> found = compare([vitamin], {"ARROW": {"D3": Decimal("0.25")}}, ["ARROW", "TEVA"])
    >>> found.rows[0].mark.value, found.gain, [cell and cell.best for cell in found.rows[0].cells]
    ('gain', Decimal('10.00'), [True, None])
    """
    return Comparison(tuple(labs), tuple(_row(line, offers, labs) for line in lines))


def _row(line: Line, offers: Mapping[str, Mapping[str, Decimal]], labs: Sequence[str]) -> Row:
    rates = [offers.get(lab, {}).get(line.equivalence) for lab in labs]
    offered = [rate for rate in rates if rate is not None]
    if not offered:
        return Row(line, (None,) * len(labs), Mark.NOT_COMPARABLE, ZERO)
    best = _read(max(offered))
    cells = tuple(
        None if rate is None else Cell(lab, rate, line.list_amount * rate, _read(rate) == best)
        for lab, rate in zip(labs, rates, strict=True)
    )
    gain = _gain(line, max(offered))
    return Row(line, cells, Mark.GAIN if gain else Mark.BEST, gain)


def _gain(line: Line, rate: Decimal) -> Decimal:
    """Return what a rate brings over the present one; 0 when it is not read as higher."""
    if _read(rate) <= _read(line.discount_rate):
        return ZERO
    return line.list_amount * (rate - line.discount_rate)


def _read(rate: Decimal) -> Decimal:
    return rate.quantize(READ, ROUND_HALF_UP)
