"""What a control is: a code, a severity, a French sentence, and a test over whole columns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from galien.intake.cells import Flags
from galien.intake.rows import Rows
from galien.kernel.period import Period


class Severity(StrEnum):
    """What a control does: sets the row aside, flags it, or stops the file."""

    ERROR = "error"
    WARNING = "warning"
    STOP = "stop"


@dataclass(frozen=True)
class Terms:
    """What a delivery is checked against.

    `authorised` are the pharmacies whose rows this sender may deliver (itself when empty); `vat_rates`
    the rates in force since each date, oldest first; `prices` the catalogue's unit prices, VAT included,
    in ten-thousandths of a euro; `announced` the period that the sender said; `opened_on` the first day
    the pharmacy could sell; `operator_key` the pharmacy's key for pseudonyms.
    """

    pharmacy: str
    today: dt.date
    authorised: frozenset[str] = frozenset()
    vat_rates: tuple[tuple[dt.date, frozenset[Decimal]], ...] = ()
    prices: Mapping[str, int] = field(default_factory=dict)
    announced: Period | None = None
    opened_on: dt.date | None = None
    operator_key: bytes = b""

    @property
    def welcome(self) -> frozenset[str]:
        """The pharmacies whose rows are accepted."""
        return self.authorised | {self.pharmacy}


Check = Callable[[Rows, Terms], Flags | None]


@dataclass(frozen=True)
class Control:
    """A declared control. `check` returns the faulty rows, or None when it does not apply.

    `column` is the canonical column that is told; a control without check is found by the reader itself.
    """

    code: str
    severity: Severity
    message: str
    feeds: tuple[str, ...] = ("sales", "purchases", "stock")
    column: str = ""
    check: Check | None = None
