"""Files as pharmacies send them, in the canonical layout, and the reading of them."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Mapping
from typing import Any

from galien.intake import Delivery, Limits, Terms, mapping, read_delivery
from galien.intake.mapping import Mapping as SourceMapping
from galien.kernel.codes import gs1_key

PHARMACY = "750100042"
OTHER_PHARMACY = "690000005"
TODAY = dt.date(2026, 11, 21)
COLUMNS = (
    "pharmacy", "sold_at", "visit", "invoice", "line_no", "sale_type", "product_code", "quantity",
    "gross_incl", "discount_incl", "net_incl", "vat_rate", "net_excl", "cost_excl", "fee_incl",
    "operator", "campaign",
)  # fmt: skip
SALE = {
    "pharmacy": PHARMACY,
    "sold_at": "2026-10-05T10:30:00",
    "visit": "V1",
    "invoice": "F1",
    "line_no": "1",
    "sale_type": "counter",
    "product_code": "3400935955838",
    "quantity": "1",
    "gross_incl": "11,00",
    "discount_incl": "1,00",
    "net_incl": "10,00",
    "vat_rate": "0,1",
    "net_excl": "9,09",
    "cost_excl": "6,00",
    "fee_incl": "",
    "operator": "Claire",
    "campaign": "",
}


def product_code(number: int) -> str:
    """Return a valid code of thirteen digits."""
    body = f"34009{number:07d}"
    return body + gs1_key(body)


def sale(**changes: str) -> dict[str, str]:
    """Return a good sale line, with some cells changed."""
    return SALE | changes


def sales(count: int, **changes: str) -> list[dict[str, str]]:
    """Return good sale lines of one invoice, numbered from 1."""
    return [sale(line_no=str(rank), **changes) for rank in range(1, count + 1)]


def lines(
    rows: Iterable[Mapping[str, str]], *, columns: Iterable[str] = COLUMNS, separator: str = ";"
) -> list[str]:
    """Write rows as lines of text, header first, without line ends."""
    names = tuple(columns)
    return [separator.join(names)] + [separator.join(row[name] for name in names) for row in rows]


def text(rows: Iterable[Mapping[str, str]], *, end: str = "\n", **form: Any) -> bytes:
    """Write rows as a UTF-8 file."""
    return "".join(line + end for line in lines(rows, **form)).encode()


def read(
    data: bytes,
    *,
    feed: str = "sales",
    filename: str = "ventes.csv",
    terms: Terms | None = None,
    source: SourceMapping | None = None,
    limits: Limits | None = None,
) -> Delivery:
    """Read bytes in this process, as the pharmacy's own file in the canonical layout."""
    return read_delivery(
        io.BytesIO(data),
        feed=feed,
        mapping=source or mapping("galien"),
        terms=terms or Terms(PHARMACY, TODAY, operator_key=b"key of the shop"),
        limits=limits or Limits(threads=1),
        filename=filename,
        isolated=False,
    )


def codes(delivery: Delivery) -> set[str]:
    """Return the codes of the problems told."""
    return {issue.code for issue in delivery.issues}
