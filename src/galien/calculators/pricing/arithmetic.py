"""Prices and margins: from cost to price and back, with and without tax, rounded as a shop rounds."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum

from galien.kernel.errors import InvalidInput
from galien.kernel.money import round_amount

ZERO, ONE = Decimal(0), Decimal(1)
CENT = Decimal("0.01")


@dataclass(frozen=True)
class PriceMargin:
    """A price beside its cost, euros and ratios, unrounded; both prices but `price_incl` excl. tax.

    `margin_rate` is None for a price of 0, `factor` and `markup_rate` for a cost of 0, `price_incl`
    when the VAT rate is not known.
    """

    cost: Decimal
    price_excl: Decimal
    vat_rate: Decimal | None = None

    @property
    def margin(self) -> Decimal:
        """Return price − cost, in euros."""
        return self.price_excl - self.cost

    @property
    def margin_rate(self) -> Decimal | None:
        """Return (price − cost) ÷ price."""
        return self.margin / self.price_excl if self.price_excl else None

    @property
    def factor(self) -> Decimal | None:
        """Return the multiplying factor, price ÷ cost."""
        return self.price_excl / self.cost if self.cost else None

    @property
    def markup_rate(self) -> Decimal | None:
        """Return the margin over the cost: factor − 1."""
        return None if self.factor is None else self.factor - 1

    @property
    def price_incl(self) -> Decimal | None:
        """Return the price with its tax."""
        return None if self.vat_rate is None else self.price_excl * (1 + self.vat_rate)


def at_price(cost: Decimal, price_excl: Decimal, vat_rate: Decimal | None = None) -> PriceMargin:
    """Tell the margin of a price, both excl. tax, in euros.

    Source: handbook of prices; 28 € sold 40 € is a margin of 30 %, a factor of 1,4286, a mark-up of
    42,86 %. Raises InvalidInput when an amount or the tax is negative, or the tax
    over 100 %.

    >>> found = at_price(Decimal(28), Decimal(40))
    >>> found.margin_rate, round(found.factor, 4), round(found.markup_rate, 4)
    (Decimal('0.3'), Decimal('1.4286'), Decimal('0.4286'))
    """
    if min(cost, price_excl, vat_rate or ZERO) < 0:
        raise InvalidInput("Un coût, un prix ou un taux de TVA n’est pas négatif : corrigez-le.")
    if vat_rate is not None and vat_rate > ONE:
        raise InvalidInput(f"{vat_rate} n’est pas un taux de TVA : écrivez 0,20 pour 20 %.")
    return PriceMargin(cost, price_excl, vat_rate)


def at_margin(cost: Decimal, margin_rate: Decimal, vat_rate: Decimal | None = None) -> PriceMargin:
    """Find the price excl. tax that leaves a margin, a ratio of the price.

    Equation: price = cost ÷ (1 − margin). Source: handbook of prices; 45 % is × 1,8182.
    Raises InvalidInput for a margin of 100 % or more: no price leaves it.

    >>> round(at_margin(Decimal(100), Decimal("0.45")).price_excl, 2)
    Decimal('181.82')
    """
    if margin_rate >= ONE:
        raise InvalidInput(
            f"Une marge de {margin_rate} ne se peut pas : elle se compte sur le prix et reste sous 1 "
            "(0,45 pour 45 %)."
        )
    return at_price(cost, cost / (1 - margin_rate), vat_rate)


class Ending(StrEnum):
    """How a public price ends: to the cent, to 5 cents, .x0, .x9, .90, .99, or in whole euros."""

    CENT = "cent"
    FIVE_CENTS = "five_cents"
    X0 = "x0"
    X9 = "x9"
    NINETY = "90"
    NINETY_NINE = "99"
    EURO = "euro"


# The grid of each ending: a step in euros, and where it starts.
_GRIDS = {
    Ending.CENT: (CENT, ZERO),
    Ending.FIVE_CENTS: (Decimal("0.05"), ZERO),
    Ending.X0: (Decimal("0.10"), ZERO),
    Ending.X9: (Decimal("0.10"), Decimal("0.09")),
    Ending.NINETY: (ONE, Decimal("0.90")),
    Ending.NINETY_NINE: (ONE, Decimal("0.99")),
    Ending.EURO: (ONE, ZERO),
}


class Way(StrEnum):
    """Which price of the grid is taken: the nearest (the higher of two as near), or one side."""

    NEAREST = "nearest"
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True)
class RoundingBand:
    """From a price incl. tax on, in euros, how prices end."""

    start: Decimal
    ending: Ending
    way: Way = Way.NEAREST


@dataclass(frozen=True)
class Rounding:
    """A pharmacy's rounding rule, by band of price incl. tax; the first one starts at 0.

    Raises InvalidInput when bands leave a hole below, or do not go up.
    """

    bands: tuple[RoundingBand, ...] = (RoundingBand(ZERO, Ending.CENT),)

    def __post_init__(self) -> None:
        starts = [band.start for band in self.bands]
        if not starts or starts[0] != 0 or any(a >= b for a, b in itertools.pairwise(starts)):
            raise InvalidInput(
                "Les tranches d’arrondi commencent à 0 et montent : {de: 0, …}, puis {de: 10, …}."
            )

    def band(self, price_incl: Decimal) -> RoundingBand:
        """Return the band of a price."""
        return [band for band in self.bands if band.start <= max(price_incl, ZERO)][-1]

    def rounded(
        self, price_incl: Decimal, *, least: Decimal | None = None, most: Decimal | None = None
    ) -> Decimal | None:
        """Round a price, kept between bounds in euros incl. tax; None when no cent is between them.

        Of the prices that end well, the wanted one when it is between the bounds, else the closest
        that is; without any, the bound itself, to the cent. The band is that of the price within the
        bounds.

        >>> x9 = Rounding((RoundingBand(ZERO, Ending.X9),))
        >>> x9.rounded(Decimal("7.32")), x9.rounded(Decimal("7.32"), least=Decimal("7.30"))
        (Decimal('7.29'), Decimal('7.39'))
        """
        low = ZERO if least is None else _on(least, CENT, ZERO, ROUND_CEILING)
        high = None if most is None else _on(most, CENT, ZERO, ROUND_FLOOR)
        if high is not None and high < low:
            return None
        band = self.band(max(price_incl, low) if high is None else min(max(price_incl, low), high))
        step, start = _GRIDS[band.ending]
        wanted = _picked(price_incl, step, start, band.way)
        if wanted < low:
            wanted = _on(low, step, start, ROUND_CEILING)
        if high is not None and wanted > high:
            wanted = _on(high, step, start, ROUND_FLOOR)
            if wanted < low:
                return min(max(round_amount(price_incl), low), high)
        return wanted


def _picked(price: Decimal, step: Decimal, start: Decimal, way: Way) -> Decimal:
    below, above = (_on(price, step, start, side) for side in (ROUND_FLOOR, ROUND_CEILING))
    if way is Way.UP:
        return above
    if way is Way.DOWN:
        return max(below, ZERO)
    return above if below < 0 or above - price <= price - below else below


def _on(price: Decimal, step: Decimal, start: Decimal, side: str) -> Decimal:
    """Return the price of a grid just below or above."""
    steps = ((price - start) / step).to_integral_value(side)
    return (start + steps * step).quantize(CENT)
