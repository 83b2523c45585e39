"""The tables that questions are answered from: grain, columns, and which is the coarsest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from galien.kernel.period import Period
from galien.model.enums import (
    COUNTER_TYPES,
    PRESCRIPTION_TYPES,
    RESALE_TYPES,
    SALE_TYPES,
    sale_type_mask,
)


class Source(StrEnum):
    """A family of tables that hold the same rows at several grains."""

    SALES = "sales"
    PURCHASES = "purchases"
    STOCK = "stock"
    TRAFFIC = "traffic"
    VISITS = "visits"


FEED_OF = {
    Source.SALES: "sales",
    Source.PURCHASES: "purchases",
    Source.STOCK: "stock",
    Source.TRAFFIC: "sales",
    Source.VISITS: "sales",
}


@dataclass(frozen=True)
class Table:
    """A table of the release: what it can be cut by, and the SQL of each column that adds up.

    `keys` are its grain; `day` names its day column, when it keeps days. `cost` orders tables of
    the same size. `only_for` is the key without which a table is not to be used. `last_day` marks
    states, read at the last day of each pharmacy instead of being added up over time. `of_runs` marks
    a table that keeps whole months added up, run by run, in place of each month.
    """

    name: str
    source: Source
    keys: frozenset[str]
    columns: dict[str, str] = field(hash=False)
    cost: int
    day: str | None = None
    only_for: str | None = None
    last_day: bool = False
    of_runs: bool = False

    @property
    def time(self) -> str:
        """Return the column that bounds a period: the day when it has one, else the month."""
        return self.day or "month"

    def key(self, name: str) -> str:
        """Return the SQL of a key; the day column has its own name in some tables."""
        return f"s.{self.day}" if name == "day" and self.day else f"s.{name}"


@dataclass(frozen=True)
class Holdings:
    """What a release has: the rows of each table, and the runs of whole months it keeps added up.

    `months` counts those its tables span, 0 when it is not known.
    """

    sizes: Mapping[str, int]
    runs: tuple[Period, ...] = ()
    months: int = 0

    def share(self, period: Period) -> float:
        """Return the share of the months of the release that a period touches.

        >>> from datetime import date
        >>> year = Period(date(2026, 1, 1), date(2026, 12, 31))
        >>> Holdings({}, months=25).share(year), Holdings({}).share(year)
        (0.48, 1.0)
        """
        if not self.months:
            return 1.0
        first, last = period.first, period.last
        touched = (last.year - first.year) * 12 + last.month - first.month + 1
        return min(1.0, touched / self.months)


def _plain(*names: str) -> dict[str, str]:
    return {name: f"s.{name}" for name in names}


def _keys(*names: str) -> frozenset[str]:
    return frozenset(names)


def _counted(kind: str, condition: str) -> str:
    return f"case when s.kind = '{kind}' and {condition} then s.count end"


_PRESCRIPTION = sale_type_mask(*PRESCRIPTION_TYPES)
_COUNTER = sale_type_mask(*COUNTER_TYPES)
_RESALE = sale_type_mask(*RESALE_TYPES)
_REST = sale_type_mask(*SALE_TYPES) - _PRESCRIPTION - _COUNTER - _RESALE
_SALES = _plain(
    "quantity", "returned_quantity", "lines", "uncosted_lines", "gross_incl", "discount_incl",
    "net_incl", "net_excl", "vat_amount", "cost_excl", "fee_incl", "fee_excl",
)  # fmt: skip
_QUOTED = {
    "prescription_gross": PRESCRIPTION_TYPES,
    "counter_gross": COUNTER_TYPES,
    "activity_gross": tuple(name for name in SALE_TYPES if name not in RESALE_TYPES),
}
# Amounts by way of selling, in the tables that know it.
_TYPED = _SALES | {
    name: "case when s.sale_type in ({}) then s.gross_incl end".format(
        ", ".join(f"'{each}'" for each in types)
    )
    for name, types in _QUOTED.items()
}
_OPERATOR = _plain("quantity", "lines", "net_incl", "net_excl", "cost_excl", "fee_incl", "fee_excl")
_AFTER_INVOICE = _plain("cash_discount", "rebate", "cooperation")
_BELOW_INVOICE = _plain("free_amount") | _AFTER_INVOICE
_PURCHASES = _BELOW_INVOICE | _plain(
    "ordered_quantity", "delivered_quantity", "free_quantity", "list_amount", "net_amount", "lines"
)
_BOXES_BOUGHT = _plain("ordered_quantity", "delivered_quantity", "free_quantity")
_PURCHASE_LINES = (_BOXES_BOUGHT | _BELOW_INVOICE) | {
    "list_amount": "s.list_amount_excl",
    "net_amount": "s.net_amount_excl",
    "lines": "1",
}

TABLES: tuple[Table, ...] = (
    Table("sales_group_month", Source.SALES, _keys("month", "product_id"), _SALES, cost=1),
    Table(
        "sales_group_month_type",
        Source.SALES,
        _keys("month", "product_id", "sale_type", "vat_rate"),
        _TYPED,
        cost=2,
    ),
    Table(
        "sales_day_pharmacy",
        Source.SALES,
        _keys("day", "month", "pharmacy_id", "sale_type", "vat_rate"),
        _TYPED,
        cost=3,
        day="day",
    ),
    Table("sales_month", Source.SALES, _keys("month", "pharmacy_id", "product_id"), _SALES, cost=4),
    Table(
        "sales_month_type",
        Source.SALES,
        _keys("month", "pharmacy_id", "product_id", "sale_type", "vat_rate"),
        _TYPED,
        cost=5,
    ),
    Table(
        "sales_day",
        Source.SALES,
        _keys("day", "month", "pharmacy_id", "product_id", "sale_type", "vat_rate", "campaign"),
        _TYPED,
        cost=6,
        day="day",
    ),
    Table(
        "operator_month",
        Source.SALES,
        _keys("month", "pharmacy_id", "operator", "band"),
        _OPERATOR,
        cost=8,
        only_for="operator",
    ),
    Table(
        "traffic_day",
        Source.SALES,
        _keys("day", "month", "pharmacy_id", "band", "sale_type"),
        _plain("net_incl", "net_excl"),
        cost=7,
        day="day",
        only_for="band",
    ),
    Table(
        "traffic_day",
        Source.TRAFFIC,
        _keys("day", "month", "pharmacy_id", "band", "sale_type"),
        _plain("lines", "net_incl", "net_excl"),
        cost=1,
        day="day",
    ),
    Table(
        "visit_day",
        Source.VISITS,
        _keys("day", "month", "pharmacy_id", "band", "sale_type"),
        {
            "visits": "case when s.kind = 'visit' then s.count end",
            "invoices": "case when s.kind = 'invoice' then s.count end",
            "prescription_invoices": _counted("invoice", f"(s.sale_types & {_PRESCRIPTION}) <> 0"),
            "counter_invoices": _counted("invoice", f"(s.sale_types & {_COUNTER}) <> 0"),
            "other_invoices": _counted("invoice", f"(s.sale_types & {_REST}) <> 0"),
            "clients": _counted("visit", f"s.sale_types <> {_RESALE}"),
            "mixed_visits": _counted(
                "visit",
                f"(s.sale_types & {_PRESCRIPTION}) <> 0 and (s.sale_types & {_COUNTER}) <> 0",
            ),
        },
        cost=1,
        day="day",
    ),
    Table(
        "purchases_product_month",
        Source.PURCHASES,
        _keys("month", "product_id"),
        _PURCHASES,
        cost=1,
    ),
    Table(
        "purchases_day_pharmacy",
        Source.PURCHASES,
        _keys("day", "month", "pharmacy_id", "supplier", "channel", "vat_rate"),
        _PURCHASES,
        cost=2,
        day="day",
    ),
    Table(
        "purchases_group_month",
        Source.PURCHASES,
        _keys("month", "product_id", "supplier", "channel", "vat_rate"),
        _PURCHASES,
        cost=3,
    ),
    Table(
        "purchases_month",
        Source.PURCHASES,
        _keys("month", "pharmacy_id", "product_id", "supplier", "channel", "vat_rate"),
        _PURCHASES,
        cost=4,
    ),
    Table(
        "purchase_line",
        Source.PURCHASES,
        _keys("day", "month", "pharmacy_id", "product_id", "supplier", "channel", "vat_rate"),
        _PURCHASE_LINES,
        cost=5,
        day="day",
    ),
    Table(
        "purchase_step",
        Source.PURCHASES,
        _keys(
            "day",
            "month",
            "pharmacy_id",
            "product_id",
            "supplier",
            "channel",
            "vat_rate",
            "clause",
            "step_source",
        ),
        _AFTER_INVOICE,
        cost=6,
        day="day",
        only_for="clause",
    ),
    Table(
        "stock_level",
        Source.STOCK,
        _keys("day", "month", "pharmacy_id", "product_id", "location"),
        {"quantity": "s.quantity", "stock_value": "s.quantity * s.weighted_average_cost"},
        cost=1,
        day="on_date",
        last_day=True,
    ),
)

# By the monthly table they add up, the tables of runs of whole months: those people ask most.
RUN_TABLES: dict[str, Table] = {
    table.name: replace(
        table,
        name=table.name.removesuffix("month") + "run",
        keys=table.keys - {"month"},
        of_runs=True,
    )
    for table in TABLES
    if table.name
    in {
        "sales_month",
        "sales_group_month",
        "purchases_month",
        "purchases_group_month",
        "purchases_product_month",
    }
}

# What compares ways of selling is of a whole activity: it is not cut by way of selling.
OF_ALL_WAYS = frozenset(
    {*_QUOTED, "prescription_invoices", "counter_invoices", "other_invoices", "clients"}
)
WAYS = frozenset({"sale_type", "prescription_or_counter"})

_INTEGERS = frozenset(
    {
        "quantity", "returned_quantity", "lines", "uncosted_lines", "ordered_quantity",
        "delivered_quantity", "free_quantity", "visits", "invoices", "mixed_visits",
        "prescription_invoices", "counter_invoices", "other_invoices", "clients",
    }
)  # fmt: skip

_FINE = frozenset({"fee_excl"})


def folded_type(column: str) -> str:
    """Return the SQL type that sums of a column are brought to: exact, in both engines.

    Eighteen digits are a machine word in both: enough for amounts, kept to a hundredth of a cent, up to a
    hundred thousand billion euros; fees are kept to eight decimals.

    >>> folded_type("quantity"), folded_type("net_excl"), folded_type("fee_excl")
    ('bigint', 'decimal(18, 4)', 'decimal(28, 8)')
    """
    if column in _INTEGERS:
        return "bigint"
    return "decimal(28, 8)" if column in _FINE else "decimal(18, 4)"


def columns_of(source: Source) -> frozenset[str]:
    """Return every column that some table of a source can add up."""
    return frozenset(name for table in TABLES if table.source is source for name in table.columns)


def tables_of(source: Source) -> tuple[Table, ...]:
    """Return the tables of a source, coarsest first."""
    return tuple(sorted((t for t in TABLES if t.source is source), key=lambda table: table.cost))
