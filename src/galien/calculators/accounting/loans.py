"""Loans of an acquisition, year by year: repaid by equal monthly payments, or at the end."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from galien.kernel.errors import InvalidInput

ZERO, ONE = Decimal(0), Decimal(1)
MONTHS = 12


@dataclass(frozen=True)
class Loan:
    """A loan: euros, yearly rate (a ratio, paid by twelfths), years; `bullet`: repaid at the end."""

    amount: Decimal
    rate: Decimal
    years: int
    bullet: bool = False

    def __post_init__(self) -> None:
        if self.amount < 0 or self.rate < 0 or self.years < 1:
            raise InvalidInput(
                "Prêt impossible : il faut un montant et un taux positifs et au moins une année."
            )


@dataclass(frozen=True)
class LoanYear:
    """A year of a loan, in euros: interest and capital paid, capital still owed at its end."""

    interest: Decimal
    principal: Decimal
    balance: Decimal

    @property
    def service(self) -> Decimal:
        """Return what the year pays."""
        return self.interest + self.principal


def monthly_payment(loan: Loan) -> Decimal:
    """Give the monthly payment of a loan repaid by equal payments, in euros, unrounded.

    Equation: amount × r ÷ (1 − (1 + r)^−n), r the rate ÷ 12, n the months; amount ÷ n at 0 %.

    >>> round(monthly_payment(Loan(Decimal(1000000), Decimal("0.03"), 12)), 2)
    Decimal('8277.87')
    """
    rate, months = loan.rate / MONTHS, loan.years * MONTHS
    if not rate:
        return loan.amount / months
    return loan.amount * rate / (ONE - (ONE + rate) ** -months)


def schedule(loan: Loan, years: int) -> tuple[LoanYear, ...]:
    """Give the years of a loan from its first one; nothing is left to pay after its end."""
    payment = monthly_payment(loan)
    balance, found = loan.amount, []
    for year in range(1, years + 1):
        interest = principal = ZERO
        for month in range(MONTHS if year <= loan.years else 0):
            due = balance * loan.rate / MONTHS
            last = year == loan.years and month == MONTHS - 1
            # The last payment clears what rounding of 28 digits leaves.
            paid = balance if last else ZERO if loan.bullet else payment - due
            interest, principal, balance = interest + due, principal + paid, balance - paid
        found.append(LoanYear(interest, principal, balance))
    return tuple(found)
