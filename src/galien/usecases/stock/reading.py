"""What lies on the shelves of a pharmacy on a day, what sold of it and when it came in.

Rights are those of questions: the pharmacies a viewer may ask stock, sales and purchases of.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from galien.analytics.question import Filter, Question
from galien.kernel.errors import NotAllowed
from galien.model.viewer import Viewer
from galien.usecases.ask import ask
from galien.usecases.services import Services

ZERO = Decimal(0)
YEAR = dt.timedelta(days=365)
FRESH = dt.timedelta(days=92)  # a count older than a quarter is not the stock of the day

_LEVELS = """
with last as (
  select pharmacy_id, max(on_date) as on_date from stock_level
  where on_date between $first and $on and pharmacy_id in (select unnest($ids))
  group by pharmacy_id
)
select f.pharmacy, d.product_code, max(s.on_date) as counted_on,
  sum(s.quantity) as quantity,
  sum(s.quantity * s.weighted_average_cost) as stock_value,
  max(s.weighted_average_cost) as cost,
  sum(s.minimum) as minimum,
  min(case when s.quantity > 0 then s.nearest_expiry end) as nearest_expiry,
  arg_max(d.label, d.since) as label,
  arg_max(cast(d.lab as varchar), d.since) as lab,
  arg_max(cast(d.universe_1 as varchar), d.since) as universe_1,
  arg_max(cast(d.prescription_status as varchar), d.since) as prescription_status,
  arg_max(d.reimbursable, d.since) as reimbursable
from stock_level s
join last using (pharmacy_id, on_date)
join product d using (product_id)
join pharmacy f using (pharmacy_id)
{codes}
group by f.pharmacy, d.product_code
order by f.pharmacy, d.product_code
"""
_SALES = """
select f.pharmacy, d.product_code,
  max(case when s.quantity > 0 then s.day end) as last_sold,
  sum(case when s.day >= $since then s.quantity else 0 end) as quantity,
  arg_max(s.vat_rate, s.day) as vat_rate,
  arg_max(s.gross_incl / nullif(s.quantity, 0), s.day)
    filter (where s.quantity > 0) as public_price
from sales_day s
join product d using (product_id)
join pharmacy f using (pharmacy_id)
where s.day <= $on and s.pharmacy_id in (select unnest($ids)) and s.sale_type <> 'resale'
{codes}
group by f.pharmacy, d.product_code
"""
_RECEIPTS = """
select d.product_code, s.day,
  s.delivered_quantity + s.free_quantity as quantity, s.net_amount_excl as amount, s.supplier
from purchase_line s
join product d using (product_id)
where s.day <= $on and s.pharmacy_id in (select unnest($ids))
  and s.delivered_quantity + s.free_quantity > 0
order by d.product_code, s.day
"""

_LAST_RECEIVED = """
select d.product_code, max(s.day) as day, arg_max(s.supplier, s.day) as supplier
from purchase_line s
join product d using (product_id)
where s.day <= $on and s.pharmacy_id in (select unnest($ids))
  and s.delivered_quantity + s.free_quantity > 0
group by d.product_code
"""
_MOVEMENTS = """
select product_code, day, sum(units_in) as units_in, sum(units_out) as units_out from (
  select d.product_code, s.day, s.delivered_quantity + s.free_quantity as units_in, 0 as units_out
  from purchase_line s join product d using (product_id)
  where s.day > $first and s.pharmacy_id in (select unnest($ids))
  union all
  select d.product_code, s.day, 0 as units_in, s.quantity as units_out
  from sales_day s join product d using (product_id)
  where s.day > $first and s.pharmacy_id in (select unnest($ids))
) group by product_code, day
"""


@dataclass(frozen=True)
class Level:
    """A product on the shelf at the last count on or before the day; euros excl. tax.

    `yearly_units` are sold units of the year before, resales apart.
    """

    pharmacy: str
    product_code: str
    label: str
    lab: str
    universe: str
    counted_on: dt.date
    quantity: Decimal
    unit_cost: Decimal
    stock_value: Decimal
    minimum: Decimal
    nearest_expiry: dt.date | None
    narcotic: bool
    reimbursable: bool | None
    yearly_units: Decimal
    last_sold: dt.date | None
    vat_rate: Decimal | None
    public_price: Decimal | None


@dataclass(frozen=True)
class Receipt:
    """Units of a product received on a day, free ones counted, and what they cost in euros."""

    product_code: str
    day: dt.date
    quantity: Decimal
    amount: Decimal
    supplier: str


def opened(
    viewer: Viewer,
    pharmacies: Sequence[str],
    *,
    on: dt.date,
    services: Services,
    feeds: Sequence[str] = ("stock", "sales"),
) -> tuple[str, ...]:
    """Return the pharmacies whose feeds the viewer's rights open over the year before a day.

    No `pharmacies` means all of them. Raises NotAllowed when none is open, as questions do.
    """
    found: set[str] | None = None
    where = (Filter("pharmacy", tuple(pharmacies)),) if pharmacies else ()
    for feed in feeds:
        asked = Question(feed, period=f"{on - YEAR}..{on}", compare="none", where=where)
        scope = set(ask(asked, viewer, services=services).meta.scope)
        found = scope if found is None else found & scope
    if not found:
        raise NotAllowed("Aucune pharmacie ne vous est ouverte pour le stock et les ventes.")
    return tuple(sorted(found))


def levels(
    pharmacies: Sequence[str],
    *,
    on: dt.date,
    services: Services,
    codes: Sequence[str] | None = None,
) -> tuple[Level, ...]:
    """Read the shelves of pharmacies on a day, of some products or all. The caller asked `opened`."""
    kept = "" if codes is None else "d.product_code in (select unnest($codes))"
    with services.reader.hold() as held:
        view = services.reading.view(held)
        ids = _ids(view.pharmacies, pharmacies)
        known = {"on": on, "ids": ids} | ({} if codes is None else {"codes": list(codes)})
        held_sql = _LEVELS.format(codes=kept and f"where {kept}")
        sold_sql = _SALES.format(codes=kept and f"and {kept}")
        shelf = view.engine.query(held_sql, known | {"first": on - FRESH}).to_pylist()
        sales = view.engine.query(sold_sql, known | {"since": on - YEAR}).to_pylist()
    sold = {(row["pharmacy"], row["product_code"]): row for row in sales}
    return tuple(_level(row, sold.get((row["pharmacy"], row["product_code"]), {})) for row in shelf)


def last_received(
    pharmacy: str, *, on: dt.date, services: Services
) -> dict[str, tuple[dt.date, str]]:
    """Read the day and the supplier of the last receipt of each product of a pharmacy."""
    with services.reader.hold() as held:
        view = services.reading.view(held)
        parameters = {"on": on, "ids": _ids(view.pharmacies, [pharmacy])}
        rows = view.engine.query(_LAST_RECEIVED, parameters).to_pylist()
    return {row["product_code"]: (row["day"], row["supplier"] or "") for row in rows}


def receipts(pharmacy: str, *, on: dt.date, services: Services) -> dict[str, list[Receipt]]:
    """Read what a pharmacy received up to a day, by product, oldest first."""
    with services.reader.hold() as held:
        view = services.reading.view(held)
        parameters = {"on": on, "ids": _ids(view.pharmacies, [pharmacy])}
        rows = view.engine.query(_RECEIPTS, parameters).to_pylist()
    found: dict[str, list[Receipt]] = {}
    for row in rows:
        receipt = Receipt(
            row["product_code"],
            row["day"],
            Decimal(row["quantity"]),
            Decimal(row["amount"] or 0),
            row["supplier"] or "",
        )
        found.setdefault(receipt.product_code, []).append(receipt)
    return found


def movements(
    pharmacy: str, *, first: dt.date, services: Services
) -> list[tuple[str, dt.date, Decimal, Decimal]]:
    """Read the units of each product that came in and went out of a pharmacy each day after one."""
    with services.reader.hold() as held:
        view = services.reading.view(held)
        parameters = {"first": first, "ids": _ids(view.pharmacies, [pharmacy])}
        rows = view.engine.query(_MOVEMENTS, parameters).to_pylist()
    return [
        (row["product_code"], row["day"], Decimal(row["units_in"]), Decimal(row["units_out"]))
        for row in rows
    ]


def _ids(rows: Sequence[Any], pharmacies: Sequence[str]) -> list[int]:
    wanted = set(pharmacies)
    return [row.pharmacy_id for row in rows if row.pharmacy in wanted]


def _level(row: Mapping[str, Any], sold: Mapping[str, Any]) -> Level:
    quantity, value = Decimal(row["quantity"] or 0), Decimal(row["stock_value"] or 0)
    return Level(
        pharmacy=row["pharmacy"],
        product_code=row["product_code"],
        label=row["label"] or row["product_code"],
        lab=row["lab"] or "",
        universe=row["universe_1"] or "",
        counted_on=row["counted_on"],
        quantity=quantity,
        unit_cost=value / quantity if quantity else Decimal(row["cost"] or 0),
        stock_value=value,
        minimum=Decimal(row["minimum"] or 0),
        nearest_expiry=row["nearest_expiry"],
        narcotic="stup" in (row["prescription_status"] or "").casefold(),
        reimbursable=row["reimbursable"],
        yearly_units=Decimal(sold.get("quantity") or 0),
        last_sold=sold.get("last_sold"),
        vat_rate=sold.get("vat_rate"),
        public_price=_price(sold.get("public_price")),
    )


def _price(found: object) -> Decimal | None:
    return None if found is None else Decimal(str(found)).quantize(Decimal("0.01"))
