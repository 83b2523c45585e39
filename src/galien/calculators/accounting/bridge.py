"""From till to accounts: why two figures of the same year differ, gap by gap, and what stays unexplained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

_NOTHING = Decimal(0)

# What neither facts nor accounts can give: typed by whoever knows.
TYPED_ON_SALES = (
    "gap_cut_off", "gap_pending_files", "gap_advanced_products", "gap_client_credit",
    "gap_third_party", "gap_other",
)  # fmt: skip
TYPED_ON_MARGIN = ("gap_discounts_elsewhere", "gap_breakage_typed", "gap_other_margin")


class Origin(StrEnum):
    """Where the amount of a gap comes from."""

    FACTS = "facts"
    ACCOUNTS = "accounts"
    BOTH = "both"
    TYPED = "typed"


@dataclass(frozen=True)
class Gap:
    """A named part of the gap: euros excl. tax, positive when accounts are above the till.

    `amount` is None when nothing allows to compute it.
    """

    code: str
    amount: Decimal | None
    origin: Origin


@dataclass(frozen=True)
class Bridge:
    """Two figures of the same days and what leads from one to the other, in euros excl. tax.

    >>> bridge = Bridge(Decimal(100), Decimal(103), (Gap("fees", Decimal(2), Origin.FACTS),))
    >>> bridge.total_gap, bridge.residual, bridge.rate
    (Decimal('3'), Decimal('1'), Decimal('0.03'))
    """

    till: Decimal
    accounts: Decimal
    gaps: tuple[Gap, ...]

    @property
    def total_gap(self) -> Decimal:
        """Return the accounts' figure less the till's."""
        return self.accounts - self.till

    @property
    def rate(self) -> Decimal | None:
        """Return the gap over the till's figure, a ratio; None when the till has none."""
        return self.total_gap / self.till if self.till else None

    @property
    def explained(self) -> Decimal:
        """Return the gaps that have an amount."""
        return sum((gap.amount for gap in self.gaps if gap.amount is not None), _NOTHING)

    @property
    def residual(self) -> Decimal:
        """Return what no gap explains."""
        return self.total_gap - self.explained


@dataclass(frozen=True)
class Till:
    """A year's sale lines in euros excl. tax; fees apart from goods, resales apart from both.

    `from_incl` is the goods' and rentals' amount incl. tax divided by 1 + VAT, rate by rate; `cost`
    what the lines say the goods cost, None without costs.
    """

    goods: Decimal
    rentals: Decimal = _NOTHING
    resales: Decimal = _NOTHING
    fees: Decimal = _NOTHING
    from_incl: Decimal | None = None
    cost: Decimal | None = None

    @property
    def sales(self) -> Decimal:
        """Return goods and rentals."""
        return self.goods + self.rentals


@dataclass(frozen=True)
class Booked:
    """The same year in the accounts, in euros; `rebates` as they are inside goods sold (negative).

    `purchases` holds neither rebates nor breakage; `breakage` is what labels book inside purchases.
    """

    goods_sold: Decimal
    rentals: Decimal = _NOTHING
    resales: Decimal = _NOTHING
    fees: Decimal = _NOTHING
    rebates: Decimal = _NOTHING
    purchases: Decimal = _NOTHING
    purchase_rebates: Decimal = _NOTHING
    breakage: Decimal = _NOTHING
    stock_change: Decimal = _NOTHING

    @property
    def sales(self) -> Decimal:
        """Return goods sold and rentals."""
        return self.goods_sold + self.rentals

    @property
    def margin(self) -> Decimal:
        """Return the commercial margin, rentals added: sales − purchases − change of stock."""
        spent = self.purchases + self.purchase_rebates + self.breakage
        return self.sales - spent - self.stock_change


@dataclass(frozen=True)
class Supply:
    """Goods delivered and counted, in euros excl. tax: None where no fact tells."""

    delivered: Decimal | None = None
    stock_change: Decimal | None = None


def turnover_bridge(till: Till, booked: Booked, typed: Mapping[str, Decimal]) -> Bridge:
    """Lead from the till's sales to those of the accounts, resales left out of both.

    Inputs: euros excl. tax; `typed`, amounts for the gaps that no data give. Equation: accounts − till
    = Σ gaps + residual, always. Source: the handbook, from till to accounts.

    >>> till = Till(Decimal("1973470.58"), Decimal("27332.03"))
    >>> booked = Booked(Decimal("1995017.11"), Decimal("27332.03"))
    >>> bridge = turnover_bridge(till, booked, {})
    >>> bridge.till, bridge.total_gap, round(bridge.rate, 4)
    (Decimal('2000802.61'), Decimal('21546.53'), Decimal('0.0108'))
    """
    rounding = None if till.from_incl is None else till.from_incl - till.sales
    computed = (
        Gap("gap_fees", till.fees - booked.fees, Origin.BOTH),
        Gap("gap_resales", till.resales - booked.resales, Origin.BOTH),
        Gap("gap_rebates", booked.rebates, Origin.ACCOUNTS),
        Gap("gap_vat_rounding", rounding, Origin.FACTS),
    )
    return Bridge(till.sales, booked.sales, (*computed, *_typed(TYPED_ON_SALES, typed)))


def margin_bridge(
    till: Till, booked: Booked, supply: Supply, typed: Mapping[str, Decimal]
) -> Bridge | None:
    """Lead from the margin of sale lines to the commercial margin of the accounts.

    Inputs: euros excl. tax. Equation: the till's margin is goods and rentals − cost of what was sold;
    the gap is that of sales, less rebates on purchases, booked breakage, the difference between
    purchases booked and delivered, between changes of stock booked and counted, and the goods that
    left without being sold (delivered + change counted − cost sold). None when lines have no cost.

    >>> till = Till(Decimal(100), cost=Decimal(70))
    >>> booked = Booked(Decimal(103), purchases=Decimal(75), purchase_rebates=Decimal(-2))
    >>> bridge = margin_bridge(till, booked, Supply(Decimal(74), Decimal(-1)), {})
    >>> bridge.total_gap, bridge.residual
    (Decimal('0'), Decimal('0'))
    """
    if till.cost is None:
        return None
    delivered, counted = supply.delivered, supply.stock_change
    lost = None
    if delivered is not None and counted is not None:
        lost = -(delivered + counted - till.cost)
    computed = (
        Gap("gap_sales", booked.sales - till.sales, Origin.BOTH),
        Gap("gap_purchase_rebates", -booked.purchase_rebates, Origin.ACCOUNTS),
        Gap("gap_breakage", -booked.breakage, Origin.ACCOUNTS),
        Gap("gap_purchases", _less(delivered, booked.purchases), Origin.BOTH),
        Gap("gap_stock_change", _less(counted, booked.stock_change), Origin.BOTH),
        Gap("gap_lost_goods", lost, Origin.FACTS),
    )
    gaps = (*computed, *_typed(TYPED_ON_MARGIN, typed))
    return Bridge(till.sales - till.cost, booked.margin, gaps)


def _less(known: Decimal | None, booked: Decimal) -> Decimal | None:
    return None if known is None else known - booked


def _typed(codes: tuple[str, ...], typed: Mapping[str, Decimal]) -> tuple[Gap, ...]:
    return tuple(Gap(code, typed.get(code), Origin.TYPED) for code in codes)
