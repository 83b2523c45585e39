"""Today's margins by category, what of them is at free prices, and the margin that covers fixed costs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from galien.analytics.question import Filter, Question
from galien.calculators.pricing.rebates import Margins, margins
from galien.kernel.errors import NotAllowed, NotAvailable
from galien.model.viewer import Viewer
from galien.usecases.accounts import reading
from galien.usecases.ask import ask
from galien.usecases.prices.net import client_rebates, supplier_rebates
from galien.usecases.services import Services

ZERO = Decimal(0)
FREE = Filter("reimbursable", ("true",), exclude=True)
FIXED = ("external_charges", "taxes", "staff_costs", "depreciation", "other_operating_charges",
         "financial_charges")  # fmt: skip
_MARGINS = ("sales_excl", "adjusted_margin", "margin_rate")
_PRODUCTS = ("quantity", "sales_excl", "cost_excl", "adjusted_margin", "margin_rate")


@dataclass(frozen=True)
class CategoryMargin:
    """A category: sales and margin of the year, euros excl. tax, and what is at free prices.

    `margin` is gross margin less `client_rebates`, as sales are; `supplier_rebates` are those that come
    after invoices, None when purchases are not open.
    """

    key: str | None
    label: str
    sales: Decimal
    margin: Decimal
    free_sales: Decimal
    free_margin: Decimal
    client_rebates: Decimal = ZERO
    supplier_rebates: Decimal | None = None

    @property
    def net(self) -> Margins | None:
        """Return gross and net margin over sales before rebates; None when suppliers' are not known."""
        if self.supplier_rebates is None:
            return None
        gross_sales = self.sales + self.client_rebates
        return margins(
            gross_sales,
            self.sales - self.margin,
            supplier_rebates=self.supplier_rebates,
            client_rebates=self.client_rebates,
        )

    @property
    def rate(self) -> Decimal | None:
        """Return the margin over sales."""
        return self.margin / self.sales if self.sales else None

    @property
    def free_rate(self) -> Decimal | None:
        """Return the margin over sales at free prices."""
        return self.free_margin / self.free_sales if self.free_sales else None

    @property
    def free_share(self) -> Decimal | None:
        """Return the share of sales at free prices."""
        return self.free_sales / self.sales if self.sales else None


@dataclass(frozen=True)
class BreakEven:
    """The margin that covers fixed costs: fixed costs ÷ turnover of a year of accounts."""

    rate: Decimal
    fixed_costs: Decimal
    turnover: Decimal
    last_day: dt.date


@dataclass(frozen=True)
class GroupBreakEven:
    """The break-even margin of several pharmacies together: Σ fixed costs ÷ Σ turnover, and how many."""

    rate: Decimal
    pharmacies: int


@dataclass(frozen=True)
class FreePrice:
    """A product at a free price: price of the last month (incl. tax), cost and margin of the year."""

    product_code: str
    label: str
    units: Decimal
    price_incl: Decimal | None
    cost: Decimal | None
    sales: Decimal
    margin: Decimal
    rate: Decimal | None


def margins_by(
    viewer: Viewer, pharmacies: Sequence[str], by: str, *, services: Services
) -> tuple[CategoryMargin, tuple[CategoryMargin, ...]]:
    """Return the whole, then the categories of a dimension, the largest first, over twelve months.

    No pharmacy named means all those open. Raises what `ask` raises without the right.
    """
    asked = [
        ask(_question(_MARGINS, by, (*_of(pharmacies), *more)), viewer, services=services)
        for more in ((), (FREE,))
    ]
    free = {row[by]: row for row in asked[1].table.to_pylist()}
    given = client_rebates(viewer, _of(pharmacies), by, services=services)
    had = supplier_rebates(viewer, _of(pharmacies), by, services=services)
    rows = tuple(
        replace(
            _category(row[by], row[f"{by}_label"], row, free.get(row[by], {})),
            client_rebates=given.get(row[by], ZERO),
            supplier_rebates=None if had is None else had.get(row[by], ZERO),
        )
        for row in asked[0].table.to_pylist()
    )
    whole = replace(
        _category("", "Ensemble", asked[0].totals, asked[1].totals),
        client_rebates=sum(given.values(), ZERO),
        supplier_rebates=None if had is None else sum(had.values(), ZERO),
    )
    return whole, rows


def free_prices(
    viewer: Viewer, pharmacies: Sequence[str], chosen: Filter, *, services: Services
) -> tuple[FreePrice, ...]:
    """Return the free-price products of a category, the most sold first.

    Price = sales incl. tax of the last month ÷ quantity, discounts off; cost = cost of the year ÷
    quantity. Raises what `ask` raises without the right.
    """
    where = (*_of(pharmacies), FREE, chosen)
    year = ask(_question(_PRODUCTS, "product", where), viewer, services=services)
    month = ask(
        _question(("quantity", "sales_incl"), "product", where, period="last-month"),
        viewer,
        services=services,
    )
    prices = {
        row["product"]: _over(row["sales_incl"], row["quantity"]) for row in month.table.to_pylist()
    }
    found = (_product(row, prices.get(row["product"])) for row in year.table.to_pylist())
    return tuple(sorted(found, key=lambda each: (-each.units, each.product_code)))


def break_even(viewer: Viewer, pharmacy: str) -> BreakEven | None:
    """Return the break-even margin of the last year of accounts; None without accounts to see.

    Equation: (external charges + taxes + staff + depreciation + other operating charges + interest) ÷
    turnover. Source: handbook of prices.
    """
    years = reading.years(viewer, pharmacy) if pharmacy else []
    if not years:
        return None
    try:
        told = reading.statement_of(viewer, pharmacy, years[0].last_day)
    except (NotAllowed, NotAvailable):
        return None
    turnover = told.amount("turnover")
    fixed = sum((told.amount(each) for each in FIXED), ZERO)
    if turnover <= 0:
        return None
    return BreakEven(fixed / turnover, fixed, turnover, years[0].last_day)


def group_break_even(viewer: Viewer) -> GroupBreakEven | None:
    """Return the break-even margin of the pharmacies whose accounts a viewer sees, each's last year."""
    pharmacies = dict.fromkeys(year.pharmacy_id for year in reading.years(viewer))
    found = [even for each in pharmacies if (even := break_even(viewer, each)) is not None]
    if not found:
        return None
    fixed = sum((each.fixed_costs for each in found), ZERO)
    return GroupBreakEven(fixed / sum((each.turnover for each in found), ZERO), len(found))


def _question(
    measures: tuple[str, ...], by: str, where: tuple[Filter, ...], period: str = "last-12-months"
) -> Question:
    order = "-sales_excl" if "sales_excl" in measures else None
    return Question(
        "sales", measures, (by,), period=period, compare="none", where=where, order=order
    )


def _of(pharmacies: Sequence[str]) -> tuple[Filter, ...]:
    return (Filter("pharmacy", tuple(pharmacies)),) if pharmacies else ()


def _category(
    key: str | None, label: str, row: Mapping[str, Any], free: Mapping[str, Any]
) -> CategoryMargin:
    return CategoryMargin(
        key,
        label,
        _exact(row["sales_excl"]),
        _exact(row["adjusted_margin"]),
        _exact(free.get("sales_excl")),
        _exact(free.get("adjusted_margin")),
    )


def _product(row: Mapping[str, Any], price: Decimal | None) -> FreePrice:
    rate = row["margin_rate"]
    return FreePrice(
        row["product"],
        row["product_label"] or row["product"] or "Code inconnu",
        _exact(row["quantity"]),
        price,
        _over(row["cost_excl"], row["quantity"]),
        _exact(row["sales_excl"]),
        _exact(row["adjusted_margin"]),
        None if rate is None else _exact(rate),
    )


def _over(amount: object, quantity: object) -> Decimal | None:
    units = _exact(quantity)
    return _exact(amount) / units if units > 0 else None


def _exact(value: object) -> Decimal:
    return Decimal(str(value or 0))
