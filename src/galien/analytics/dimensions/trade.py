"""How it was bought or sold: channel, supplier, VAT, sale type, operator."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from galien.analytics.dimensions.kinds import FactKey, NumberKey, SaleClass
from galien.kernel import french
from galien.model.enums import (
    CHANNEL_LABELS,
    COUNTER_TYPES,
    PRESCRIPTION_TYPES,
    SALE_TYPE_LABELS,
    SALE_TYPES,
)
from galien.model.net_net import SOURCE_LABELS

THIRD_PARTY_TYPES = ("prescription_third_party", "rental_third_party")


def vat_name(rate: Decimal) -> str:
    """Write a VAT rate.

    >>> vat_name(Decimal("0.055")) == "5,5\u202f%"
    True
    """
    places = max(0, -int((rate * 100).normalize().as_tuple().exponent))
    return french.percent(rate, places)


@dataclass(frozen=True)
class StepKey(FactKey):
    """What says where a discount after the invoice comes from: kept step by step, apart from lines."""

    def required(self) -> frozenset[str]:
        """Return its column, and the clause: the table of steps alone has it."""
        return frozenset({self.column, "clause"})


clause = StepKey("clause", "clause")
step_source = StepKey("step_source", "step_source", {str(k): v for k, v in SOURCE_LABELS.items()})
channel = FactKey("channel", "channel", CHANNEL_LABELS)
supplier = FactKey("supplier", "supplier")
operator = FactKey("operator", "operator")
vat_rate = NumberKey("vat_rate", "vat_rate", whole=False, naming=vat_name)
sale_type = SaleClass("sale_type", {name: (name,) for name in SALE_TYPES}, SALE_TYPE_LABELS)
prescription_or_counter = SaleClass(
    "prescription_or_counter",
    {
        "prescription": PRESCRIPTION_TYPES,
        "counter": COUNTER_TYPES,
        "neither": tuple(t for t in SALE_TYPES if t not in PRESCRIPTION_TYPES + COUNTER_TYPES),
    },
    {"prescription": "Ordonnance", "counter": "Vente comptoir", "neither": "Autre vente"},
)
reimbursed = SaleClass(
    "reimbursed",
    {
        "true": THIRD_PARTY_TYPES,
        "false": tuple(t for t in SALE_TYPES if t not in THIRD_PARTY_TYPES),
    },
    {"true": "Remboursé (tiers payant)", "false": "Non remboursé"},
)
