"""What the balance sheet of a pharmacy says: stock, credit given and taken, debt, in euros and days."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from galien.kernel.french import fold
from galien.model.accounts import ZERO, AccountTotal, Ledger, total

STOCK, SUPPLIERS, CLIENTS, DOUBTFUL, PROVISIONS = "37", "40", "41", "416", "491"
CASH, BORROWINGS, GOODWILL = ("51", "53"), "16", "207"
# The working capital of trade: stock, and what trade, social bodies and tax offices owe or are owed.
WORKING_CAPITAL = ("3", "40", "41", "43", "44")
DEDUCTIBLE_VAT, COLLECTED_VAT = "44566", "4457"
THIRD_PARTY = re.compile(
    r"tiers.?payant|\bc\.?p\.?a\.?m|caisse|mutuelle|\bmsa\b|secu|\bro\b|\brc\b|assurance maladie"
)
ACQUISITION = re.compile(r"\bfonds\b|acquisition|rachat|achat officine")
RATES = {
    "2_1": re.compile(r"(?<![\d,.])2[,.]10?\b"),
    "5_5": re.compile(r"(?<![\d,.])5[,.]50?\b"),
    "10": re.compile(r"(?<![\d,.])10([,.]0+)?\s?%|(?<![\d,.])10\b"),
    "20": re.compile(r"(?<![\d,.])20([,.]0+)?\s?%|(?<![\d,.])20\b"),
}
Amount = Decimal | None


@dataclass(frozen=True)
class Side:
    """An item of the balance sheet at both ends of the year, in euros."""

    opening: Decimal
    closing: Decimal

    @property
    def mean(self) -> Decimal:
        """Return the mean of the two ends."""
        return (self.opening + self.closing) / 2


@dataclass(frozen=True)
class Balance:
    """The items used by references and warnings, debts and assets both positive, in euros.

    None where the ledger has no such account; `stock_by_rate` holds the rates that stock accounts
    name. `days` is the length of the year.
    """

    days: int
    stock: Side | None = None
    stock_by_rate: Mapping[str, Side] | None = None
    suppliers: Amount = None
    clients: Amount = None
    third_party: Amount = None
    doubtful: Amount = None
    provisions: Decimal = ZERO
    working_capital: Amount = None
    cash: Amount = None
    debt: Amount = None
    acquisition_debt: Decimal = ZERO
    goodwill: Amount = None
    deductible_vat: Amount = None
    collected_vat: Amount = None
    investment: Amount = None


def balance_of(ledger: Ledger) -> Balance:
    """Read the items of a year from its accounts; what has no account is unknown, not nil."""
    return Balance(
        days=(ledger.last_day - ledger.first_day).days + 1,
        stock=_side(ledger, lambda each: each.account.startswith(STOCK)),
        stock_by_rate=_stock_by_rate(ledger),
        suppliers=_owed(ledger, SUPPLIERS),
        clients=_owned(ledger, CLIENTS),
        third_party=_named(ledger, ("41", "46"), THIRD_PARTY),
        doubtful=_owned(ledger, DOUBTFUL),
        provisions=-ledger.balance(PROVISIONS),
        working_capital=_owned(ledger, *WORKING_CAPITAL),
        cash=_owned(ledger, *CASH),
        debt=_owed(ledger, BORROWINGS),
        acquisition_debt=-(_named(ledger, (BORROWINGS,), ACQUISITION) or ZERO),
        goodwill=_owned(ledger, GOODWILL),
        deductible_vat=_moved(ledger, DEDUCTIBLE_VAT, debit=True),
        collected_vat=_moved(ledger, COLLECTED_VAT, debit=False),
        investment=_invested(ledger),
    )


def rate_named(label: str) -> str | None:
    """Read the VAT rate that an account's label names: `2_1`, `5_5`, `10`, `20`, or None.

    >>> rate_named("Stock marchandises 2,10 %"), rate_named("Stock 20%"), rate_named("Stock")
    ('2_1', '20', None)
    """
    return next((rate for rate, shape in RATES.items() if shape.search(label)), None)


def days_of(amount: Amount, flow: Amount, days: int) -> Amount:
    """Turn an amount into days of a flow of the year: amount × days ÷ flow.

    >>> days_of(Decimal(100), Decimal(3650), 365)
    Decimal('10')
    """
    return None if amount is None or not flow else amount * days / flow


def _side(ledger: Ledger, kept: Callable[[AccountTotal], bool]) -> Side | None:
    found = [each for each in ledger.accounts if kept(each)]
    if not found:
        return None
    return Side(total(each.opening for each in found), total(each.balance for each in found))


def _stock_by_rate(ledger: Ledger) -> dict[str, Side]:
    found = {}
    for rate in RATES:
        side = _side(
            ledger,
            lambda each, rate=rate: (  # type: ignore[misc]
                each.account.startswith(STOCK) and rate_named(each.label) == rate
            ),
        )
        if side is not None:
            found[rate] = side
    return found


def _owned(ledger: Ledger, *prefixes: str) -> Amount:
    return ledger.balance(*prefixes) if any(ledger.under(*prefixes)) else None


def _owed(ledger: Ledger, prefix: str) -> Amount:
    found = _owned(ledger, prefix)
    return None if found is None else -found


def _named(ledger: Ledger, prefixes: tuple[str, ...], shape: re.Pattern[str]) -> Amount:
    found = [each.balance for each in ledger.under(*prefixes) if shape.search(fold(each.label))]
    return total(found) if found else None


def _moved(ledger: Ledger, prefix: str, *, debit: bool) -> Amount:
    """Return what the year wrote to one side, the opening left out."""
    found = [
        each.debit - each.opening_debit if debit else each.credit - each.opening_credit
        for each in ledger.under(prefix)
    ]
    return total(found) if found else None


def _invested(ledger: Ledger) -> Amount:
    """Return what was bought of equipment and software: goodwill and holdings are left out."""
    found = [
        each.debit - each.opening_debit
        for each in ledger.under("20", "21")
        if not each.account.startswith(GOODWILL)
    ]
    return total(found) if found else None
