"""How volumes answered the network's own price changes, told with its error."""

from __future__ import annotations

from typing import Any

from galien.calculators.pricing.elasticity import Elasticity

Plain = dict[str, Any]


def elasticity_told(found: Elasticity) -> Plain:
    """Return the elasticity, its error, and from how many price changes and pharmacies it comes."""
    return {
        "elasticity": found.value,
        "standard_error": found.standard_error,
        "usable": found.usable,
        "price_changes": found.events,
        "pharmacies": found.pharmacies,
    }
