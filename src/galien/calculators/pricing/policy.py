"""A price policy by category, as data; and the price it proposes for a product, with rule and reason."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from galien.calculators.pricing.arithmetic import ONE, ZERO, PriceMargin, Rounding, at_price
from galien.kernel.errors import InvalidInput


@dataclass(frozen=True)
class Target:
    """From a cost excl. tax on, in euros: the margin wanted (a ratio of price) or the factor.

    Raises InvalidInput unless exactly one is given, a margin under 1 or a factor of 0 or more.
    """

    start: Decimal
    margin_rate: Decimal | None = None
    factor: Decimal | None = None

    def __post_init__(self) -> None:
        wrong = self.margin_rate is not None and self.margin_rate >= ONE
        if (
            (self.margin_rate is None) == (self.factor is None)
            or wrong
            or (self.factor or ZERO) < 0
        ):
            raise InvalidInput(
                "Une tranche vise une marge sous 1 (0,30 pour 30 %) ou un coefficient (1,43), pas les deux."
            )

    def price_excl(self, cost: Decimal) -> Decimal:
        """Return the price excl. tax that meets the target, in euros."""
        if self.factor is not None:
            return cost * self.factor
        return cost / (1 - (self.margin_rate or ZERO))


@dataclass(frozen=True)
class Category:
    """Products by what they are, and the margins wanted on them by band of cost.

    `where` gives values by attribute (universe_1, lab, vat_rate…), any of each, all attributes;
    none covers everything. `floor_margin` is the least margin accepted, a ratio. Raises InvalidInput
    when bands leave a hole.
    """

    name: str
    targets: tuple[Target, ...]
    where: Mapping[str, frozenset[str]] = field(default_factory=dict)
    floor_margin: Decimal = ZERO
    rounding: Rounding | None = None

    def __post_init__(self) -> None:
        starts = [target.start for target in self.targets]
        if not starts or starts[0] != 0 or any(a >= b for a, b in itertools.pairwise(starts)):
            raise InvalidInput(
                f"Catégorie « {self.name} » : les tranches de coût commencent à 0 et montent."
            )
        if not ZERO <= self.floor_margin < ONE:
            raise InvalidInput(
                f"Catégorie « {self.name} » : la marge plancher va de 0 à moins de 1."
            )

    def holds(self, attributes: Mapping[str, str]) -> bool:
        """Tell whether a product of these attributes is of the category."""
        return all(attributes.get(name, "") in values for name, values in self.where.items())

    def target(self, cost: Decimal) -> Target:
        """Return what is wanted at a cost."""
        return [target for target in self.targets if target.start <= max(cost, ZERO)][-1]


@dataclass(frozen=True)
class ImageRule:
    """Image products follow competitors: their median price × (1 + gap), the gap being a ratio."""

    gap: Decimal = ZERO


@dataclass(frozen=True)
class Policy:
    """A policy: the first category that holds a product prices it; `image` prices image products."""

    name: str
    categories: tuple[Category, ...]
    rounding: Rounding = field(default_factory=Rounding)
    image: ImageRule = field(default_factory=ImageRule)
    excluded: frozenset[str] = frozenset()

    def category(self, attributes: Mapping[str, str]) -> Category | None:
        """Return the category of a product; None when the policy has none for it."""
        return next((each for each in self.categories if each.holds(attributes)), None)


@dataclass(frozen=True)
class Priced:
    """A product to price. Cost excl. tax, prices incl. tax, euros; rates are ratios.

    `cost` is the lasting cost, a temporary deal left out. `least_incl` and `most_incl` are the bounds
    of the law (legal minimum; LPP limit, maximum public price). `free` tells a price that the law
    leaves free. `competitors_incl` is the median of competitors, for an image product.
    """

    product_code: str
    cost: Decimal | None
    vat_rate: Decimal | None
    price_incl: Decimal | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    least_incl: Decimal | None = None
    most_incl: Decimal | None = None
    free: bool = True
    image: bool = False
    competitors_incl: Decimal | None = None
    label: str = ""


class Outcome(StrEnum):
    """What became of a product: a new price, the same one, or none and why."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    EXCEPTION = "exception"


class Bound(StrEnum):
    """What held the wanted price back."""

    NONE = "none"
    FLOOR = "floor"
    CEILING = "ceiling"


@dataclass(frozen=True)
class Proposal:
    """The price a policy proposes for a product, incl. tax, with its rule and reason in French."""

    product: Priced
    outcome: Outcome
    category: str
    rule: str
    reason: str
    price_incl: Decimal | None = None
    bound: Bound = Bound.NONE

    @property
    def margin(self) -> PriceMargin | None:
        """Return the margin of the proposed price; None without a price."""
        return margin_of(self.product, self.price_incl)


def margin_of(product: Priced, price_incl: Decimal | None) -> PriceMargin | None:
    """Return the margin of a price incl. tax of a product; None when cost, tax or price is unknown."""
    if price_incl is None or product.cost is None or product.vat_rate is None:
        return None
    return at_price(product.cost, price_incl / (1 + product.vat_rate), product.vat_rate)


def propose(policy: Policy, products: Iterable[Priced]) -> tuple[Proposal, ...]:
    """Propose a price for each product, in the order given.

    Equation: the category's target on the cost, plus tax; for an image product, the competitors'
    median; then kept between floor (cost ÷ (1 − least margin), so never under cost; legal
    minimum) and ceiling, and rounded so that neither is ever broken. Source: handbook of prices.
    """
    return tuple(_proposal(policy, product) for product in products)


def _proposal(policy: Policy, product: Priced) -> Proposal:
    if product.product_code in policy.excluded:
        return _exception(product, "Produit exclu de la politique.")
    if not product.free:
        return _exception(product, "Prix réglementé : il ne se fixe pas.")
    category = policy.category(product.attributes)
    if category is None:
        return _exception(product, "Aucune catégorie ne couvre ce produit.")
    if product.cost is None or product.cost <= 0 or product.vat_rate is None:
        return _exception(product, "Coût d’achat ou TVA inconnus, ou coût nul.", category.name)
    if product.image and product.competitors_incl is not None:
        wanted = product.competitors_incl * (1 + policy.image.gap)
        rule = "produit d’image"
        reason = "Aligné sur la médiane des concurrents."
    else:
        target = category.target(product.cost)
        wanted = target.price_excl(product.cost) * (1 + product.vat_rate)
        rule = _rule(target)
        reason = f"{category.name} : {rule}."
    floor = product.cost / (1 - category.floor_margin) * (1 + product.vat_rate)
    least = max(floor, product.least_incl or ZERO)
    rounding = category.rounding or policy.rounding
    price = rounding.rounded(wanted, least=least, most=product.most_incl)
    if price is None:
        return _exception(
            product, "Le plancher dépasse le plafond : aucun prix ne convient.", category.name
        )
    bound, said = _bound(wanted, least, product.most_incl)
    outcome = Outcome.UNCHANGED if price == product.price_incl else Outcome.CHANGED
    return Proposal(product, outcome, category.name, rule, f"{reason}{said}", price, bound)


def _exception(product: Priced, reason: str, category: str = "") -> Proposal:
    return Proposal(product, Outcome.EXCEPTION, category, "", reason)


def _rule(target: Target) -> str:
    if target.factor is not None:
        return f"coefficient {target.factor}".replace(".", ",")
    rate = ((target.margin_rate or ZERO) * 100).normalize()
    return f"marge {rate:f} %".replace(".", ",")


def _bound(wanted: Decimal, least: Decimal, most: Decimal | None) -> tuple[Bound, str]:
    if most is not None and wanted > most:
        return Bound.CEILING, " Ramené sous le plafond."
    if wanted < least:
        return Bound.FLOOR, " Relevé au plancher."
    return Bound.NONE, ""


def below_break_even(policy: Policy, break_even_margin: Decimal) -> Sequence[tuple[str, Target]]:
    """Return the targets under the margin that covers fixed costs (fixed costs ÷ turnover).

    >>> policy = Policy("p", (Category("c", (Target(ZERO, margin_rate=Decimal("0.2")),)),))
    >>> len(below_break_even(policy, Decimal("0.25")))
    1
    """
    found = []
    for category in policy.categories:
        for target in category.targets:
            rate = target.margin_rate
            if rate is None and target.factor:
                rate = 1 - 1 / target.factor
            if rate is None or rate < break_even_margin:
                found.append((category.name, target))
    return found
