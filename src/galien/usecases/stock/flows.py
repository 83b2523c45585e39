"""What went through the shelves of one pharmacy day by day: boxes sold, boxes received, from whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from galien.calculators.stock.arrays import Floats
from galien.kernel.errors import NotAllowed, NotAvailable
from galien.kernel.period import Period
from galien.model.contracts import ProductKeys
from galien.model.viewer import Viewer
from galien.usecases.detail import ALL_DAYS, Reading, read, read_products
from galien.usecases.invoices.products import keys_of
from galien.usecases.services import Services

# Anatomical classes kept between 2 and 8 °C: insulins and their like, vaccines, growth factors, sera.
COLD_CLASSES = (
    "A10A", "A10BJ", "B03XA", "G03GA", "H01AC", "H01BB", "J06", "J07", "L03AA", "L03AB", "L04AB",
)  # fmt: skip

_SPAN = Reading("span of sales", ("sales_day",), """
select max(s.day) as last, min(s.day) as first from sales_day s
""")  # fmt: skip
_SALES = Reading("boxes sold", ("sales_day",), """
select d.product_code, s.day, sum(s.quantity) as sold,
  sum(case when s.sale_type = 'resale' then 0 else s.quantity end) as asked
from sales_day s join product d using (product_id)
group by d.product_code, s.day
""")  # fmt: skip
_PURCHASES = Reading("boxes bought", ("purchase_line",), """
select d.product_code, s.day, s.supplier, cast(s.channel as varchar) as channel,
  coalesce(s.ordered_quantity, s.delivered_quantity) as ordered, s.delivered_quantity as delivered,
  coalesce(s.free_quantity, 0) as free, s.list_amount_excl as list_amount,
  s.net_amount_excl as net_amount
from purchase_line s join product d using (product_id)
order by s.day
""")  # fmt: skip
_PRODUCTS = """
select product_code, arg_max(label, product_id) as label,
  arg_max(cast(family_1 as varchar), product_id) as family,
  arg_max(cast(atc_code as varchar), product_id) as atc_code,
  arg_max(cast(prescription_status as varchar), product_id) as prescription_status,
  arg_max(reimbursable, product_id) as reimbursable,
  max(case when hospital_only then 1 else 0 end) as hospital
from product where product_code in (select unnest($codes)) group by product_code
"""


@dataclass(frozen=True)
class Bought:
    """A purchase line: boxes ordered, delivered and free, euros at list and at net price excl. tax."""

    product_code: str
    day: dt.date
    supplier: str
    channel: str
    ordered: int
    delivered: int
    free: int
    list_amount: Decimal
    net_amount: Decimal


@dataclass(frozen=True)
class Flows:
    """Boxes of products by day (products, days), from `first` to `last`, the last day of sales known.

    `asked` leaves resales out, `sold` counts them; `received` counts free boxes. `bought` are the lines.
    """

    codes: tuple[str, ...]
    first: dt.date
    last: dt.date
    asked: Floats
    sold: Floats
    received: Floats
    bought: tuple[Bought, ...]

    @property
    def days(self) -> int:
        """Return how many days are told."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Known:
    """What the catalogue says of a product that matters to whoever orders it."""

    keys: ProductKeys
    label: str
    family: str
    cold: bool
    hospital: bool
    narcotic: bool


def flows(
    viewer: Viewer, pharmacy: str, *, first: dt.date, on: dt.date, services: Services
) -> Flows:
    """Read the days of a pharmacy up to a day, those the viewer's rights open.

    Raises NotAllowed when they open none, NotAvailable when nothing was sold in the span.
    """
    given: dict[str, Any] = {"pharmacies": (pharmacy,), "services": services}
    span = read(_SPAN, viewer, Period(first, on), **given).to_pylist()[0]
    if span["last"] is None:
        raise NotAvailable("Aucune vente connue de cette pharmacie avant ce jour.")
    days = Period(span["first"], span["last"])
    sales = read(_SALES, viewer, days, **given)
    lines = tuple(_bought(row) for row in read(_PURCHASES, viewer, days, **given).to_pylist())
    sold_codes: list[Any] = sales.column("product_code").to_pylist()
    sold_days: list[Any] = sales.column("day").to_pylist()
    codes = sorted({*sold_codes, *(b.product_code for b in lines)})
    place = {code: row for row, code in enumerate(codes)}
    shape = (len(codes), (days.last - days.first).days + 1)
    rows = np.array([place[code] for code in sold_codes], dtype=int)
    columns = np.array([(day - days.first).days for day in sold_days], dtype=int)
    asked, sold, received = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    asked[rows, columns] = np.array(sales.column("asked").to_pylist(), dtype=np.float64)
    sold[rows, columns] = np.array(sales.column("sold").to_pylist(), dtype=np.float64)
    for line in lines:
        at = (place[line.product_code], (line.day - days.first).days)
        received[at] += line.delivered + line.free
    return Flows(tuple(codes), days.first, days.last, asked, sold, received, lines)


def known(codes: Sequence[str], *, services: Services) -> dict[str, Known]:
    """Read what the catalogue says of products."""
    given = {"codes": sorted(codes)}
    rows = read_products(_PRODUCTS, parameters=given, services=services).to_pylist()
    keys = keys_of(codes, services=services)
    return {row["product_code"]: _known(row, keys[row["product_code"]]) for row in rows}


def kept_apart(codes: Sequence[str], *, services: Services) -> frozenset[str]:
    """Return the products of the cold chain or of the hospital reserve, which nobody takes back."""
    given = {"codes": sorted(codes)}
    rows = read_products(_PRODUCTS, parameters=given, services=services).to_pylist()
    return frozenset(row["product_code"] for row in rows if _cold(row) or row["hospital"])


def _cold(row: dict[str, Any]) -> bool:
    return (row["atc_code"] or "").startswith(COLD_CLASSES)


def _bought(row: dict[str, Any]) -> Bought:
    return Bought(
        product_code=row["product_code"], day=row["day"], supplier=row["supplier"] or "",
        channel=row["channel"] or "", ordered=int(row["ordered"]), delivered=int(row["delivered"]),
        free=int(row["free"]), list_amount=Decimal(row["list_amount"] or 0),
        net_amount=Decimal(row["net_amount"] or 0),
    )  # fmt: skip


def _known(row: dict[str, Any], keys: ProductKeys) -> Known:
    return Known(
        keys, row["label"] or row["product_code"], row["family"] or "",
        cold=_cold(row), hospital=bool(row["hospital"]),
        narcotic=row["prescription_status"] == "narcotic",
    )  # fmt: skip


def received_since(
    viewer: Viewer, pharmacy: str, since: dt.date, *, services: Services
) -> dict[tuple[str, str], int]:
    """Read the units received of each product from each supplier since a day, that day counted.

    Those of the days that the viewer's rights open: none where they open none.
    """
    days = Period(since, ALL_DAYS.last)
    try:
        rows = read(_PURCHASES, viewer, days, pharmacies=(pharmacy,), services=services).to_pylist()
    except (NotAllowed, NotAvailable):
        return {}
    found: dict[tuple[str, str], int] = {}
    for line in map(_bought, rows):
        at = (line.product_code, line.supplier)
        found[at] = found.get(at, 0) + line.delivered + line.free
    return found
