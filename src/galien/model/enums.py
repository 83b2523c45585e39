"""Closed lists of the model: kinds of sale, purchase channels, and the masks made from them."""

from __future__ import annotations

SALE_TYPES = (
    "prescription_third_party",
    "prescription_cash",
    "counter",
    "rental_third_party",
    "rental",
    "commercial",
    "resale",
)
PRESCRIPTION_TYPES = ("prescription_third_party", "prescription_cash", "rental_third_party")
COUNTER_TYPES = ("counter",)
RESALE_TYPES = ("resale",)
CHANNELS = ("wholesaler", "direct", "distributor", "unknown")
BANDS = 12

SALE_TYPE_LABELS = {
    "prescription_third_party": "Ordonnance, tiers payant",
    "prescription_cash": "Ordonnance, comptant",
    "counter": "Vente comptoir",
    "rental_third_party": "Location, tiers payant",
    "rental": "Location",
    "commercial": "Vente commerciale",
    "resale": "Rétrocession",
}
CHANNEL_LABELS = {
    "wholesaler": "Répartiteur",
    "direct": "Direct",
    "distributor": "Distributeur",
    "unknown": "Canal inconnu",
}


def sale_type_mask(*sale_types: str) -> int:
    """Return the bit mask of a set of sale types, bit i for the i-th of SALE_TYPES.

    >>> sale_type_mask("prescription_third_party", "counter")
    5
    """
    return sum(1 << SALE_TYPES.index(each) for each in set(sale_types))
