"""A figure that depends on a size: one value up to each bound, as sector tables give them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Band:
    """A size band: its upper bound (included; None: no limit) and its value.

    The value is None where the source gives none for that band.
    """

    up_to: Decimal | None
    value: Decimal | None


@dataclass(frozen=True)
class Banded:
    """Values by size band; `by` says in French which size the bounds measure, with its unit."""

    by: str
    bands: tuple[Band, ...]

    def __post_init__(self) -> None:
        bounds = [band.up_to for band in self.bands]
        known = [bound for bound in bounds if bound is not None]
        if not bounds or None in bounds[:-1] or any(a >= b for a, b in itertools.pairwise(known)):
            raise ValueError("bands go up, and only the last one has no limit")

    def at(self, amount: Decimal) -> Decimal | None:
        """Give the value of the band an amount falls in; None when the source has none there.

        >>> rates = Banded("Chiffre d’affaires HT, €", (Band(Decimal(780000), Decimal("0.283")),))
        >>> rates.at(Decimal(780000)), rates.at(Decimal(780001))
        (Decimal('0.283'), None)
        """
        band = self.band(amount)
        return band.value if band else None

    def band(self, amount: Decimal) -> Band | None:
        """Give the band an amount falls in; None above the last bound."""
        return next((b for b in self.bands if b.up_to is None or amount <= b.up_to), None)
