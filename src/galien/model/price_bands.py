"""Price bands: regulated public prices incl. tax, before the dispensing fee, cut without holes."""

from __future__ import annotations

from decimal import Decimal

# Lower bounds in euros; a band goes from its bound, included, to the next one, not included.
BOUNDS = (0, 5, 10, 20, 50, 150, 500)


def _key(low: int, high: int | None) -> str:
    """Write a band so that bands sort as text in order of price."""
    return f"{low:03d}-{high:03d}" if high else f"{low:03d}"


def _label(low: int, high: int | None) -> str:
    if not high:
        return f"{low}\u202f€ et plus"
    return f"De {low} à {high}\u202f€" if low else f"Moins de {high}\u202f€"


_PAIRS = tuple(zip(BOUNDS, (*BOUNDS[1:], None), strict=True))
PRICE_BANDS = {_key(low, high): _label(low, high) for low, high in _PAIRS}


def price_band(price: Decimal) -> str:
    """Return the band of a public price in euros.

    >>> price_band(Decimal("4.99")), price_band(Decimal("5.00")), price_band(Decimal("1466.29"))
    ('000-005', '005-010', '500')
    """
    return next(_key(low, high) for low, high in reversed(_PAIRS) if price >= low or not low)


def price_band_sql(price: str) -> str:
    """Return the SQL of the band of a price column, null where the price is.

    >>> price_band_sql("p")[:36]
    "case when p >= 500 then '500' when p"
    """
    whens = " ".join(
        f"when {price} >= {low} then '{_key(low, high)}'" for low, high in reversed(_PAIRS) if low
    )
    first = _key(*_PAIRS[0])
    return f"case {whens} when {price} is not null then '{first}' end"
