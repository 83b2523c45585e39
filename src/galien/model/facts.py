"""The facts kept: what is stored of the feeds, at day grain or coarser, with no visit and no time."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from galien.kernel.units import Unit
from galien.model.columns import Column, ColumnType, amount, date, integer, rate, text
from galien.model.feeds import PURCHASES, STOCK


@dataclass(frozen=True)
class Fact:
    """A stored table: the feed it comes from, its columns, its grain and its order in files.

    `day_column` dates a row (a month's first day for monthly facts); `delivered_as` names the daily
    fact that a monthly one is added up from.
    """

    name: str
    feed: str
    columns: tuple[Column, ...]
    grain: tuple[str, ...]
    day_column: str
    amount_column: str | None = None
    delivered_as: str | None = None

    def schema(self) -> pa.Schema:
        """Return the Arrow schema of the stored rows."""
        return pa.schema([column.field for column in self.columns])

    @property
    def sort(self) -> tuple[str, ...]:
        """Return the order of rows in a file: pharmacy, product when there is one, then the rest."""
        first = [name for name in ("pharmacy", "product_code") if name in self.grain]
        return (*first, *(name for name in self.grain if name not in first))

    @property
    def additive(self) -> tuple[str, ...]:
        """Return the columns that are not part of the grain."""
        return tuple(c.name for c in self.columns if c.name not in self.grain)


_PHARMACY = text("pharmacy", "FINESS or APB number of the shop")
_DAY = date("day", "day of the sale")
_TYPE = text("sale_type", "kind of sale")
_BAND = integer("band", "two-hour band, 0 for midnight to two", Unit.NONE)
_NET = (
    amount("net_incl", "net sales, VAT included", Unit.EUR_INCL),
    amount("net_excl", "net sales without VAT", Unit.EUR_EXCL),
)
_COST_AND_FEES = (
    amount("cost_excl", "purchase cost of what was sold", Unit.EUR_EXCL),
    amount("fee_incl", "dispensing fees, VAT included", Unit.EUR_INCL),
    Column("fee_excl", ColumnType.FINE_AMOUNT, "dispensing fees without VAT", Unit.EUR_EXCL),
)

SALE_DAY = Fact(
    name="sale_day",
    feed="sales",
    day_column="day",
    grain=("pharmacy", "day", "product_code", "sale_type", "vat_rate", "campaign"),
    amount_column="net_incl",
    columns=(
        _PHARMACY,
        _DAY,
        text("product_code", "code as sent, normalised"),
        _TYPE,
        rate("vat_rate", "VAT as a ratio"),
        text("campaign", "promotion", required=False),
        integer("quantity", "boxes, returns taken off", Unit.BOXES),
        integer("returned_quantity", "boxes returned, positive", Unit.BOXES),
        integer("lines", "sale lines"),
        integer("uncosted_lines", "lines that came without a cost"),
        amount("gross_incl", "before discount, VAT included", Unit.EUR_INCL),
        amount("discount_incl", "discount, VAT included", Unit.EUR_INCL),
        *_NET,
        amount("vat_amount", "net incl. − net excl.", Unit.EUR),
        *_COST_AND_FEES,
    ),
)

TRAFFIC_DAY = Fact(
    name="traffic_day",
    feed="sales",
    day_column="day",
    grain=("pharmacy", "day", "band", "sale_type"),
    amount_column="net_incl",
    columns=(
        _PHARMACY,
        _DAY,
        _BAND,
        _TYPE,
        integer("lines", "sale lines"),
        integer("invoices", "invoices with a line of this type; not additive over types"),
        integer("visits", "visits with a line of this type; not additive over types"),
        integer("mixed_visits", "of these, visits with both prescription and counter lines"),
        *_NET,
    ),
)

VISIT_DAY = Fact(
    name="visit_day",
    feed="sales",
    day_column="day",
    grain=("pharmacy", "day", "band", "kind", "sale_types"),
    columns=(
        _PHARMACY,
        _DAY,
        integer("band", "two-hour band of the first line", Unit.NONE),
        text("kind", "what is counted", choices=("visit", "invoice")),
        integer("sale_types", "bit mask of the sale types it holds", Unit.NONE),
        integer("count", "how many"),
    ),
)


def _operator(name: str, day: Column, delivered_as: str | None) -> Fact:
    return Fact(
        name=name,
        feed="sales",
        day_column=day.name,
        grain=("pharmacy", day.name, "operator", "band"),
        amount_column="net_incl",
        delivered_as=delivered_as,
        columns=(
            _PHARMACY,
            day,
            text("operator", "pseudonym made with the pharmacy's key", required=False),
            _BAND,
            integer("lines", "sale lines"),
            integer("quantity", "boxes", Unit.BOXES),
            *_NET,
            *_COST_AND_FEES,
            integer("visits", "visits served"),
            integer("prescription_visits", "of these, with a prescription"),
            integer("mixed_visits", "of these, with both prescription and counter lines"),
        ),
    )


def _basket(name: str, day: Column, delivered_as: str | None) -> Fact:
    return Fact(
        name=name,
        feed="sales",
        day_column=day.name,
        grain=("pharmacy", day.name, "product_a", "product_b"),
        delivered_as=delivered_as,
        columns=(
            _PHARMACY,
            day,
            text("product_a", "first product of the pair, in order of code"),
            text("product_b", "second product of the pair"),
            integer("visits", "visits that hold both"),
        ),
    )


_MONTH = date("month", "first day of the month")
OPERATOR_DAY = _operator("operator_day", _DAY, None)
OPERATOR_MONTH = _operator("operator_month", _MONTH, "operator_day")
BASKET_DAY = _basket("basket_day", _DAY, None)
BASKET_MONTH = _basket("basket_month", _MONTH, "basket_day")
BASKET_MINIMUM = 5

PURCHASE_LINE = Fact(
    name="purchase_line",
    feed="purchases",
    day_column="delivered_on",
    grain=("pharmacy", "product_code", "delivered_on", "document_id", "line_no"),
    amount_column="net_amount_excl",
    columns=PURCHASES.columns,
)
STOCK_LEVEL = Fact(
    name="stock_level",
    feed="stock",
    day_column="on_date",
    grain=("pharmacy", "product_code", "on_date", "location"),
    columns=STOCK.columns,
)

DELIVERED = {
    fact.name: fact
    for fact in (
        SALE_DAY,
        TRAFFIC_DAY,
        VISIT_DAY,
        OPERATOR_DAY,
        BASKET_DAY,
        PURCHASE_LINE,
        STOCK_LEVEL,
    )
}
PUBLISHED = {
    fact.name: fact
    for fact in (
        SALE_DAY,
        TRAFFIC_DAY,
        VISIT_DAY,
        OPERATOR_MONTH,
        BASKET_MONTH,
        PURCHASE_LINE,
        STOCK_LEVEL,
    )
}
FACTS = DELIVERED | PUBLISHED
