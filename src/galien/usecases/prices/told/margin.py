"""The margin of a price, or the price of a margin, told with every rate."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from galien.calculators.pricing.arithmetic import at_margin, at_price
from galien.kernel.errors import InvalidInput
from galien.kernel.money import round_amount

Plain = dict[str, Any]


def margin_told(
    cost: Decimal, *, price: Decimal | None, margin: Decimal | None, vat: Decimal | None
) -> Plain:
    """Return prices, margin and rates from a cost and a price (excl. tax), or a margin wanted.

    `margin` is a ratio of the price, `vat` a ratio; what has no divisor is None. Raises InvalidInput
    unless one of `price` and `margin` is given.
    """
    if price is not None and margin is None:
        found = at_price(cost, price, vat)
    elif margin is not None and price is None:
        found = at_margin(cost, margin, vat)
    else:
        raise InvalidInput("Donnez un prix hors taxes ou une marge voulue, l’un des deux.")
    rate = margin if margin is not None and found.price_excl else found.margin_rate
    return {
        "price_excl": round_amount(found.price_excl),
        "price_incl": None if found.price_incl is None else round_amount(found.price_incl),
        "margin": round_amount(found.margin),
        "margin_rate": rate,
        "markup_rate": found.markup_rate,
        "factor": found.factor,
    }
