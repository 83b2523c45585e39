"""Pricing what was sold: for each stretch of days, the medicines of the book under the law of the day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from galien.calculators.pay.sums import exact_sums
from galien.calculators.pay.tariff import Box, Medicine, Tariff
from galien.usecases.pay.book import Priced
from galien.usecases.pay.sold import Lines


class Pricer:
    """Prices boxes under a tariff, each different medicine once."""

    def __init__(self, tariff: Tariff) -> None:
        self.tariff = tariff
        self._known: dict[Medicine, Box] = {}

    def boxes(self, sold: PricedLines) -> list[Box]:
        """Return what a box of each product sold brings."""
        return [self._box(each.medicine) for each in sold.priced]

    def _box(self, medicine: Medicine) -> Box:
        box = self._known.get(medicine)
        if box is None:
            box = self._known[medicine] = self.tariff.box(medicine)
        return box


class Pricers:
    """The pricers of a calculation: one for all the days and laws that price boxes alike."""

    def __init__(self) -> None:
        self._known: list[Pricer] = []

    def under(self, tariff: Tariff) -> Pricer:
        """Return the pricer of a tariff's rules."""
        for pricer in self._known:
            if pricer.tariff.same_rules(tariff):
                return pricer
        self._known.append(Pricer(tariff))
        return self._known[-1]


@dataclass(frozen=True)
class PricedLines:
    """The rows of priced medicines alone: group, boxes, place of the product among `codes`."""

    group: NDArray[np.int64]
    quantity: NDArray[np.int64]
    place: NDArray[np.int64]
    codes: Sequence[str]
    priced: Sequence[Priced]
    count: int

    @property
    def boxes(self) -> list[int]:
        """Return the boxes of each group."""
        found = np.zeros(self.count, np.int64)
        np.add.at(found, self.group, self.quantity)
        return [int(each) for each in found]

    def sums(self, amounts: Sequence[Decimal]) -> list[Decimal]:
        """Add up boxes × the amount of each product's box by group, euros, unrounded."""
        return exact_sums(self.group, self.quantity, self.place, amounts, count=self.count)


def priced_lines(
    found: Lines,
    priced: dict[str, Priced],
    quantity: str,
    *,
    classes: Callable[[Priced], int] | None = None,
    count: int = 0,
) -> PricedLines:
    """Keep the rows whose product has a regulated price.

    With `classes`, rows are grouped by the class of their product (`count` of them) instead of by key.
    """
    codes = [code for code in found.codes if code in priced]
    places = {code: place for place, code in enumerate(codes)}
    table = np.array([places.get(code, -1) for code in found.codes], dtype=np.int64)
    place = table[found.code] if len(found.code) else found.code
    kept = place >= 0
    place, group, boxes = place[kept], found.group[kept], found.figures[quantity][kept]
    known = [priced[code] for code in codes]
    if classes is not None:
        numbers = np.array([classes(each) for each in known], dtype=np.int64)
        group = numbers[place] if len(place) else place
    return PricedLines(
        group=group,
        quantity=boxes.astype(np.int64),
        place=place,
        codes=codes,
        priced=known,
        count=count if classes is not None else len(found.keys),
    )
