"""What went through the shelves of one pharmacy day by day: boxes sold, boxes received, from whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

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

EPOCH = dt.date(1970, 1, 1)
MEDICINE = "Médicament"  # how product types of medicines begin

_SPAN = Reading("span of sales", ("sales_day",), """
select max(s.day) as last, min(s.day) as first from sales_day s
""")  # fmt: skip
_SALES = """
select d.product_code, s.day, sum(s.quantity) as sold,
  sum(case when s.sale_type = 'resale' then 0 else s.quantity end) as asked
from (select * from sales_day where sale_type not in ('rental', 'rental_third_party')) s
join product d using (product_id) {codes}
group by d.product_code, s.day
"""
_PURCHASES = """
select d.product_code, s.day, s.supplier, cast(s.channel as varchar) as channel,
  coalesce(s.ordered_quantity, s.delivered_quantity) as ordered, s.delivered_quantity as delivered,
  coalesce(s.free_quantity, 0) as free, s.list_amount_excl as list_amount,
  s.net_amount_excl as net_amount
from purchase_line s join product d using (product_id) {codes}
order by s.day
"""
_COLUMNS = (
    "product_code", "day", "supplier", "channel", "ordered", "delivered", "free", "list_amount",
    "net_amount",
)  # fmt: skip
_PRODUCTS = """
select product_code, arg_max(label, product_id) as label,
  arg_max(cast(universe_1 as varchar), product_id) as universe,
  arg_max(cast(family_1 as varchar), product_id) as family,
  arg_max(cast(atc_code as varchar), product_id) as atc_code,
  arg_max(cast(prescription_status as varchar), product_id) as prescription_status,
  arg_max(cast(product_type as varchar), product_id) as product_type,
  arg_max(on_sale, product_id) as on_sale,
  max(case when hospital_only then 1 else 0 end) as hospital
from product where product_code in (select unnest($codes)) group by product_code
"""


class Bought(NamedTuple):
    """A purchase line: boxes ordered, delivered and free, euros at list and at net price excl. tax.

    A named tuple: a pharmacy receives fifty thousand a year.
    """

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

    `asked` leaves resales out, `sold` counts them, rentals are in neither: what is rented comes back.
    `received` counts free boxes. `bought` are the lines.
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
    universe: str
    cold: bool
    hospital: bool
    narcotic: bool
    on_sale: bool
    medicine: bool = False


def _reading(name: str, table: str, sql: str, codes: Sequence[str]) -> Reading:
    kept = "where d.product_code in (select unnest($codes))" if codes else ""
    return Reading(name, (table,), sql.format(codes=kept))


def flows(
    viewer: Viewer, pharmacy: str, *, first: dt.date, on: dt.date, services: Services,
    codes: Sequence[str] = (),
) -> Flows:  # fmt: skip
    """Read the days of a pharmacy up to a day, of some products or all, those the rights open.

    Raises NotAllowed when they open none, NotAvailable when nothing was sold in the span.
    """
    given: dict[str, Any] = {"pharmacies": (pharmacy,), "services": services}
    span = read(_SPAN, viewer, Period(first, on), **given).to_pylist()[0]
    if span["last"] is None:
        raise NotAvailable("Aucune vente connue de cette pharmacie avant ce jour.")
    days = Period(span["first"], span["last"])
    if codes:
        given["parameters"] = {"codes": list(codes)}
    sales = read(_reading("boxes sold", "sales_day", _SALES, codes), viewer, days, **given)
    bought = _reading("boxes bought", "purchase_line", _PURCHASES, codes)
    lines = _lines(read(bought, viewer, days, **given))
    # A year of a large pharmacy is half a million figures: they go from table to array by the column.
    coded = sales.column("product_code").combine_chunks().dictionary_encode()
    known_codes: list[Any] = coded.dictionary.to_pylist()
    named = sorted({*known_codes, *(b.product_code for b in lines)})
    place = {code: row for row, code in enumerate(named)}
    shape = (len(named), (days.last - days.first).days + 1)
    rows = np.array([place[code] for code in known_codes], dtype=int)[coded.indices.to_numpy()]
    columns = sales.column("day").cast(pa.int32()).to_numpy() - (days.first - EPOCH).days
    asked, sold, received = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    asked[rows, columns] = sales.column("asked").cast(pa.float64()).to_numpy()
    sold[rows, columns] = sales.column("sold").cast(pa.float64()).to_numpy()
    came = [(place[b.product_code], (b.day - days.first).days, b.delivered + b.free) for b in lines]
    if came:
        at_row, at_day, units = np.array(came, dtype=int).T
        np.add.at(received, (at_row, at_day), units)
    return Flows(tuple(named), days.first, days.last, asked, sold, received, lines)


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


def _lines(table: pa.Table) -> tuple[Bought, ...]:
    columns = (table.column(name).to_pylist() for name in _COLUMNS)
    nothing = Decimal(0)
    return tuple(
        Bought(code, day, supplier or "", channel or "", int(ordered), int(delivered), int(free),
               listed or nothing, net or nothing)
        for code, day, supplier, channel, ordered, delivered, free, listed, net in zip(
            *columns, strict=True
        )
    )  # fmt: skip


def _known(row: dict[str, Any], keys: ProductKeys) -> Known:
    return Known(
        keys, row["label"] or row["product_code"], row["family"] or "", row["universe"] or "",
        cold=_cold(row), hospital=bool(row["hospital"]),
        narcotic=row["prescription_status"] == "narcotic", on_sale=row["on_sale"] is not False,
        medicine=(row["product_type"] or "").startswith(MEDICINE),
    )  # fmt: skip


def received_since(
    viewer: Viewer, pharmacy: str, since: dt.date, *, services: Services
) -> dict[tuple[str, str], int]:
    """Read the units received of each product from each supplier since a day, that day counted.

    Those of the days that the viewer's rights open: none where they open none.
    """
    days = Period(since, ALL_DAYS.last)
    try:
        reading = _reading("boxes bought", "purchase_line", _PURCHASES, ())
        table = read(reading, viewer, days, pharmacies=(pharmacy,), services=services)
    except (NotAllowed, NotAvailable):
        return {}
    found: dict[tuple[str, str], int] = {}
    for line in _lines(table):
        at = (line.product_code, line.supplier)
        found[at] = found.get(at, 0) + line.delivered + line.free
    return found
