"""What a group buys and what each lab offers for it, laid out as exact whole numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from galien.kernel.errors import InvalidInput

ZERO = Decimal(0)
NOT_OFFERED = -1
# Every sum of a market whose numbers fit here fits in 64 bits, whatever products are picked.
FITS = 2**61

Integers = NDArray[Any]  # int64, or Python integers


@dataclass(frozen=True)
class Purchase:
    """What is bought of an equivalence: units, euros at list price, the present discount (a ratio)."""

    equivalence: str
    quantity: Decimal
    list_amount: Decimal
    discount_rate: Decimal


@dataclass(frozen=True)
class Offer:
    """What a lab gives on an equivalence: invoice discount and extra (ratios of the list price)."""

    lab: str
    equivalence: str
    discount_rate: Decimal
    extra_rate: Decimal = ZERO


@dataclass(frozen=True)
class Scale:
    """How many decimals the whole numbers of a market carry."""

    amount: int
    quantity: int
    rate: int


@dataclass(frozen=True)
class Market:
    """Purchases and offers as arrays. Whole numbers: 64 bits when all fit, Python's own otherwise.

    `amounts`, `quantities` and `current` (present rates) are (products,); `discounts`, `extras`
    (rates, 0 where not offered), `covered` and `ranks` are (labs, products). A rank orders offers by
    discount plus extra, the best highest, equals equal, NOT_OFFERED where there is none.
    Labs are in order of name, products in that of the purchases. `unknown` are the offers for
    equivalences that nobody buys.
    """

    equivalences: tuple[str, ...]
    labs: tuple[str, ...]
    scale: Scale
    amounts: Integers
    quantities: Integers
    current: Integers
    discounts: Integers
    extras: Integers
    covered: NDArray[np.bool_]
    ranks: NDArray[np.int32]
    unknown: tuple[Offer, ...] = ()

    @property
    def products(self) -> int:
        """Return how many equivalences are bought."""
        return len(self.equivalences)

    @property
    def list_amount(self) -> Decimal:
        """Return what is bought at list price, in euros."""
        return unscaled(sum(self.amounts.tolist()), self.scale.amount)

    @property
    def quantity(self) -> Decimal:
        """Return the units bought."""
        return unscaled(sum(self.quantities.tolist()), self.scale.quantity)


def market(purchases: Sequence[Purchase], offers: Iterable[Offer]) -> Market:
    """Lay purchases and offers out; InvalidInput when an equivalence or an offer comes twice."""
    place = {each.equivalence: number for number, each in enumerate(purchases)}
    if len(place) < len(purchases):
        raise InvalidInput(
            "Une équivalence figure deux fois dans les achats : additionnez ses lignes en une."
        )
    offers = tuple(offers)
    labs = tuple(sorted({each.lab for each in offers}))
    row = {lab: number for number, lab in enumerate(labs)}
    known = [each for each in offers if each.equivalence in place]
    cells = [(row[each.lab], place[each.equivalence]) for each in known]
    if len(set(cells)) < len(cells):
        raise InvalidInput(
            "Un laboratoire a deux offres pour une même équivalence : gardez-en une."
        )
    scale = _scale(purchases, known)
    kind: type[np.int64 | np.object_] = (
        np.int64 if _largest(purchases, known, scale) < FITS else np.object_
    )
    shape = (len(labs), len(purchases))
    discounts, extras = np.zeros(shape, kind), np.zeros(shape, kind)
    covered, ranks = np.zeros(shape, np.bool_), np.full(shape, NOT_OFFERED, np.int32)
    rates = {rate: scaled(rate, scale.rate) for rate in _rates(known)}
    where = tuple(np.array(cells, np.intp).reshape(-1, 2).T)
    discounts[where] = [rates[each.discount_rate] for each in known]
    extras[where] = [rates[each.extra_rate] for each in known]
    covered[where] = True
    ranks[where] = _ranks([rates[each.discount_rate] + rates[each.extra_rate] for each in known])
    return Market(
        equivalences=tuple(place),
        labs=labs,
        scale=scale,
        amounts=np.array([scaled(each.list_amount, scale.amount) for each in purchases], kind),
        quantities=np.array([scaled(each.quantity, scale.quantity) for each in purchases], kind),
        current=np.array([scaled(each.discount_rate, scale.rate) for each in purchases], kind),
        discounts=discounts,
        extras=extras,
        covered=covered,
        ranks=ranks,
        unknown=tuple(each for each in offers if each.equivalence not in place),
    )


def scaled(value: Decimal, decimals: int) -> int:
    """Return a number as whole units of its last decimal.

    >>> scaled(Decimal("8.6"), 2)
    860
    """
    top, bottom = value.as_integer_ratio()
    return top * int(10**decimals) // bottom


def unscaled(value: int, decimals: int) -> Decimal:
    """Return whole units of a last decimal as a number.

    >>> unscaled(860, 2)
    Decimal('8.60')
    """
    return Decimal(f"{value}e-{decimals}")


def _scale(purchases: Sequence[Purchase], offers: Sequence[Offer]) -> Scale:
    return Scale(
        amount=_decimals(each.list_amount for each in purchases),
        quantity=_decimals(each.quantity for each in purchases),
        rate=_decimals((*_rates(offers), *(each.discount_rate for each in purchases))),
    )


def _decimals(values: Iterable[Decimal]) -> int:
    """Return the decimals that the most precise of some numbers needs."""
    return max((0, *(-int(each.as_tuple().exponent) for each in values)))


def _largest(purchases: Sequence[Purchase], offers: Sequence[Offer], scale: Scale) -> int:
    """Return what no sum of the market can pass, nor its unit, as a whole number."""
    rates = (*_rates(offers), *(each.discount_rate for each in purchases))
    rate = max((1, *(abs(scaled(each, scale.rate)) for each in rates)))
    amounts = [abs(scaled(each.list_amount, scale.amount)) for each in purchases]
    quantities = [abs(scaled(each.quantity, scale.quantity)) for each in purchases]
    unit = int(10 ** (scale.amount + scale.rate))
    return max(sum(amounts) * rate, sum(quantities), unit)


def _rates(offers: Iterable[Offer]) -> set[Decimal]:
    return {rate for each in offers for rate in (each.discount_rate, each.extra_rate)}


def _ranks(worth: list[int]) -> list[int]:
    """Number what offers are worth, from 0; equals share a number."""
    rank = {each: number for number, each in enumerate(sorted(set(worth)))}
    return [rank[each] for each in worth]
