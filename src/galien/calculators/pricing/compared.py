"""Products whose price shoppers compare, found from how prices spread and how volumes answer them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from galien.calculators.pricing.elasticity import Elasticity
from galien.kernel import french

LEAST_PHARMACIES = 6  # five others than any one of them
MOST_SOLD = Decimal("0.10")  # share of products, the most sold first
TIGHTEST = Decimal("0.25")  # share of products, the least spread first
SENSITIVE = Decimal(-1)  # below it, a dearer price sells for less in all


@dataclass(frozen=True)
class Watched:
    """A free-price product in the network: pharmacies, interquartile range ÷ median of prices, units."""

    product_code: str
    pharmacies: int
    spread: Decimal
    units: Decimal
    elasticity: Elasticity | None = None


def compared(products: Iterable[Watched]) -> dict[str, str]:
    """Return the products that shoppers compare, each with the reason in French.

    By their own elasticity when its interval at 95 % stays under −1; else among the tenth the most sold
    when their prices are in the quarter the least spread: shops that watch each other hold the
    same price. A product of fewer than six pharmacies is never told. Source: handbook of prices.

    >>> rows = [Watched(str(n), 6, Decimal(n), Decimal(100 - n)) for n in range(20)]
    >>> sorted(compared(rows))
    ['0', '1']
    """
    known = [each for each in products if each.pharmacies >= LEAST_PHARMACIES]
    sold = sorted(known, key=lambda each: (-each.units, each.product_code))
    tight = sorted(known, key=lambda each: (each.spread, each.product_code))
    limit = tight[max(int(len(tight) * TIGHTEST), 1) - 1].spread if tight else Decimal(0)
    found = {
        each.product_code: (
            f"Comparé : parmi les plus vendus, {each.pharmacies} pharmacies du réseau le tiennent à "
            f"{french.percent(each.spread, 1)} près."
        )
        for each in sold[: int(len(sold) * MOST_SOLD)]
        if each.spread <= limit
    }
    for each in known:
        seen = each.elasticity
        if seen is None or seen.value is None or seen.interval is None:
            continue
        if seen.interval[1] < SENSITIVE:
            found[each.product_code] = (
                f"Comparé : ses ventes répondent fort au prix (élasticité "
                f"{french.number(seen.value, 1)}, lue dans {seen.pharmacies} pharmacies)."
            )
    return found
