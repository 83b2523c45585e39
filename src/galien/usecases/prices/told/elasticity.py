"""How volumes answered the network's own price changes, told with its error."""

from __future__ import annotations

from typing import Any

from galien.calculators.pricing.elasticity import Elasticity
from galien.usecases.prices.network import Measured

Plain = dict[str, Any]


def elasticity_told(found: Measured) -> Plain:
    """Return the elasticity of free prices, its error and where it comes from; and each universe's."""
    universes = [{"universe": name} | _told(each) for name, each in found.universes.items()]
    return _told(found.whole) | {"universes": universes}


def _told(found: Elasticity) -> Plain:
    low, high = found.interval or (None, None)
    return {
        "elasticity": found.value,
        "standard_error": found.standard_error,
        "low": low,
        "high": high,
        "usable": found.usable,
        "price_changes": found.events,
        "pharmacies": found.pharmacies,
    }
