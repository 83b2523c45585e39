"""Questions answered the slow way: plain Python over the lines themselves, no table, no SQL.

Independent of the code it judges: it shares no planner, no fold, no rounding with it.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.builders.derived import Group
from tests.builders.derived_rows import Row

Key = tuple[str | None, ...]
Bounds = tuple[dt.date, dt.date]
PRESCRIPTION = {"prescription_third_party", "prescription_cash", "rental_third_party"}
DATES = {"purchases": "delivered_on", "sales": "day", "traffic": "day", "stock": "on_date"}


def key_of(group: Group, subject: str, name: str, row: Row) -> Any:  # noqa: C901, PLR0911
    """Return the key of a line in a dimension, in the words of the handbook."""
    day: dt.date = row[DATES[subject]]
    pharmacy = next(p for p in group.pharmacies if p["pharmacy"] == row["pharmacy"])
    of_time = {
        "month": f"{day:%Y-%m}",
        "quarter": f"{day.year}-Q{(day.month + 2) // 3}",
        "year": str(day.year),
        "week": (day - dt.timedelta(days=day.weekday())).isoformat(),
        "day": day.isoformat(),
        "weekday": str(day.isoweekday()),
    }
    if name in of_time:
        return of_time[name]
    if name == "pharmacy":
        return str(row["pharmacy"])
    if name in {"department", "typology"}:
        return pharmacy[name]
    if name == "hour_band":
        return str(row["band"])
    if name == "vat_rate":
        return str(row["vat_rate"]).rstrip("0")
    if name in {"channel", "supplier", "sale_type", "operator"}:
        return row[name]
    if name == "prescription_or_counter":
        if row["sale_type"] in PRESCRIPTION:
            return "prescription"
        return "counter" if row["sale_type"] == "counter" else "neither"
    if name == "reimbursed" and subject == "sales":
        return "true" if row["sale_type"].endswith("third_party") else "false"
    product = group.product(row["product_code"], day)
    if name == "product":
        return str(row["product_code"])
    value = product["reimbursable" if name == "reimbursed" else name]
    return str(value).lower() if isinstance(value, bool) else value


def _within(group: Group, subject: str, bounds: Bounds) -> list[Row]:
    rows = {"purchases": group.purchases, "stock": group.stock}.get(subject, group.lines)
    return [row for row in rows if bounds[0] <= row[DATES[subject]] <= bounds[1]]


def _last_counts(rows: list[Row], bucket: Callable[[Row], Any]) -> list[Row]:
    last: dict[Any, dt.date] = {}
    for row in rows:
        key = (row["pharmacy"], bucket(row))
        last[key] = max(last.get(key, row["on_date"]), row["on_date"])
    return [row for row in rows if row["on_date"] == last[row["pharmacy"], bucket(row)]]


def figures(subject: str, rows: Iterable[Row]) -> dict[str, Any]:
    """Compute every exact measure of some lines."""
    rows = list(rows)

    def total(name: str) -> Any:
        return sum((row[name] or 0 for row in rows), 0)

    if subject == "purchases":
        listed, net = total("list_amount_excl"), total("net_amount_excl")
        return {
            "delivered_quantity": total("delivered_quantity"),
            "list_amount": listed,
            "net_amount": net,
            "discount_amount": listed - net,
            "discount_rate": _ratio(listed - net, listed),
            "free_quantity": total("free_quantity"),
        }
    if subject == "stock":
        value = sum((r["quantity"] * (r["weighted_average_cost"] or 0) for r in rows), Decimal(0))
        return {"quantity": total("quantity"), "stock_value": value}
    if subject == "sales":
        margin = total("net_excl") + total("fee_excl") - total("cost_excl")
        return {
            "quantity": total("quantity"),
            "sales_incl": total("net_incl"),
            "sales_excl": total("net_excl"),
            "adjusted_margin": margin,
            "margin_rate": _ratio(margin, total("net_excl")),
        }
    visits = {row["visit"] for row in rows}
    return _activity(rows) | {
        "visits": len(visits),
        "invoices": len({row["invoice"] for row in rows}),
        "lines": len(rows),
        "sales_incl": total("net_incl"),
        "sales_excl": total("net_excl"),
        "average_basket": Decimal(total("net_incl")) / len(visits) if visits else None,
        "lines_per_visit": _ratio(len(rows), len(visits)),
    }


def _activity(rows: list[Row]) -> dict[str, Any]:
    """Compute the indicators of an activity: each invoice once for each way of selling it holds."""
    sold = [row for row in rows if row["sale_type"] != "resale"]
    clients = len({row["visit"] for row in sold})
    amounts: dict[str, Decimal] = defaultdict(Decimal)
    held: dict[str, set[str]] = defaultdict(set)
    for row in sold:
        way = "counter" if row["sale_type"] == "counter" else "other"
        way = "prescription" if row["sale_type"] in PRESCRIPTION else way
        amounts[way] += row["gross_incl"]
        held[way].add(row["invoice"])
    prescriptions, counter = len(held["prescription"]), len(held["counter"])
    invoices = prescriptions + counter + len(held["other"])
    whole = sum(amounts.values(), Decimal(0))
    tied = invoices - clients
    basket = _ratio(amounts["counter"], counter)
    linked = None
    if basket is not None:
        linked = _ratio(float(amounts["prescription"]) + tied * basket, whole)
    return {
        "gross_incl": sum((row["gross_incl"] for row in rows), Decimal(0)),
        "clients": clients,
        "pmo": amounts["prescription"] / prescriptions if prescriptions else None,
        "pmc": whole / clients if clients else None,
        "pmvc": amounts["counter"] / counter if counter else None,
        "pmv": whole / invoices if invoices else None,
        "prescription_counter_ratio": _ratio(prescriptions, counter),
        "prescription_share": _ratio(whole - amounts["counter"], whole),
        "prescription_share_strict": _ratio(amounts["prescription"], whole),
        "prescription_linked_share": linked,
        "tied_counter_share": _ratio(tied, counter),
        "bare_counter_share": _ratio(counter - tied, counter),
        "prescription_bearer_share": _ratio(prescriptions, clients),
    }


def _ratio(over: Any, under: Any) -> float | None:
    return float(over) / float(under) if under else None


def table(
    group: Group,
    subject: str,
    by: tuple[str, ...],
    bounds: Bounds,
    *,
    keep: Callable[[Row], bool] = bool,
) -> dict[Key, dict[str, Any]]:
    """Return the measures of each key over a period; the total alone has the key ()."""
    rows = _within(group, subject, bounds)
    if subject == "stock":
        rows = _last_counts(
            rows,
            lambda row: tuple(
                key_of(group, subject, d, row) for d in by if d in {"month", "quarter", "year"}
            ),
        )
    found: dict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        if keep(row):
            found[tuple(key_of(group, subject, name, row) for name in by)].append(row)
    return {key: figures(subject, lines) for key, lines in found.items()}


def cents(value: Any) -> Any:
    """Round an exact amount as a reader expects it, half away from zero."""
    return Decimal(value).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
