"""What a pharmacy or a group agrees with a supplier: clauses, commitments and terms of a contract."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property, lru_cache

from galien.kernel import french
from galien.kernel.codes import long_code
from galien.kernel.errors import InvalidInput

ZERO, ONE = Decimal(0), Decimal(1)


class Standing(StrEnum):
    """How far a contract binds: a lab's proposal, an agreement in writing, one that is over."""

    OFFER = "offer"
    SIGNED = "signed"
    ENDED = "ended"


class ClauseKind(StrEnum):
    """What a clause gives; the names are those of the steps from list price to net-net price."""

    INVOICE_DISCOUNT = "invoice_discount"
    FREE_UNITS = "free_units"
    CASH_DISCOUNT = "cash_discount"
    REBATE = "rebate"
    COOPERATION = "cooperation"


class Base(StrEnum):
    """What a rate applies to: paid units at list price, or the amount invoiced."""

    LIST = "list"
    INVOICE = "invoice"


class Measured(StrEnum):
    """What tiers and commitments count: boxes, or euros excl. tax at list or invoice price."""

    QUANTITY = "quantity"
    LIST_AMOUNT = "list_amount"
    NET_AMOUNT = "net_amount"


class Span(StrEnum):
    """Over what tiers and commitments are counted."""

    LINE = "line"
    ORDER = "order"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Counted(StrEnum):
    """Whose purchases count towards a tier or a commitment."""

    PHARMACY = "pharmacy"
    GROUP = "group"


class Consequence(StrEnum):
    """What happens below a commitment."""

    BILLED_BACK = "discount_billed_back"
    REBATE_LOST = "rebate_lost"
    NONE = "none"


folded = lru_cache(maxsize=65_536)(french.fold)


@dataclass(frozen=True)
class ProductKeys:
    """What names a product in a contract; a text that is not known is empty."""

    product: str
    generic_group: str = ""
    range: str = ""
    brand: str = ""
    lab: str = ""
    product_class: str = ""

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Return what scopes are held against, from the most precise: thirteen digits, folded names."""
        rest = (self.generic_group, self.range, self.brand, self.lab, self.product_class)
        return (long_code(self.product), *map(folded, rest))


@dataclass(frozen=True)
class ProductScope:
    """The products a clause covers: any that one of its lists names; empty lists cover all.

    Names are read without case nor accents, codes as their thirteen digits.

    `products` are product codes, `generic_groups` numbers of the public base, `ranges`, `brands` and
    `labs` names of the catalogue, `classes` among generic, hybrid, biosimilar, general (the classes
    of the legal ceilings). `excluded` are product codes left out.
    """

    products: tuple[str, ...] = ()
    generic_groups: tuple[str, ...] = ()
    ranges: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    labs: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    def precision(self, keys: ProductKeys) -> int:
        """Tell how precisely the scope names a product: 0 when it does not cover it, 7 by its code.

        Then by generic group, range, brand, lab, class; 1 when the scope covers everything.

        >>> scope = ProductScope(labs=("Alpha",), excluded=("3400930000021",))
        >>> scope.precision(ProductKeys("3400930000014", lab="Alpha"))
        3
        """
        *named, excluded = self.sets
        if keys.names[0] in excluded:
            return 0
        for rank, (name, covered) in enumerate(zip(keys.names, named, strict=True)):
            if name and name in covered:
                return 7 - rank
        return 0 if any(named) else 1

    @cached_property
    def sets(self) -> tuple[frozenset[str], ...]:
        """Return the lists from the most precise to the least, then what is excluded, as `names` says."""
        lists = (self.generic_groups, self.ranges, self.brands, self.labs, self.classes)
        return (
            frozenset(map(long_code, self.products)),
            *(frozenset(map(folded, each)) for each in lists),
            frozenset(map(long_code, self.excluded)),
        )


@dataclass(frozen=True)
class Tier:
    """From `minimum` (of what the clause measures) on, the clause gives this rate (a ratio)."""

    minimum: Decimal
    rate: Decimal


@dataclass(frozen=True)
class Clause:
    """One advantage: a rate or tiers of rates on a scope, or free units for paid ones.

    `paid` and `free` say « 10 + 2 ». Tiers are counted on `measured` over `span`, for `counted`.
    `condition` names the commitment (its reference) that must be met for the clause to be due.
    """

    reference: str
    kind: ClauseKind
    scope: ProductScope = field(default_factory=ProductScope)
    rate: Decimal | None = None
    base: Base = Base.LIST
    tiers: tuple[Tier, ...] = ()
    measured: Measured = Measured.LIST_AMOUNT
    span: Span = Span.LINE
    counted: Counted = Counted.PHARMACY
    paid: int = 0
    free: int = 0
    condition: str = ""

    def __post_init__(self) -> None:
        units = self.kind is ClauseKind.FREE_UNITS
        if units != bool(self.paid and self.free) or units == bool(
            self.tiers or self.rate is not None
        ):
            raise InvalidInput(
                f"Clause « {self.reference} » : donnez des unités gratuites (payées et offertes), ou un "
                "taux, ou des paliers, selon sa nature."
            )
        if self.tiers and self.rate is not None:
            raise InvalidInput(
                f"Clause « {self.reference} » : un taux ou des paliers, pas les deux."
            )
        rates = [each.rate for each in self.tiers] + ([] if self.rate is None else [self.rate])
        if any(not ZERO <= rate <= ONE for rate in rates):
            raise InvalidInput(
                f"Clause « {self.reference} » : un taux va de 0 à 1 (0,25 pour 25 %)."
            )

    @property
    def free_rate(self) -> Decimal:
        """Return what free units are worth, over all units delivered: n ÷ (p + n); 0 without any."""
        return Decimal(self.free) / (self.paid + self.free) if self.free else ZERO

    def rate_at(self, reached: Decimal) -> Decimal:
        """Return the rate due once `reached` is counted: that of the highest tier passed, else 0."""
        if self.rate is not None:
            return self.rate
        return max(
            ((tier.minimum, tier.rate) for tier in self.tiers if tier.minimum <= reached),
            default=(ZERO, ZERO),
        )[1]


@dataclass(frozen=True)
class Commitment:
    """What must be bought: a minimum over a span, on a scope, and what falls due below it."""

    reference: str
    minimum: Decimal
    measured: Measured = Measured.NET_AMOUNT
    span: Span = Span.YEAR
    counted: Counted = Counted.PHARMACY
    scope: ProductScope = field(default_factory=ProductScope)
    consequence: Consequence = Consequence.BILLED_BACK


@dataclass(frozen=True)
class Returns:
    """Whether boxes go back: within how many days, credited at what rate of their price."""

    allowed: bool = False
    days: int | None = None
    credit_rate: Decimal = ONE


@dataclass(frozen=True)
class Conditions:
    """Payment, shipping and the rest. Euros excl. tax; `free_shipping_from` is an order's net amount.

    `payment_days` from the invoice; `exclusivity` is a text, empty when there is none;
    `order_cost`, `invoice_cost` and `dispute_cost` are what one costs the pharmacy, `yearly_fee`
    and `joining_fee` what belonging costs.
    """

    payment_days: int | None = None
    shipping_fee: Decimal = ZERO
    free_shipping_from: Decimal | None = None
    exclusivity: str = ""
    returns: Returns = field(default_factory=Returns)
    order_cost: Decimal = ZERO
    invoice_cost: Decimal = ZERO
    dispute_cost: Decimal = ZERO
    yearly_fee: Decimal = ZERO
    joining_fee: Decimal = ZERO


@dataclass(frozen=True)
class Payment:
    """What a supplier paid of a clause, in place of what had accrued: months from `first` to `last`.

    Euros excl. tax; `document` is its credit note or its invoice. Without a `pharmacy` it is of every
    member, each having its part by what it bought.
    """

    clause: str
    first: dt.date
    last: dt.date
    amount: Decimal
    document: str
    pharmacy: str = ""

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise InvalidInput(f"Versement « {self.document} » : il finit avant de commencer.")


@dataclass(frozen=True)
class Contract:
    """A contract or an offer.

    `supplier` is who invoices, `lab` whose products; either may be empty, not both. `signed_on` rules
    the legal ceilings; without it, `since` does. `members` are pharmacies, empty for every one of the
    organisation. `until` is inclusive, None when open.
    """

    reference: str
    supplier: str
    lab: str
    since: dt.date
    until: dt.date | None = None
    signed_on: dt.date | None = None
    standing: Standing = Standing.SIGNED
    clauses: tuple[Clause, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    conditions: Conditions = field(default_factory=Conditions)
    members: tuple[str, ...] = ()
    note: str = ""
    payments: tuple[Payment, ...] = ()

    def __post_init__(self) -> None:
        if not (self.supplier or self.lab):
            raise InvalidInput(
                f"Contrat « {self.reference} » : nommez le fournisseur ou le laboratoire."
            )
        if self.until is not None and self.until < self.since:
            raise InvalidInput(f"Contrat « {self.reference} » : il finit avant de commencer.")
        named = [each.reference for each in self.clauses]
        named += [each.reference for each in self.commitments]
        if len(set(named)) < len(named):
            raise InvalidInput(
                f"Contrat « {self.reference} » : deux clauses portent la même référence."
            )
        unknown = {each.clause for each in self.payments} - {c.reference for c in self.clauses}
        if unknown:
            raise InvalidInput(
                f"Contrat « {self.reference} » : un versement règle « {min(unknown)} », qui n’est pas "
                "une de ses clauses."
            )

    def in_force(self, day: dt.date) -> bool:
        """Tell whether the contract holds on a day, whatever its standing."""
        return self.since <= day and (self.until is None or day <= self.until)

    @property
    def ceiling_day(self) -> dt.date:
        """Return the day whose legal ceilings apply: that of the signature, else of the beginning."""
        return self.signed_on or self.since
