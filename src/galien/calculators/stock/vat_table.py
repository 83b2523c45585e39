"""Shares of stock and of turnover by VAT rate, beside what is usual."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from galien.law import Consultation, Law

ZERO = Decimal(0)

# The rates of each line of the table, and the end of the names of its references.
LINES: Final = (
    ((Decimal("0.021"),), "vat_2_1"),
    ((Decimal("0.055"), Decimal("0.1")), "vat_5_5_and_10"),
    ((Decimal("0.2"),), "vat_20"),
)


@dataclass(frozen=True)
class VatLine:
    """A line: its rates (none when unknown), euros excl. tax, and shares as ratios.

    Shares are None over a total that is not above zero; references None where none is known.
    """

    rates: tuple[Decimal, ...]
    stock_value: Decimal
    turnover: Decimal
    stock_share: Decimal | None
    turnover_share: Decimal | None
    stock_reference: Decimal | None = None
    turnover_reference: Decimal | None = None


def vat_table(
    amounts: Mapping[Decimal | None, tuple[Decimal, Decimal]], law: Law, *, on: dt.date
) -> tuple[VatLine, ...]:
    """Gather stock and turnover by line of rates; other rates have their own line, the unknown last.

    Inputs: by VAT rate (a ratio, None when unknown), stock value and turnover, euros excl. tax.
    Source of the references: handbook of stock (2,1 %: 55 % of stock for 80 % of sales; 5,5 and
    10 %: 25 and 12; 20 %: 20 and 8). Lines always add up to the whole.

    >>> lines = vat_table({Decimal("0.021"): (Decimal(55), Decimal(80)),
    ...     Decimal("0.2"): (Decimal(45), Decimal(20))}, Law.load(), on=dt.date(2026, 1, 1))
    >>> [(str(line.stock_share), str(line.stock_reference)) for line in lines]
    [('0.55', '0.55'), ('0', '0.25'), ('0.45', '0.20')]
    """
    totals = [sum((pair[side] for pair in amounts.values()), ZERO) for side in (0, 1)]
    reading = Consultation(law, on)
    told = {rate for rates, _ in LINES for rate in rates}
    groups: list[tuple[tuple[Decimal, ...], str]] = list(LINES)
    groups += [
        ((rate,), "") for rate in sorted(r for r in amounts if r is not None and r not in told)
    ]
    lines = []
    for rates, name in groups:
        pairs = [amounts[rate] for rate in rates if rate in amounts]
        lines.append(_line(rates, pairs, totals, reading, name))
    if None in amounts:
        lines.append(_line((), [amounts[None]], totals, reading, ""))
    return tuple(lines)


def _line(
    rates: tuple[Decimal, ...],
    pairs: list[tuple[Decimal, Decimal]],
    totals: list[Decimal],
    reading: Consultation,
    name: str,
) -> VatLine:
    stock, turnover = (sum((pair[side] for pair in pairs), ZERO) for side in (0, 1))
    return VatLine(
        rates,
        stock,
        turnover,
        stock / totals[0] if totals[0] > 0 else None,
        turnover / totals[1] if totals[1] > 0 else None,
        reading.number(f"reference_stock_share_{name}") if name else None,
        reading.number(f"reference_turnover_share_{name}") if name else None,
    )
