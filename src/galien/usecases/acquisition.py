"""What the accounts of a pharmacy say to who would buy it: its last year, and a plan to start from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from galien.calculators.accounting.acquisition import Flow
from galien.calculators.accounting.acquisition_flags import Seller
from galien.calculators.accounting.balance import balance_of
from galien.calculators.accounting.statement import Statement
from galien.calculators.accounting.valuation import Business, valuation
from galien.law import Law
from galien.model.enums import COUNTER_TYPES, PRESCRIPTION_TYPES
from galien.model.viewer import Viewer
from galien.records.models import ActivitySummary
from galien.usecases import accounts
from galien.usecases.activity import as_found, saved

ZERO = Decimal(0)


@dataclass(frozen=True)
class Starting:
    """The seller's year as a plan takes it; flows are None without an activity summary."""

    seller: Seller
    prescription: Flow | None
    counter: Flow | None
    services: Decimal
    taxes: Decimal
    depreciation: Decimal
    price: Decimal | None


def starting_from(viewer: Viewer, pharmacy: str, last_day: dt.date, *, law: Law) -> Starting:
    """Read the year a buyer starts from; NotAllowed when the viewer does not see it.

    Goods sold excl. tax are shared between prescriptions and counter as the activity's amounts
    incl. tax are; both take the margin rate of the accounts: the seller's last, no growth.
    """
    made = accounts.statement_of(viewer, pharmacy, last_day)
    stock = balance_of(accounts.ledger_of(viewer, pharmacy, last_day)).stock
    rate = made.rate("commercial_margin", "goods_sold")
    turnover = made.amount("turnover")
    seller = Seller(
        turnover=turnover,
        margin_rate=made.rate("global_gross_margin"),
        external=made.amount("external_charges"),
        staff=made.amount("staff_costs") - made.amount("owner_costs"),
        goods_purchased=made.amount("goods_purchased"),
        stock=stock.closing if stock else None,
        client_rebates=-made.amount("sales_rebates"),
        resales=made.amount("production_resales"),
    )
    flows = _flows(saved(viewer, pharmacy, last_day), made, rate)
    value = valuation(
        Business((turnover,), ebe_restated=made.amount("ebe_restated")), law, on=last_day
    )
    return Starting(
        seller,
        *flows,
        services=made.amount("production"),
        taxes=made.amount("taxes"),
        depreciation=made.amount("depreciation"),
        price=value.method("ebe_multiple").value,
    )


def _flows(
    summary: ActivitySummary | None, made: Statement, rate: Decimal | None
) -> tuple[Flow | None, Flow | None]:
    if summary is None or rate is None:
        return None, None
    activity = as_found(summary).activity
    amounts = [activity.gross(*types) for types in (PRESCRIPTION_TYPES, COUNTER_TYPES)]
    whole = sum(amounts, ZERO)
    found: list[Flow | None] = []
    for types, amount in zip((PRESCRIPTION_TYPES, COUNTER_TYPES), amounts, strict=True):
        invoices = activity.invoices(*types)
        sold = made.amount("goods_sold") * amount / whole if whole else ZERO
        found.append(Flow(Decimal(invoices), sold / invoices, rate) if invoices else None)
    return found[0], found[1]
