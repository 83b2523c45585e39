"""A value as JSON has it, the same whoever writes it: decimals as numbers, days and moments as ISO texts."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from galien.kernel.clock import PARIS


def plain(value: object) -> Any:
    """Return a value as JSON has it: decimals as numbers, dates as ISO texts, what is no number as None.

    >>> plain({"day": dt.date(2026, 1, 31), "amounts": (Decimal("2.50"), Decimal("3.00"))})
    {'day': '2026-01-31', 'amounts': [2.5, 3]}
    """
    match value:
        case Decimal() | float():
            return _number(value)
        case dt.date():
            return _iso(value)
        case Mapping():
            return {str(key): plain(each) for key, each in value.items()}
        case str() | None | bool() | int():
            return value
        case Iterable():
            return [plain(each) for each in value]
    return str(value)


def _number(value: Decimal | float) -> float | None:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value if math.isfinite(value) else None


def _iso(value: dt.date) -> str:
    if isinstance(value, dt.datetime):
        return value.astimezone(PARIS).isoformat(timespec="seconds")
    return value.isoformat()
