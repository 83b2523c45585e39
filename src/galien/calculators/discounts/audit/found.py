"""What an audit is given beside the invoice, and what it finds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from galien.model.contracts import ProductKeys
from galien.model.invoices import ZERO


class DifferenceKind(StrEnum):
    """What is wrong."""

    MISSING_DISCOUNT = "missing_discount"
    WRONG_TIER = "wrong_tier"
    FREE_UNITS_MISSING = "free_units_missing"
    SHIPPING_CHARGED = "shipping_charged"
    PRICE_ABOVE_LIST = "price_above_list"
    CASH_DISCOUNT_FORGOTTEN = "cash_discount_forgotten"
    QUANTITY_NOT_DELIVERED = "quantity_not_delivered"


LABELS = {
    DifferenceKind.MISSING_DISCOUNT: "Remise manquante",
    DifferenceKind.WRONG_TIER: "Mauvais palier",
    DifferenceKind.FREE_UNITS_MISSING: "Unités gratuites manquantes",
    DifferenceKind.SHIPPING_CHARGED: "Port facturé",
    DifferenceKind.PRICE_ABOVE_LIST: "Prix au-dessus du tarif",
    DifferenceKind.CASH_DISCOUNT_FORGOTTEN: "Escompte oublié",
    DifferenceKind.QUANTITY_NOT_DELIVERED: "Facturé non livré",
}


class Measure(StrEnum):
    """What `expected` and `found` of a difference are."""

    RATE = "rate"
    EUROS = "euros"
    UNITS = "units"


@dataclass(frozen=True)
class Known:
    """What is known of a product: what names it in contracts, its list price in euros excl. tax."""

    keys: ProductKeys
    list_price: Decimal | None = None


@dataclass(frozen=True)
class Delivered:
    """The boxes of a product that came with an invoice's deliveries: paid, and free."""

    paid: Decimal
    free: Decimal = ZERO


@dataclass(frozen=True)
class Facts:
    """What is known beside the invoice; all of it may be missing.

    `products` by code; `delivered` by code when the deliveries of the invoice were found, None when
    they were not; `counted` is what a clause's tiers count over a month or more, by (contract,
    clause); `unmet` are the (contract, commitment) known not to be met.
    """

    pharmacy: str = ""
    products: Mapping[str, Known] = field(default_factory=dict)
    delivered: Mapping[str, Delivered] | None = None
    counted: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)
    unmet: frozenset[tuple[str, str]] = frozenset()
    paid_on: dt.date | None = None


@dataclass(frozen=True)
class Difference:
    """A difference: what was agreed, what the invoice has, and the euros excl. tax to claim.

    `lines` are those of the invoice, empty for its foot; `contract` and `clause` are the proof;
    `sentence` says it in French.
    """

    kind: DifferenceKind
    lines: tuple[str, ...]
    product_code: str
    name: str
    measure: Measure
    expected: Decimal
    found: Decimal
    amount: Decimal
    contract: str
    clause: str
    sentence: str


@dataclass(frozen=True)
class Audit:
    """What an audit finds; `covered` products of `products` fall under a clause; `notes` say the limits."""

    differences: tuple[Difference, ...] = ()
    products: int = 0
    covered: int = 0
    contracts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def recoverable(self) -> Decimal:
        """Return the euros to claim, each once."""
        return sum((each.amount for each in self.differences), ZERO)
