"""An invoice laid out for its audit: boxes by product, shipping, cash discount, foot discounts spread."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from galien.calculators.discounts.audit.found import Facts
from galien.kernel.french import fold
from galien.model.contracts import ProductKeys
from galien.model.invoices import ZERO, Adjustment, Invoice, InvoiceLine

CENT = Decimal("0.01")
# UNTDID 7161: freight, delivery, shipping and handling, transport.
_SHIPPING_CODES = frozenset({"FC", "DL", "SAA", "TV", "TT", "FAA", "FAB", "FAC"})
_SHIPPING = re.compile(r"\b(?:port|transport|livraison|expedition|fret|envoi|freight|shipping)\b")
_CASH = re.compile(r"\bescompte\b|\bskonto\b|\bcash discount\b")


@dataclass(frozen=True)
class Bought:
    """A product of the invoice, all its lines together. Euros excl. tax.

    `gross` is paid units before discount, `net` what is asked for them, foot discounts taken off;
    `listed` the known list price of one; `tolerance` what rounding to the cent can hide.
    """

    key: str
    name: str
    lines: tuple[str, ...]
    keys: ProductKeys
    paid: Decimal
    free: Decimal
    gross: Decimal
    net: Decimal
    listed: Decimal | None
    tolerance: Decimal

    def kept(self, paid: Decimal, free: Decimal) -> Bought:
        """Return the same for fewer units: those that were delivered."""
        share = paid / self.paid
        return replace(self, paid=paid, free=free, gross=self.gross * share, net=self.net * share)


@dataclass(frozen=True)
class Laid:
    """The invoice laid out. `shipping` and `cash` are the euros charged and deducted for them."""

    products: tuple[Bought, ...]
    shipping: Decimal
    cash: Decimal
    offered: Decimal

    @property
    def net(self) -> Decimal:
        """Return what is asked for the goods."""
        return sum((each.net for each in self.products), ZERO)


def laid_out(invoice: Invoice, facts: Facts) -> Laid:
    """Lay an invoice out; `offered` is the best rate of cash discount that its terms offer."""
    goods = [each for each in invoice.lines if not _is_shipping_line(each)]
    by_product: dict[str, list[InvoiceLine]] = defaultdict(list)
    for line in goods:
        by_product[line_key(line)].append(line)
    foot = [each for each in invoice.adjustments if not each.charge and not _is_cash(each)]
    spread = _spread(foot, goods)
    products = [
        _bought(key, lines, facts, spread, foot=bool(foot)) for key, lines in by_product.items()
    ]
    everywhere = [*invoice.adjustments, *(a for line in goods for a in line.adjustments)]
    shipped = [each.net_amount for each in invoice.lines if _is_shipping_line(each)]
    shipped += [each.amount for each in everywhere if each.charge and _is_shipping(each)]
    return Laid(
        products=tuple(each for each in products if each.paid > 0 or each.free > 0),
        shipping=sum(shipped, ZERO),
        cash=sum((e.amount for e in everywhere if not e.charge and _is_cash(e)), ZERO),
        offered=max((each.rate for each in invoice.cash_discounts), default=ZERO),
    )


def line_key(line: InvoiceLine) -> str:
    """Return what tells the product of a line: its code, else the seller's, else its name."""
    return line.product_code or line.seller_code or line.name


def _bought(
    key: str,
    lines: Sequence[InvoiceLine],
    facts: Facts,
    spread: dict[int, Decimal],
    *,
    foot: bool,
) -> Bought:
    known = facts.products.get(key)
    listed = known.list_price if known else None
    paid = [each for each in lines if not each.is_free]
    given = [each for each in lines if each.is_free]
    own = [each for line in paid for each in line.adjustments]
    return Bought(
        key=key,
        name=next((each.name for each in lines if each.name), key),
        lines=tuple(each.number for each in lines),
        keys=known.keys if known else ProductKeys(key),
        paid=sum((each.quantity for each in paid), ZERO),
        free=sum((each.quantity for each in given), ZERO)
        + sum((each.free_quantity for each in lines), ZERO),
        gross=sum((each.quantity * _price(each, listed) for each in paid), ZERO),
        net=sum((_net(each) - spread.get(id(each), ZERO) for each in paid), ZERO),
        listed=listed,
        tolerance=sum((_rounding(each) for each in paid), ZERO)
        + CENT * (len(paid) + len(own) + int(foot)),
    )


def _price(line: InvoiceLine, listed: Decimal | None) -> Decimal:
    """Return the price before discount: a net price alone is taken off a higher list price."""
    if line.gross_price is None and listed is not None:
        return max(line.unit_net, listed)
    return max(line.unit_gross, line.unit_net)


def _net(line: InvoiceLine) -> Decimal:
    """Return what a line asks for its goods: its charges and its cash discount are counted apart."""
    apart = (each.signed for each in line.adjustments if each.charge or _is_cash(each))
    return line.net_amount - sum(apart, ZERO)


def _rounding(line: InvoiceLine) -> Decimal:
    """Return a cent a unit where a discount lies in a price rounded to the cent."""
    cents = line.net_price * 100
    rounded = cents == cents.to_integral_value() and line.unit_net != line.unit_gross
    return CENT * abs(line.quantity) / line.base_quantity if rounded else ZERO


def _spread(foot: Iterable[Adjustment], lines: Sequence[InvoiceLine]) -> dict[int, Decimal]:
    """Spread the discounts of the foot over the paid lines of their VAT rate, by amount."""
    shares: dict[int, Decimal] = defaultdict(Decimal)
    paid = [each for each in lines if each.net_amount > 0]
    for each in foot:
        same = [line for line in paid if line.vat_rate == each.vat_rate] or paid
        whole = sum((line.net_amount for line in same), ZERO)
        for line in same:
            shares[id(line)] += each.amount * line.net_amount / whole
    return shares


def _is_shipping(each: Adjustment) -> bool:
    return each.code.upper() in _SHIPPING_CODES or bool(_SHIPPING.search(fold(each.reason)))


def _is_shipping_line(line: InvoiceLine) -> bool:
    return not line.product_code and bool(_SHIPPING.search(fold(line.name)))


def _is_cash(each: Adjustment) -> bool:
    return bool(_CASH.search(fold(each.reason)))
