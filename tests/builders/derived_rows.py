"""Rows beside the facts of a small group: steps of purchases, days of the calendar, what was received."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from typing import Any

from galien.kernel.period import shift_months

Row = dict[str, Any]


def step_row(
    row: Row, number: int, ids: dict[str, int], version: Callable[[str, dt.date], int]
) -> Row:
    """Give a purchase's steps after the invoice to one clause, drawn by its rank."""
    day = row["delivered_on"]
    kept = ("supplier", "channel", "vat_rate", "cash_discount", "rebate", "cooperation")
    return {name: row[name] for name in kept} | {
        "pharmacy_id": ids[row["pharmacy"]],
        "day": day,
        "month": day.replace(day=1),
        "product_id": version(row["product_code"], day),
        "clause": f"C{number % 3} · RFA",
        "step_source": ("contract", "estimate", "invoice")[number % 3],
    }


def calendar_rows(first: dt.date, last: dt.date) -> list[Row]:
    """Return every day of the calendar."""
    days = [first + dt.timedelta(n) for n in range((last - first).days + 1)]
    return [{"day": day, "month": day.replace(day=1), "weekday": day.isoweekday()} for day in days]


def completeness_rows(
    pharmacies: list[str], late: Collection[tuple[str, str, dt.date]], first: dt.date
) -> list[Row]:
    """Return what each pharmacy sent of each month: all of it, but what is late."""
    rows = []
    for number, pharmacy in enumerate(pharmacies, 1):
        for feed in ("sales", "purchases", "stock"):
            for months in range(25):
                month = shift_months(first, months)
                partial = (pharmacy, feed, month) in late
                rows.append(
                    {
                        "pharmacy_id": number, "feed": feed, "month": month,
                        "days_received": 20, "days_expected": 26 if partial else 20,
                        "state": "partial" if partial else "complete",
                    }
                )  # fmt: skip
    return rows
