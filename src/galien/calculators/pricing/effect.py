"""What a policy would change: products touched, euros at constant volume and at an elasticity."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from galien.calculators.pricing.arithmetic import ZERO
from galien.calculators.pricing.policy import Outcome, Priced, Proposal

UNIVERSE = "universe_1"
CONFIDENCE = Decimal("1.96")  # standard errors on each side of an interval at 95 %


@dataclass(frozen=True)
class Response:
    """How volumes answer prices: the elasticity and its standard error (0: the user's assumption).

    `reach` is how many standard errors make an interval at 95 %; `universes` are those of products
    that answer otherwise, by first universe.
    """

    elasticity: Decimal
    standard_error: Decimal = ZERO
    reach: Decimal = CONFIDENCE
    universes: Mapping[str, Response] = field(default_factory=dict)

    def of(self, product: Priced) -> Response:
        """Return how the volumes of a product answer."""
        return self.universes.get(product.attributes.get(UNIVERSE, ""), self)

    @property
    def bounds(self) -> tuple[Decimal, Decimal]:
        """Return the elasticity at both ends of the interval at 95 %."""
        spread = self.reach * self.standard_error
        return self.elasticity - spread, self.elasticity + spread


@dataclass(frozen=True)
class Change:
    """Turnover and margin won (or lost) in a year, euros excl. tax, unrounded."""

    turnover: Decimal = ZERO
    margin: Decimal = ZERO

    def __add__(self, other: Change) -> Change:
        """Add two changes."""
        return Change(self.turnover + other.turnover, self.margin + other.margin)


@dataclass(frozen=True)
class ProductEffect:
    """What the proposal changes on a product: at constant volume, then as volumes answer."""

    proposal: Proposal
    constant: Change
    expected: Change | None
    low: Change | None
    high: Change | None


@dataclass(frozen=True)
class Effect:
    """What a policy changes in all. `low` and `high` add each product's worse and better end."""

    touched: int
    unchanged: int
    exceptions: tuple[Proposal, ...]
    constant: Change
    expected: Change | None
    low: Change | None
    high: Change | None
    products: tuple[ProductEffect, ...]


def effect(
    proposals: Iterable[Proposal],
    volumes: Mapping[str, Decimal],
    response: Response | None = None,
) -> Effect:
    """Tell what proposals would bring in a year, before they are applied.

    Inputs: proposals; units sold a year by product; how volumes answer, None to leave it out.
    Equation: volume × (new ÷ old price) ^ elasticity; change = new volume × new price (less cost)
    − old volume × old price (less cost), prices excl. tax. Source: handbook of prices.
    A product without a price today or without sales is touched and brings nothing.
    """
    told = list(proposals)
    changed = [each for each in told if each.outcome is Outcome.CHANGED]
    products = tuple(
        _product(each, volumes.get(each.product.product_code, ZERO), response) for each in changed
    )
    known = response is not None
    return Effect(
        touched=len(changed),
        unchanged=sum(each.outcome is Outcome.UNCHANGED for each in told),
        exceptions=tuple(each for each in told if each.outcome is Outcome.EXCEPTION),
        constant=_sum(each.constant for each in products),
        expected=_sum(each.expected for each in products) if known else None,
        low=_sum(each.low for each in products) if known else None,
        high=_sum(each.high for each in products) if known else None,
        products=products,
    )


def _product(proposal: Proposal, units: Decimal, response: Response | None) -> ProductEffect:
    constant = _change(proposal, units, ZERO)
    if response is None:
        return ProductEffect(proposal, constant, None, None, None)
    own = response.of(proposal.product)
    ends = [_change(proposal, units, each) for each in own.bounds]
    low, high = sorted(ends, key=lambda change: change.margin)
    expected = _change(proposal, units, own.elasticity)
    return ProductEffect(proposal, constant, expected, low, high)


def _change(proposal: Proposal, units: Decimal, elasticity: Decimal) -> Change:
    product, after = proposal.product, proposal.price_incl
    if not product.price_incl or product.price_incl < 0 or after is None or units <= 0:
        return Change()
    new_units = units * (after / product.price_incl) ** elasticity if after else units
    before_excl, after_excl = _excl(product, product.price_incl), _excl(product, after)
    cost = product.cost or ZERO
    return Change(
        turnover=new_units * after_excl - units * before_excl,
        margin=new_units * (after_excl - cost) - units * (before_excl - cost),
    )


def _excl(product: Priced, price_incl: Decimal) -> Decimal:
    return price_incl / (1 + (product.vat_rate or ZERO))


def _sum(changes: Iterable[Change | None]) -> Change:
    return sum((each for each in changes if each is not None), Change())
