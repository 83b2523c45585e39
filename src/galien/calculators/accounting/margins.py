"""Margins by their definitions, never confused: commercial, gross, production, global, "brute bilan", net."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

_NOTHING = Decimal(0)


@dataclass(frozen=True)
class Margins:
    """What a year of accounts gives, in euros excl. tax.

    `stock_change` is opening − closing stock (negative when stock was built up); `services_sold` holds
    `resales`; `fees_apart` are the dispensing fees that are neither in goods nor in services sold;
    `selling_costs` staff, depreciation, storage and running costs.

    Source: the handbook, margins; case 1171.

    >>> case = Margins(
    ...     goods_sold=Decimal("1995017.11"), goods_purchased=Decimal("1398232.77"),
    ...     stock_change=Decimal("-29584.87"), services_sold=Decimal("48020.09"),
    ...     resales=Decimal("5139.49"), external_charges=Decimal("117986.49"))
    >>> case.commercial_margin, case.global_gross_margin, case.balance_margin
    (Decimal('626369.21'), Decimal('674389.30'), Decimal('556402.81'))
    """

    goods_sold: Decimal
    goods_purchased: Decimal
    stock_change: Decimal = _NOTHING
    services_sold: Decimal = _NOTHING
    raw_materials: Decimal = _NOTHING
    resales: Decimal = _NOTHING
    fees_apart: Decimal = _NOTHING
    external_charges: Decimal = _NOTHING
    selling_costs: Decimal = _NOTHING

    @property
    def turnover(self) -> Decimal:
        """Return goods and services sold, and the fees that are in neither."""
        return self.goods_sold + self.services_sold + self.fees_apart

    @property
    def gross_margin(self) -> Decimal:
        """Return goods sold − goods purchased, stock left aside."""
        return self.goods_sold - self.goods_purchased

    @property
    def commercial_margin(self) -> Decimal:
        """Return goods sold − goods purchased − (opening − closing stock)."""
        return self.gross_margin - self.stock_change

    @property
    def production_margin(self) -> Decimal:
        """Return services sold − raw materials."""
        return self.services_sold - self.raw_materials

    @property
    def global_gross_margin(self) -> Decimal:
        """Return commercial + production margins + fees where they are in neither."""
        return self.commercial_margin + self.production_margin + self.fees_apart

    @property
    def balance_margin(self) -> Decimal:
        """Return the margin "brute bilan": global gross margin − other purchases and charges."""
        return self.global_gross_margin - self.external_charges

    @property
    def net_margin(self) -> Decimal:
        """Return commercial margin − selling costs."""
        return self.commercial_margin - self.selling_costs

    @property
    def commercial_margin_rate(self) -> Decimal | None:
        """Return the commercial margin over turnover; None without turnover."""
        return _ratio(self.commercial_margin, self.turnover)

    @property
    def commercial_margin_rate_without_resales(self) -> Decimal | None:
        """Return the same, turnover at cost (resales, account 7088) taken off what it is over."""
        return _ratio(self.commercial_margin, self.turnover - self.resales)

    @property
    def global_gross_margin_rate(self) -> Decimal | None:
        """Return the global gross margin over turnover."""
        return _ratio(self.global_gross_margin, self.turnover)

    @property
    def global_gross_margin_rate_without_resales(self) -> Decimal | None:
        """Return the same, resales taken off what it is over."""
        return _ratio(self.global_gross_margin, self.turnover - self.resales)

    @property
    def goods_margin_rate(self) -> Decimal | None:
        """Return the commercial margin over goods sold.

        >>> round(Margins(Decimal(100), Decimal(70)).goods_margin_rate, 2)
        Decimal('0.30')
        """
        return _ratio(self.commercial_margin, self.goods_sold)


@dataclass(frozen=True)
class SaleResult:
    """Sales of one type: their number, their margin in euros excl. tax, what a sale costs.

    Source: the handbook (9 to 9,50 € of margin a prescription before discounts, 4 to 4,50 € a counter
    sale, a cost of 5 to 8 € a sale).

    >>> prescriptions = SaleResult("prescription", 100, Decimal(925), Decimal("6.50"))
    >>> prescriptions.margin_per_sale, prescriptions.result_per_sale, prescriptions.result
    (Decimal('9.25'), Decimal('2.75'), Decimal('275.00'))
    """

    kind: str
    sales: int
    margin: Decimal
    cost_per_sale: Decimal | None = None

    @property
    def margin_per_sale(self) -> Decimal | None:
        """Return the margin a sale brings; None without sales."""
        return self.margin / self.sales if self.sales else None

    @property
    def result_per_sale(self) -> Decimal | None:
        """Return margin less cost a sale; None when one is not known."""
        if self.margin_per_sale is None or self.cost_per_sale is None:
            return None
        return self.margin_per_sale - self.cost_per_sale

    @property
    def result(self) -> Decimal | None:
        """Return margin less cost of all of them; None when the cost is not known."""
        if self.cost_per_sale is None:
            return None
        return self.margin - self.sales * self.cost_per_sale


def _ratio(part: Decimal, whole: Decimal) -> Decimal | None:
    return part / whole if whole else None
