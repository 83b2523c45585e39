"""What is refused, doubted or only told of prices, told product by product."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from galien.usecases.prices.checking import Checked

Plain = dict[str, Any]


def check_told(prices: int, found: Sequence[Checked]) -> Plain:
    """Return how many `prices` were looked at, how many findings refuse or doubt, and `rows`."""
    return {
        "prices": prices,
        "refused": sum(each.standing == "refused" for each in found),
        "doubted": sum(each.standing == "doubted" for each in found),
        "rows": [
            {
                "product_code": each.seen.product_code,
                "price_incl": each.seen.price_incl,
                "code": each.code,
                "standing": each.standing,
                "gap": each.gap,
                "sentence": each.sentence,
            }
            for each in found
        ],
    }
