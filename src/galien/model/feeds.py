"""The feeds a pharmacy sends, in the canonical layout named `galien` (handbook, 10-data)."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from galien.kernel.units import Unit
from galien.model.columns import Column, ColumnType, amount, date, integer, rate, text
from galien.model.enums import CHANNELS, SALE_TYPES


@dataclass(frozen=True)
class Feed:
    """A kind of file: its columns, the column that dates a row, the key that makes a line unique.

    `sums` names the quantity and the amount that receipts add up.
    """

    name: str
    columns: tuple[Column, ...]
    day_column: str
    line_key: tuple[str, ...]
    sums: tuple[str, str]

    def schema(self) -> pa.Schema:
        """Return the Arrow schema of the canonical rows."""
        return pa.schema([column.field for column in self.columns])

    def column(self, name: str) -> Column:
        """Return the column called `name`; KeyError when the feed has none."""
        return next(column for column in self.columns if column.name == name)


_PHARMACY = text("pharmacy", "FINESS or APB number of the shop")
_PRODUCT = text("product_code", "CIP13, EAN13, CNK or any code of the sender")

SALES = Feed(
    name="sales",
    day_column="sold_at",
    line_key=("pharmacy", "invoice", "line_no"),
    sums=("quantity", "net_incl"),
    columns=(
        _PHARMACY,
        Column("sold_at", ColumnType.DATETIME, "local wall time of the sale"),
        text("visit", "one client at the counter; unique by pharmacy and day"),
        text("invoice", "unique by pharmacy and day"),
        integer("line_no", "line of the invoice"),
        text("sale_type", "kind of sale", choices=SALE_TYPES),
        _PRODUCT,
        integer("quantity", "boxes sold; negative for a return", Unit.BOXES),
        amount("gross_incl", "before discount, VAT included", Unit.EUR_INCL),
        amount("discount_incl", "discount, VAT included", Unit.EUR_INCL, required=False),
        amount("net_incl", "gross − discount", Unit.EUR_INCL),
        rate("vat_rate", "VAT as a ratio"),
        amount("net_excl", "net without VAT", Unit.EUR_EXCL),
        amount("cost_excl", "purchase cost of what was sold", Unit.EUR_EXCL, required=False),
        amount("fee_incl", "dispensing fees, VAT included", Unit.EUR_INCL, required=False),
        text("operator", "who served; made a pseudonym on the way in", required=False),
        text("campaign", "promotion the line belongs to", required=False),
    ),
)

PURCHASES = Feed(
    name="purchases",
    day_column="delivered_on",
    line_key=("pharmacy", "delivered_on", "document_id", "line_no"),
    sums=("delivered_quantity", "net_amount_excl"),
    columns=(
        _PHARMACY,
        date("delivered_on", "day of delivery"),
        date("invoiced_on", "day of the invoice", required=False),
        text("document_id", "delivery note or invoice"),
        integer("line_no", "line of the document"),
        text("supplier", "who invoices"),
        text("channel", "how it was bought", choices=CHANNELS),
        _PRODUCT,
        integer("ordered_quantity", "boxes ordered", Unit.BOXES, required=False),
        integer("delivered_quantity", "boxes delivered and paid", Unit.BOXES),
        integer("free_quantity", "boxes delivered free", Unit.BOXES, required=False),
        amount("list_price_excl", "unit price before discount", Unit.EUR_EXCL, required=False),
        amount("net_price_excl", "unit price after discount", Unit.EUR_EXCL, required=False),
        amount("list_amount_excl", "paid boxes at list price", Unit.EUR_EXCL),
        amount("net_amount_excl", "paid boxes at net price", Unit.EUR_EXCL),
        rate("vat_rate", "VAT as a ratio"),
        date("payment_due_on", "day of payment", required=False),
    ),
)

STOCK = Feed(
    name="stock",
    day_column="on_date",
    line_key=("pharmacy", "on_date", "product_code", "location"),
    sums=("quantity", "weighted_average_cost"),
    columns=(
        _PHARMACY,
        date("on_date", "day of the count"),
        _PRODUCT,
        integer("quantity", "boxes on hand", Unit.BOXES),
        amount(
            "weighted_average_cost", "unit cost, weighted average", Unit.EUR_EXCL, required=False
        ),
        integer("minimum", "minimum that triggers an order", Unit.BOXES, required=False),
        date("nearest_expiry", "first expiry date on the shelf", required=False),
        text("location", "where it stands", required=False),
    ),
)

FEEDS = {feed.name: feed for feed in (SALES, PURCHASES, STOCK)}
