"""The company behind each invented pharmacy: its form, its closing day, how it spends and borrows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from galien.kernel.codes import luhn_ok
from galien.kernel.period import month_end, shift_months

# Closing months and how many pharmacies in twelve have each.
_CLOSINGS = (9, 12, 9, 6, 9, 12, 3, 9, 12, 9, 6, 3)


@dataclass(frozen=True)
class Firm:
    """A pharmacy's company. Ratios are of turnover excl. tax; euros a year.

    `company` tells a company whose manager is paid and whose profits bear corporate tax; else the
    owner is taxed on the profits and draws them. `awaiting` is what the till has not billed at closing.
    """

    finess: str
    siren: str
    closing_month: int
    company: bool
    staff: Decimal
    external: Decimal
    owner_pay: Decimal
    rent: Decimal
    cooperation: Decimal
    rebates: Decimal
    objectives: Decimal
    loan: Decimal
    loan_rate: Decimal
    goodwill: Decimal
    drawn: Decimal
    awaiting: Decimal

    def years(self, last_month: dt.date) -> list[tuple[dt.date, dt.date]]:
        """Return its last two closed years of accounts, first day and last, the earlier first.

        `last_month` is the first day of the last month known.
        """
        back = (last_month.month - self.closing_month) % 12
        closing = shift_months(last_month, -back)
        return [
            (shift_months(closing, months - 11), month_end(shift_months(closing, months)))
            for months in (-12, 0)
        ]


def make_firm(finess: str, rank: int, seed: int) -> Firm:
    """Draw the company of a pharmacy from its number: the same one for the same seed."""
    rng = np.random.default_rng([seed, int(finess), 11])

    def between(low: str, high: str, places: str = "0.0001") -> Decimal:
        span = Decimal(high) - Decimal(low)
        return (Decimal(low) + span * Decimal(str(rng.random()))).quantize(Decimal(places))

    return Firm(
        finess=finess,
        siren=_siren(rank),
        closing_month=_CLOSINGS[rank % len(_CLOSINGS)],
        company=rank % 3 != 2,
        staff=between("0.092", "0.128"),
        external=between("0.028", "0.040"),
        owner_pay=between("48000", "84000", "1"),
        rent=between("18000", "46000", "1"),
        cooperation=between("0.006", "0.014"),
        rebates=between("0.004", "0.011"),
        objectives=between("0.0015", "0.0035"),
        loan=between("0.10", "0.55"),
        loan_rate=between("0.012", "0.041"),
        goodwill=between("0.70", "0.92"),
        drawn=between("0.75", "1.00"),
        awaiting=between("-0.0015", "0.0045"),
    )


def _siren(rank: int) -> str:
    """Make a number that no register gives: nine digits beginning with 000, Luhn-correct."""
    body = f"000{rank + 1:05d}"
    return next(body + str(key) for key in range(10) if luhn_ok(body + str(key)))
