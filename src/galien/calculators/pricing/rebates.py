"""Rebates to clients by category, never under the floor, and what is left of the margin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from galien.calculators.pricing.arithmetic import ONE, ZERO
from galien.calculators.pricing.policy import Priced, margin_of
from galien.kernel.errors import InvalidInput


@dataclass(frozen=True)
class RebateRule:
    """What clients get on a category: a rate of the price, while the margin stays over a floor.

    `where` gives values by attribute, as in a price policy; `category` names one of the policy's
    (empty: any); rates are ratios.
    """

    name: str
    rate: Decimal
    where: Mapping[str, frozenset[str]] = field(default_factory=dict)
    floor_margin: Decimal = ZERO
    category: str = ""

    def __post_init__(self) -> None:
        if not ZERO <= self.rate < ONE or not ZERO <= self.floor_margin < ONE:
            raise InvalidInput(
                f"Remise « {self.name} » : un taux et une marge plancher de 0 à moins de 1 (0,05 pour 5 %)."
            )


@dataclass(frozen=True)
class Rebate:
    """The rebate of a product: its rule, its rate, euros incl. tax, what the client pays, and why."""

    rule: str
    rate: Decimal
    amount: Decimal
    price_incl: Decimal
    capped: bool
    reason: str


def rebate(product: Priced, rules: tuple[RebateRule, ...], *, category: str = "") -> Rebate | None:
    """Return the rebate of a product by the first rule that covers it; None without a price.

    `category` is the one of the policy that the product is of.

    Equation: the rate wanted, lowered so that price × (1 − rate) stays at cost ÷ (1 − floor margin)
    plus tax. A regulated price takes no rebate. Source: handbook of prices.
    """
    price = product.price_incl
    found = margin_of(product, price)
    if price is None or found is None or price <= 0:
        return None
    rule = next((each for each in rules if _covers(each, product, category)), None)
    if rule is None:
        return Rebate(
            "", ZERO, ZERO, price, capped=False, reason="Aucune règle ne couvre ce produit."
        )
    if not product.free:
        return Rebate(
            rule.name, ZERO, ZERO, price, capped=False, reason="Prix réglementé : sans remise."
        )
    least = found.cost / (1 - rule.floor_margin) * (1 + (product.vat_rate or ZERO))
    room = max(ZERO, 1 - least / price)
    rate = min(rule.rate, room)
    capped = rate < rule.rate
    reason = "Ramenée au plancher de marge." if capped else "Taux de la règle."
    return Rebate(rule.name, rate, price * rate, price * (1 - rate), capped, reason)


@dataclass(frozen=True)
class Given:
    """What rebates give in a year: products with one, those held at their floor, euros excl. tax.

    `gross` is the margin before rebates of every product with a price and a cost, `sales` their sales.
    """

    products: int
    capped: int
    amount: Decimal
    gross: Decimal
    sales: Decimal


def given(lines: Iterable[tuple[Priced, Decimal, str]], rules: tuple[RebateRule, ...]) -> Given:
    """Tell what rules give clients in a year; each line is a product at its price, its units, its category.

    Equation: Σ units × rebate incl. tax ÷ (1 + VAT), over products of known price and cost.
    """
    products = capped = 0
    amount = gross = sales = ZERO
    for product, units, category in lines:
        if units <= 0 or (product.cost or ZERO) < 0 or (product.price_incl or ZERO) < 0:
            continue
        found = rebate(product, rules, category=category)
        margin = margin_of(product, product.price_incl)
        if found is None or margin is None:
            continue
        gross += units * margin.margin
        sales += units * margin.price_excl
        if found.amount:
            products += 1
            amount += units * found.amount / (1 + (product.vat_rate or ZERO))
        capped += found.capped
    return Given(products, capped, amount, gross, sales)


@dataclass(frozen=True)
class Margins:
    """Gross and net margin of a period, euros excl. tax; rates are ratios of gross sales."""

    gross: Decimal
    net: Decimal
    gross_rate: Decimal | None
    net_rate: Decimal | None


def margins(
    sales: Decimal, purchases: Decimal, *, supplier_rebates: Decimal, client_rebates: Decimal
) -> Margins:
    """Tell the gross and the net margin.

    Equation: gross = gross sales − gross purchases; net = gross + supplier rebates − client rebates.
    Source: handbook of prices (Belgian averages of 2023: 29,2 % and 30,4 % of turnover).

    >>> found = margins(Decimal(1000), Decimal(708), supplier_rebates=Decimal(27),
    ...     client_rebates=Decimal(15))
    >>> str(found.gross_rate), str(found.net_rate)
    ('0.292', '0.304')
    """
    gross = sales - purchases
    net = gross + supplier_rebates - client_rebates
    return Margins(gross, net, gross / sales if sales else None, net / sales if sales else None)


def _covers(rule: RebateRule, product: Priced, category: str) -> bool:
    if rule.category and rule.category != category:
        return False
    return all(product.attributes.get(name, "") in values for name, values in rule.where.items())
