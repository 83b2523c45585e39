"""The pairs of labs simulated in decimals, one product at a time: the oracle of the fast way."""

from __future__ import annotations

import decimal
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import permutations

from galien.calculators.discounts.market import Offer, Purchase
from galien.calculators.discounts.pairs import Assign, Remainder, Settings

ZERO, CENT = Decimal(0), Decimal("0.01")
# A part: products, units, euros at list price, discount and extra to the cent.
Part = tuple[int, Decimal, Decimal, Decimal, Decimal]
Row = tuple[Decimal, str, str, Part, Part, Part]
Line = tuple[Purchase, Decimal, Decimal]


def rows(purchases: Sequence[Purchase], offers: Sequence[Offer], chosen: Settings) -> list[Row]:
    """Return minus the total, the labs and the three parts of every pair, best first."""
    table = {(each.lab, each.equivalence): each for each in offers}
    labs = sorted({each.lab for each in offers})
    found = []
    with decimal.localcontext(prec=200):
        for first, second in permutations(labs, 2):
            lines: tuple[list[Line], list[Line], list[Line]] = ([], [], [])
            for bought in purchases:
                one = table.get((first, bought.equivalence))
                two = table.get((second, bought.equivalence))
                place, taken = _taken(one, two, chosen.assign)
                rates = (taken.discount_rate, taken.extra_rate) if taken else _left(bought, chosen)
                lines[place].append((bought, *rates))
            parts = [_part(each) for each in lines]
            total = sum((part[3] + part[4] for part in parts), ZERO)
            found.append((-total, first, second, parts[0], parts[1], parts[2]))
    return sorted(found)


def _taken(one: Offer | None, two: Offer | None, assign: Assign) -> tuple[int, Offer | None]:
    if one and two and assign is Assign.BEST and _worth(two) > _worth(one):
        return 1, two
    if one:
        return 0, one
    return (1, two) if two else (2, None)


def _worth(offer: Offer) -> Decimal:
    return offer.discount_rate + offer.extra_rate


def _left(bought: Purchase, chosen: Settings) -> tuple[Decimal, Decimal]:
    kept = chosen.remainder
    if isinstance(kept, Decimal):
        return kept, ZERO
    return (bought.discount_rate if kept is Remainder.CURRENT else ZERO), ZERO


def _part(lines: Iterable[Line]) -> Part:
    lines = list(lines)
    return (
        len(lines),
        sum((bought.quantity for bought, _, _ in lines), ZERO),
        sum((bought.list_amount for bought, _, _ in lines), ZERO),
        _rounded(sum((bought.list_amount * rate for bought, rate, _ in lines), ZERO)),
        _rounded(sum((bought.list_amount * rate for bought, _, rate in lines), ZERO)),
    )


def _rounded(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)
