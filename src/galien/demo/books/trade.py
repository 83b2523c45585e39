"""What the published files say of a pharmacy's months: sales, fees, purchases and stock, excl. tax."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from galien.analytics.question import UNKNOWN, Filter, Question
from galien.model.accounts import ZERO
from galien.model.viewer import WORKSPACE_VIEWER
from galien.usecases.ask import ask
from galien.usecases.services import Services

RESALE = Filter("sale_type", ("resale",))
RENTAL = Filter("sale_type", ("rental_third_party", "rental"))
GOODS = Filter("sale_type", ("resale", "rental_third_party", "rental"), exclude=True)


@dataclass
class MonthTrade:
    """A pharmacy's month in euros excl. tax: by VAT rate what it sold, rented and bought, fees apart.

    `resales` are sales to colleagues; `stock` is the value on the last day.
    """

    sales: dict[Decimal, Decimal] = field(default_factory=dict)
    rentals: dict[Decimal, Decimal] = field(default_factory=dict)
    fees: dict[Decimal, Decimal] = field(default_factory=dict)
    resales: Decimal = ZERO
    purchases: dict[Decimal, Decimal] = field(default_factory=dict)
    stock: Decimal = ZERO

    def scaled(self, by: Decimal) -> MonthTrade:
        """Return the same month, every amount multiplied."""
        return MonthTrade(
            _scaled(self.sales, by),
            _scaled(self.rentals, by),
            _scaled(self.fees, by),
            self.resales * by,
            _scaled(self.purchases, by),
            self.stock * by,
        )


# The field of a month, the subject and measure that give it, and the sales it is about.
BY_RATE = (
    ("sales", "sales", "sales_excl", GOODS),
    ("rentals", "sales", "sales_excl", RENTAL),
    ("fees", "sales", "fee_excl"),
    ("purchases", "purchases", "net_amount"),
)
WHOLE = (("resales", "sales", "sales_excl", RESALE), ("stock", "stock", "stock_value"))


def _scaled(amounts: dict[Decimal, Decimal], by: Decimal) -> dict[Decimal, Decimal]:
    return {rate: amount * by for rate, amount in amounts.items()}


Trade = dict[str, dict[dt.date, MonthTrade]]


def read_trade(services: Services, first: dt.date, last: dt.date) -> Trade:
    """Ask for the months of every pharmacy between two days: its trade by FINESS and first of month."""
    trade: Trade = defaultdict(lambda: defaultdict(MonthTrade))
    ask_months = _Months(services, f"{first}..{last}")
    for rate in ask_months.rates():
        with_rate = Filter("vat_rate", (rate,))
        for name, subject, measure, *where in BY_RATE:
            for pharmacy, month, amount in ask_months(subject, measure, with_rate, *where):
                getattr(trade[pharmacy][month], name)[Decimal(rate)] = amount
    for name, subject, measure, *where in WHOLE:
        for pharmacy, month, amount in ask_months(subject, measure, *where):
            setattr(trade[pharmacy][month], name, amount)
    return trade


@dataclass(frozen=True)
class _Months:
    services: Services
    period: str

    def __call__(
        self, subject: str, measure: str, *where: Filter
    ) -> Iterator[tuple[str, dt.date, Decimal]]:
        by = ("pharmacy", "month")
        question = Question(subject, (measure,), by, self.period, compare="none", where=where)
        table = ask(question, WORKSPACE_VIEWER, services=self.services).table
        columns = (table.column(name).to_pylist() for name in (*by, measure))
        for pharmacy, month, amount in zip(*columns, strict=True):
            yield str(pharmacy), dt.date.fromisoformat(f"{month}-01"), Decimal(amount or 0)

    def rates(self) -> list[str]:
        question = Question("sales", ("sales_excl",), ("vat_rate",), self.period, compare="none")
        keys = ask(question, WORKSPACE_VIEWER, services=self.services).table.column("vat_rate")
        return sorted(str(key) for key in keys.to_pylist() if key != UNKNOWN)
