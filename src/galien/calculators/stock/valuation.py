"""What the stock is worth: weighted average cost, last price, first in first out, fiscal method."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from galien.kernel.errors import InvalidInput

ZERO, ONE = Decimal(0), Decimal(1)


class Method(StrEnum):
    """A way of valuing stock; `fiscal` is Belgium's, from the public price."""

    WEIGHTED = "weighted"
    LAST = "last"
    FIFO = "fifo"
    FISCAL = "fiscal"


@dataclass(frozen=True)
class Movement:
    """Units in (positive, at a cost in euros excl. tax) or out (negative, at no cost of their own)."""

    day: dt.date
    quantity: Decimal
    unit_cost: Decimal | None = None


@dataclass(frozen=True)
class Held:
    """A product at the date: units, what came in before, and what the software says of it.

    `average_cost` is the software's own weighted average cost; without it, `movements` from an empty
    shelf give it. `public_price_incl`, `vat_rate` and `theoretical_margin` (of the price excl. tax)
    serve the fiscal method. Euros and ratios.
    """

    product_code: str
    quantity: Decimal
    movements: tuple[Movement, ...] = ()
    average_cost: Decimal | None = None
    public_price_incl: Decimal | None = None
    vat_rate: Decimal | None = None
    theoretical_margin: Decimal | None = None

    @property
    def receipts(self) -> tuple[Movement, ...]:
        """Return what came in at a known cost, oldest first."""
        known = (m for m in self.movements if m.quantity > 0 and m.unit_cost is not None)
        return tuple(sorted(known, key=lambda movement: movement.day))


@dataclass(frozen=True)
class Value:
    """A product's value by a method, in euros, unrounded; None when the method lacks what it needs.

    `note` says what is missing, or what was assumed.
    """

    method: Method
    unit_cost: Decimal | None
    value: Decimal | None
    note: str = ""


@dataclass(frozen=True)
class Valued:
    """A product by all methods."""

    held: Held
    values: dict[Method, Value]

    def difference(self, method: Method, against: Method = Method.WEIGHTED) -> Decimal | None:
        """Return what a method adds to another's value, in euros; None when one is unknown."""
        one, other = self.values[method].value, self.values[against].value
        return None if one is None or other is None else one - other


def value(held: Held) -> Valued:
    """Value a product by every method.

    Source: handbook of stock; PCG art. 213-34 (weighted average cost or first in, first out).

    >>> day = dt.date
    >>> bought = (Movement(day(2026, 1, 1), Decimal(10), Decimal(2)),
    ...           Movement(day(2026, 2, 1), Decimal(10), Decimal(3)))
    >>> found = value(Held("x", Decimal(15), bought))
    >>> [str(found.values[m].value) for m in (Method.WEIGHTED, Method.LAST, Method.FIFO)]
    ['37.5', '45', '40']
    """
    weighted = held.average_cost
    if weighted is None:
        weighted = weighted_average_cost(held.movements)
    return Valued(
        held,
        {
            Method.WEIGHTED: _at(Method.WEIGHTED, held, weighted, "coût moyen pondéré inconnu"),
            Method.LAST: _at(Method.LAST, held, last_cost(held.receipts), "aucun achat connu"),
            Method.FIFO: _fifo(held),
            Method.FISCAL: _fiscal(held),
        },
    )


def weighted_average_cost(movements: Iterable[Movement]) -> Decimal | None:
    """Follow the weighted average cost through movements, from an empty shelf, in order of days.

    Equation: after an entry, (quantity × cost + units in × their cost) ÷ (quantity + units in);
    an exit leaves it. An entry on an empty or negative shelf sets it. On one day entries come first.

    >>> day = dt.date(2026, 1, 1)
    >>> steps = [Movement(day, Decimal(10), Decimal(2)), Movement(day, Decimal(30), Decimal(4))]
    >>> weighted_average_cost(steps)
    Decimal('3.5')
    """
    quantity, cost = ZERO, None
    for movement in sorted(movements, key=lambda each: (each.day, each.quantity < 0)):
        if movement.quantity > 0 and movement.unit_cost is not None:
            if cost is None or quantity <= 0:
                cost = movement.unit_cost
            else:
                whole = quantity * cost + movement.quantity * movement.unit_cost
                cost = whole / (quantity + movement.quantity)
        quantity += movement.quantity
    return cost


def last_cost(receipts: Sequence[Movement]) -> Decimal | None:
    """Return the mean cost of the units of the last day of receipts, in euros; None without any."""
    if not receipts:
        return None
    last = [each for each in receipts if each.day == receipts[-1].day]
    units = sum((each.quantity for each in last), ZERO)
    return sum((each.quantity * (each.unit_cost or ZERO) for each in last), ZERO) / units


def fiscal_unit_cost(
    public_price_incl: Decimal, *, vat_rate: Decimal, theoretical_margin: Decimal
) -> Decimal:
    """Return Belgium's fiscal purchase price: the public price less the theoretical margin.

    Inputs: price incl. tax in euros; rates as ratios, the margin being of the price excl. tax.
    Equation: public price ÷ (1 + VAT) × (1 − theoretical margin).

    >>> rates = {"vat_rate": Decimal("0.06"), "theoretical_margin": Decimal("0.31")}
    >>> fiscal_unit_cost(Decimal("10.60"), **rates)
    Decimal('6.90')
    """
    if not ZERO <= theoretical_margin < ONE:
        raise InvalidInput(
            f"La marge théorique {theoretical_margin} doit aller de 0 à moins de 1 (0,31 pour 31 %)."
        )
    return public_price_incl / (1 + vat_rate) * (1 - theoretical_margin)


def fifo_value(quantity: Decimal, receipts: Sequence[Movement]) -> tuple[Decimal, Decimal]:
    """Value units as the last ones received, going back; and return the units no receipt covers.

    Inputs: units on the shelf; receipts with their cost, oldest first. What is not covered takes
    the cost of the oldest receipt.
    """
    left, worth = max(quantity, ZERO), ZERO
    cost = ZERO
    for receipt in reversed(receipts):
        cost = receipt.unit_cost or ZERO
        taken = min(left, receipt.quantity)
        worth += taken * cost
        left -= taken
        if not left:
            break
    return worth + left * cost, left


def _at(method: Method, held: Held, cost: Decimal | None, missing: str) -> Value:
    if cost is None:
        return _unknown(method, held, missing)
    return Value(method, cost, held.quantity * cost)


def _unknown(method: Method, held: Held, missing: str) -> Value:
    """Return no value, but that of an empty shelf: nothing is worth nothing at any cost."""
    return Value(method, None, None, missing) if held.quantity else Value(method, None, ZERO)


def _fifo(held: Held) -> Value:
    receipts = held.receipts
    if not receipts or held.quantity < 0:
        missing = "quantité négative" if held.quantity < 0 else "aucun achat connu"
        return _unknown(Method.FIFO, held, missing)
    worth, uncovered = fifo_value(held.quantity, receipts)
    units = "unité plus ancienne" if uncovered == 1 else "unités plus anciennes"
    note = f"{uncovered.normalize():f} {units} que les achats connus" if uncovered else ""
    return Value(Method.FIFO, worth / held.quantity if held.quantity else ZERO, worth, note)


def _fiscal(held: Held) -> Value:
    price, rate, margin = held.public_price_incl, held.vat_rate, held.theoretical_margin
    if price is None or rate is None or margin is None:
        return _unknown(Method.FISCAL, held, "prix public, TVA ou marge théorique inconnus")
    cost = fiscal_unit_cost(price, vat_rate=rate, theoretical_margin=margin)
    return _at(Method.FISCAL, held, cost, "")
