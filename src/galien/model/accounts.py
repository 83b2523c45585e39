"""A firm's ledger as Galien keeps it: one total per account and year, nobody's name below that."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal(0)

# The right to read accounts, granted beside those on feeds.
ACCOUNTS = "accounts"


@dataclass(frozen=True)
class AccountTotal:
    """What a year wrote to an account, in euros: all its debits and credits, opening included.

    `opening_debit` and `opening_credit` are the part that the opening journal brought forward.
    """

    account: str
    label: str
    debit: Decimal
    credit: Decimal
    opening_debit: Decimal = ZERO
    opening_credit: Decimal = ZERO

    @property
    def balance(self) -> Decimal:
        """Return debits less credits: what the account owes (charges and assets are positive).

        >>> AccountTotal("707000", "Ventes", Decimal(5), Decimal("105.50")).balance
        Decimal('-100.50')
        """
        return self.debit - self.credit

    @property
    def opening(self) -> Decimal:
        """Return debits less credits brought forward from the year before."""
        return self.opening_debit - self.opening_credit


@dataclass(frozen=True)
class Ledger:
    """The accounts of a firm over a year of accounts, from their first day to their last.

    `siren` is empty when the file does not say it; accounts are in the order of their numbers.
    """

    siren: str
    first_day: dt.date
    last_day: dt.date
    accounts: tuple[AccountTotal, ...]

    @property
    def months(self) -> int:
        """Return the length of the year of accounts in months, a started month counting as one.

        >>> Ledger("", dt.date(2017, 2, 1), dt.date(2018, 1, 31), ()).months
        12
        """
        first, last = self.first_day, self.last_day
        return (last.year - first.year) * 12 + last.month - first.month + 1

    def under(self, *prefixes: str) -> Iterator[AccountTotal]:
        """Yield the accounts whose number begins with one of the prefixes."""
        return (each for each in self.accounts if each.account.startswith(prefixes))

    def balance(self, *prefixes: str) -> Decimal:
        """Sum the balances (debits less credits, euros) of the accounts under the prefixes."""
        return total(each.balance for each in self.under(*prefixes))

    def opening(self, *prefixes: str) -> Decimal:
        """Sum the opening balances (debits less credits, euros) under the prefixes."""
        return total(each.opening for each in self.under(*prefixes))


def total(amounts: Iterable[Decimal]) -> Decimal:
    """Sum amounts in euros, exactly.

    >>> total([Decimal("0.10"), Decimal("0.20")])
    Decimal('0.30')
    """
    return sum(amounts, ZERO)
