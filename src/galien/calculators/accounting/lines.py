"""The lines of the management balances: what each is made of, and which way it counts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Side(IntEnum):
    """Which way an account counts on a line: a charge by its debits, an income by its credits."""

    DEBIT = 1
    CREDIT = -1


@dataclass(frozen=True)
class Line:
    """A line: its code, its side, what it adds and takes off, and the details inside it.

    The accounts that rules send to the line itself are added to `plus` and `minus`.
    """

    code: str
    side: Side = Side.CREDIT
    plus: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()
    details: tuple[str, ...] = ()


RATES = ("2_1", "5_5", "10", "20", "exempt", "other")
PURCHASES = (*(f"goods_purchased_{rate}" for rate in RATES), "purchase_rebates")
SALES = (*(f"goods_sold_{rate}" for rate in RATES), "sales_rebates")
SERVICES = tuple(
    f"production_{name}"
    for name in (
        "fees", "public_health", "duty", "objectives", "rentals", "cooperation", "other", "resales",
    )
)  # fmt: skip
SUBSIDIES = tuple(f"subsidies_{name}" for name in ("objectives", "duty", "public_health", "other"))
STAFF = ("salaries", "social_charges", "staff_reimbursements", "owner_costs")

LINES: tuple[Line, ...] = (
    Line("goods_sold", details=SALES),
    Line("goods_purchased", Side.DEBIT, details=PURCHASES),
    Line("stock_change", Side.DEBIT),
    Line("cost_of_goods_sold", Side.DEBIT, plus=("goods_purchased", "stock_change")),
    Line("commercial_margin", plus=("goods_sold",), minus=("cost_of_goods_sold",)),
    Line("production", details=SERVICES),
    Line("turnover", plus=("goods_sold", "production")),
    Line("global_gross_margin", plus=("commercial_margin", "production")),
    Line("external_charges", Side.DEBIT),
    Line("value_added", plus=("global_gross_margin",), minus=("external_charges",)),
    Line("taxes", Side.DEBIT),
    Line("staff_costs", Side.DEBIT, details=STAFF),
    Line("ebe", plus=("value_added",), minus=("taxes", "staff_costs"), details=SUBSIDIES),
    Line("other_operating_income", details=("insurance_indemnities",)),
    Line("other_operating_charges", Side.DEBIT),
    Line("depreciation", Side.DEBIT),
    Line(
        "operating_result",
        plus=("ebe", "other_operating_income"),
        minus=("other_operating_charges", "depreciation"),
    ),
    Line("financial_income"),
    Line("financial_charges", Side.DEBIT),
    Line("financial_result", plus=("financial_income",), minus=("financial_charges",)),
    Line("current_result", plus=("operating_result", "financial_result")),
    Line("exceptional_income"),
    Line("exceptional_charges", Side.DEBIT),
    Line("exceptional_result", plus=("exceptional_income",), minus=("exceptional_charges",)),
    Line("income_tax", Side.DEBIT),
    Line("net_result", plus=("current_result", "exceptional_result"), minus=("income_tax",)),
    Line("owner_costs", Side.DEBIT),
    Line("ebe_restated", plus=("ebe", "owner_costs")),
)
BY_CODE = {line.code: line for line in LINES}
CODES = tuple(BY_CODE)
PARENT = {detail: line.code for line in LINES for detail in line.details}

# Sums of other lines: no account goes there of itself.
SUMS = frozenset(line.code for line in LINES if line.plus) - {"ebe"}
THEMES = ("objective_payments", "duty_payments", "public_health_payments")


def destinations() -> tuple[str, ...]:
    """Return the lines and details an account may go to, in the order of the statement.

    >>> "goods_purchased" in destinations(), "net_result" in destinations()
    (True, False)
    """
    found: list[str] = []
    for line in LINES:
        if line.code not in SUMS:
            found += [line.code, *line.details]
    return tuple(dict.fromkeys(found))


def side_of(code: str) -> Side:
    """Return which way an account counts on a line or a detail."""
    return BY_CODE[PARENT.get(code, code)].side
