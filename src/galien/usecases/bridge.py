"""From till to accounts: the sale lines of a year of accounts beside its ledger, gaps named."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from galien.analytics.answer import Answer
from galien.analytics.question import Filter
from galien.calculators.accounting.bridge import (
    Booked,
    Bridge,
    Supply,
    Till,
    margin_bridge,
    turnover_bridge,
)
from galien.calculators.accounting.margins import Margins, SaleResult
from galien.calculators.accounting.statement import Statement
from galien.kernel import french
from galien.kernel.errors import GalienError, NotAllowed, NotAvailable
from galien.kernel.period import Period
from galien.model.accounts import Ledger, total
from galien.model.viewer import Viewer
from galien.usecases import accounts
from galien.usecases.pay.book import price_book, stretches
from galien.usecases.pay.sold import Asking
from galien.usecases.services import Services

GOODS = ("prescription_third_party", "prescription_cash", "counter", "commercial")
RENTALS = ("rental_third_party", "rental")
RESALES = ("resale",)
LOWEST_RATE = Decimal("0.021")
DEAR_FROM = Decimal(150)
GENERICS = ("generic", "substitutable")
COSTS = ("external_charges", "taxes", "staff_costs", "depreciation")
TYPED_TILL = ("till_goods", "till_rentals")
_BREAKAGE = re.compile(r"\b(casse|perim|perime|demarque|perte)", re.IGNORECASE)
_ZERO = Decimal(0)


@dataclass(frozen=True)
class Parts:
    """Sales at 2,1 % in euros excl. tax: originators up to and over 150 € ex-factory, generics, others.

    `unpriced` has no known ex-factory price on the day it was sold.
    """

    originators: Decimal = _ZERO
    dear: Decimal = _ZERO
    generics: Decimal = _ZERO
    unpriced: Decimal = _ZERO

    @property
    def total(self) -> Decimal:
        """Return all sales at 2,1 %."""
        return self.originators + self.dear + self.generics + self.unpriced


@dataclass(frozen=True)
class BridgeReport:
    """Both bridges of a year, the turnover read without resales and cooperation, and notes.

    A bridge is None when the till is neither in the facts nor typed.
    """

    statement: Statement
    turnover: Bridge | None
    margin: Bridge | None
    margins: Margins
    cooperation: Decimal
    parts: Parts | None
    by_type: tuple[SaleResult, ...]
    release: str
    notes: tuple[str, ...]


def bridge(
    viewer: Viewer,
    pharmacy: str,
    last_day: dt.date,
    *,
    services: Services,
    typed: Mapping[str, Decimal],
) -> BridgeReport:
    """Compare a year of accounts with the sale lines of the same days.

    `typed` holds what the data cannot give, in euros: gaps by code, and `till_goods` and
    `till_rentals` where the till is not in the facts. NotAllowed when the year is not the viewer's.
    """
    statement = accounts.statement_of(viewer, pharmacy, last_day)
    ledger = accounts.ledger_of(viewer, pharmacy, last_day)
    days = Period(statement.first_day, statement.last_day)
    asking = Asking(viewer, services, (pharmacy,), "sale_type")
    notes: list[str] = []
    sales = _sales(asking, days, notes)
    till = _till(sales, typed)
    booked = _booked(statement, ledger)
    supply = _supply(replace(asking, by=None), days) if sales else Supply()
    return BridgeReport(
        statement=statement,
        turnover=turnover_bridge(till, booked, typed) if till else None,
        margin=margin_bridge(till, booked, supply, typed) if till else None,
        margins=margins_of(statement),
        cooperation=statement.amount("production_cooperation"),
        parts=_parts(replace(asking, by="pharmacy"), days, notes) if sales else None,
        by_type=_by_type(asking, days, statement) if sales else (),
        release=sales.meta.release if sales else "",
        notes=tuple(notes),
    )


def margins_of(statement: Statement) -> Margins:
    """Return the margins of a year by their definitions, fees being in sales or services already."""
    amount = statement.amount
    return Margins(
        goods_sold=amount("goods_sold"),
        goods_purchased=amount("goods_purchased"),
        stock_change=amount("stock_change"),
        services_sold=amount("production"),
        resales=amount("production_resales"),
        external_charges=amount("external_charges"),
        selling_costs=amount("staff_costs") + amount("depreciation") + amount("external_charges"),
    )


def _sales(asking: Asking, days: Period, notes: list[str]) -> Answer | None:
    """Ask the sale lines of the year by type and rate; None, with a note, without any."""
    try:
        answer = asking.ask(
            "sales",
            ("sales_excl", "sales_incl", "fee_excl", "adjusted_margin"),
            days,
            also="vat_rate",
        )
    except (NotAllowed, NotAvailable) as error:
        notes.append(f"Ventes de la caisse non lues : {error.message}")
        return None
    if not answer.meta.rows:
        notes.append(
            "Aucune ligne de vente de ces jours dans la publication : saisissez le chiffre de la "
            "caisse, ou chargez les ventes de l’exercice."
        )
        return None
    notes += answer.state.notes
    return answer


def _till(sales: Answer | None, typed: Mapping[str, Decimal]) -> Till | None:
    """Return the till of the facts; what was typed stands in the place of goods and rentals."""
    if sales is None:
        if "till_goods" not in typed:
            return None
        return Till(typed["till_goods"], typed.get("till_rentals", _ZERO))
    rows = sales.table.to_pylist()
    sold = [row for row in rows if row["sale_type"] in (*GOODS, *RENTALS)]
    goods = [row for row in sold if row["sale_type"] in GOODS]
    excl = total(row["sales_excl"] for row in sold)
    cost = total(row["sales_excl"] + row["fee_excl"] - row["adjusted_margin"] for row in sold)
    found = Till(
        goods=total(row["sales_excl"] for row in goods),
        rentals=excl - total(row["sales_excl"] for row in goods),
        resales=total(row["sales_excl"] for row in rows if row["sale_type"] in RESALES),
        fees=total(row["fee_excl"] for row in sold),
        from_incl=total(row["sales_incl"] / (1 + Decimal(row["vat_rate"])) for row in sold),
        cost=cost,
    )
    if not set(TYPED_TILL) & set(typed):
        return found
    return replace(
        found,
        goods=typed.get("till_goods", found.goods),
        rentals=typed.get("till_rentals", found.rentals),
        from_incl=None,
    )


def _booked(statement: Statement, ledger: Ledger) -> Booked:
    amount = statement.amount
    breakage = total(
        each.balance for each in ledger.under("607") if _BREAKAGE.search(french.fold(each.label))
    )
    rebates = amount("purchase_rebates")
    return Booked(
        goods_sold=amount("goods_sold"),
        rentals=amount("production_rentals"),
        resales=amount("production_resales"),
        fees=amount("production_fees"),
        rebates=amount("sales_rebates"),
        purchases=amount("goods_purchased") - rebates - breakage,
        purchase_rebates=rebates,
        breakage=breakage,
        stock_change=amount("stock_change"),
    )


def _supply(asking: Asking, days: Period) -> Supply:
    """Read what was delivered, and the counts at both ends; None where nothing was sent."""
    delivered = _measure(asking, "purchases", "net_amount", days)
    eve = days.first - dt.timedelta(days=1)
    opening = _measure(asking, "stock", "stock_value", Period(eve.replace(day=1), eve))
    closing = _measure(asking, "stock", "stock_value", Period(days.last.replace(day=1), days.last))
    known = opening is not None and closing is not None
    return Supply(delivered, (opening or _ZERO) - (closing or _ZERO) if known else None)


def _measure(asking: Asking, subject: str, measure: str, days: Period) -> Decimal | None:
    try:
        found = asking.ask(subject, (measure,), days).totals[measure]
    except GalienError:
        return None
    return Decimal(str(found)) if found else None


def _parts(asking: Asking, days: Period, notes: list[str]) -> Parts | None:
    """Split sales at 2,1 % by the place and the ex-factory price each product had when sold."""
    services = asking.services
    try:
        book = price_book(services)
    except NotAvailable as error:
        notes.append(error.message)
        return None
    at_lowest = (Filter("vat_rate", ("0.021",)), Filter("sale_type", GOODS))
    found: dict[str, Decimal] = {}
    for stretch in stretches(days, book, (), ()):
        priced = book.on(stretch.first)
        answer = asking.ask("sales", ("sales_excl",), stretch, *at_lowest, also="product")
        for code, amount in _pairs(answer):
            each = priced.get(code)
            part = "unpriced"
            if each is not None and each.medicine.status in GENERICS:
                part = "generics"
            elif each is not None:
                part = "dear" if each.medicine.ex_factory_price > DEAR_FROM else "originators"
            found[part] = found.get(part, _ZERO) + amount
    return Parts(**found)


def _by_type(asking: Asking, days: Period, statement: Statement) -> tuple[SaleResult, ...]:
    """Return margin and cost a sale, on prescription and at the counter.

    A sale is an invoice; its cost is that of the year's external charges, taxes, staff and
    depreciation, the same for every invoice.
    """
    by = replace(asking, by="prescription_or_counter")
    margins = by.ask("sales", ("adjusted_margin",), days).table.to_pylist()
    counted = by.ask("traffic", ("invoices",), days).table.to_pylist()
    invoices = {row["prescription_or_counter"]: int(row["invoices"]) for row in counted}
    every = sum(invoices.values())
    spent = total(statement.amount(code) for code in COSTS)
    each = spent / every if every and spent else None
    earned = {row["prescription_or_counter"]: row["adjusted_margin"] for row in margins}
    return tuple(
        SaleResult(kind, invoices[kind], earned.get(kind, _ZERO), each)
        for kind in ("prescription", "counter")
        if invoices.get(kind)
    )


def _pairs(answer: Answer) -> Iterable[tuple[str, Decimal]]:
    columns = (answer.table.column(name).to_pylist() for name in ("product", "sales_excl"))
    return zip(*columns, strict=True)
