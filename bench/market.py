"""Drawn purchases and offers: as many labs and products as asked, most of them covered."""

from __future__ import annotations

import random
from decimal import Decimal

from galien.calculators.discounts.market import Offer, Purchase


def purchases_and_offers(
    products: int, labs: int, seed: int, *, cover: float = 0.8
) -> tuple[list[Purchase], list[Offer]]:
    """Draw what is bought and what each lab offers, rates with four decimals."""
    draw = random.Random(seed)

    def rate(most: int) -> Decimal:
        return Decimal(draw.randint(0, most)).scaleb(-4)

    purchases = [
        Purchase(
            f"E{n:05}",
            Decimal(draw.randint(1, 9_000)),
            Decimal(draw.randint(100, 3_000_000)).scaleb(-2),
            rate(4_000),
        )
        for n in range(products)
    ]
    offers = [
        Offer(f"Lab {n:02}", each.equivalence, rate(4_000), rate(1_000))
        for n in range(labs)
        for each in purchases
        if draw.random() < cover
    ]
    return purchases, offers
