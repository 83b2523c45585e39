"""What lies on the shelves of a pharmacy on a day, what sold of it and when it came in.

Rights are those of questions: the pharmacies a viewer may ask stock, sales and purchases of; what is
older than the year they open is read as far as they open it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from galien.analytics.question import Filter, Question
from galien.kernel.errors import NotAllowed
from galien.kernel.period import Period
from galien.model.viewer import Viewer
from galien.usecases.ask import ask
from galien.usecases.detail import ALL_DAYS, Reading, read
from galien.usecases.services import Services

ZERO = Decimal(0)
DAY, YEAR = dt.timedelta(days=1), dt.timedelta(days=365)
FRESH = dt.timedelta(days=92)  # a count older than a quarter is not the stock of the day

_LEVELS = """
with last as (
  select pharmacy_id, max(on_date) as on_date from stock_level
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
where s.sale_type <> 'resale'
{codes}
group by f.pharmacy, d.product_code
"""
_RECEIPTS = Reading("receipts", ("purchase_line",), """
select d.product_code, s.day,
  s.delivered_quantity + coalesce(s.free_quantity, 0) as quantity, s.net_amount_excl as amount, s.supplier
from purchase_line s
join product d using (product_id)
where s.delivered_quantity + coalesce(s.free_quantity, 0) > 0
order by d.product_code, s.day
""")  # fmt: skip

_LAST_RECEIVED = Reading("last receipt", ("purchase_line",), """
select d.product_code, max(s.day) as day, arg_max(s.supplier, s.day) as supplier,
  list(s.delivered_quantity + coalesce(s.free_quantity, 0) order by s.day desc) as units
from purchase_line s
join product d using (product_id)
where s.delivered_quantity + coalesce(s.free_quantity, 0) > 0
group by d.product_code
""")  # fmt: skip
_MOVEMENTS = Reading("movements", ("purchase_line", "sales_day"), """
select product_code, day, sum(units_in) as units_in, sum(units_out) as units_out from (
  select d.product_code, s.day, s.delivered_quantity + coalesce(s.free_quantity, 0) as units_in,
    0 as units_out
  from purchase_line s join product d using (product_id)
  union all
  select d.product_code, s.day, 0 as units_in, s.quantity as units_out
  from sales_day s join product d using (product_id)
  where s.sale_type not in ('rental', 'rental_third_party')
) group by product_code, day
""")  # fmt: skip


@dataclass(frozen=True)
class Level:
    """A product on the shelf at the last count on or before the day; euros excl. tax.

    `yearly_units` are sold units of the 365 days that end on it, resales apart.
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
class LastReceipt:
    """The last receipt of a product, and the units of each one, free ones counted, the last first."""

    day: dt.date
    supplier: str
    units: tuple[int, ...]


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
    since: dt.date | None = None,
) -> tuple[str, ...]:
    """Return the pharmacies whose feeds the viewer's rights open over the year before a day.

    Over the days from the year before `since`, when given. No `pharmacies` means all of them. Raises
    NotAllowed when none is open, as questions do.
    """
    found: set[str] | None = None
    where = (Filter("pharmacy", tuple(pharmacies)),) if pharmacies else ()
    first = min(since or on, on) - YEAR
    for feed in feeds:
        asked = Question(feed, period=f"{first}..{on}", compare="none", where=where)
        scope = set(ask(asked, viewer, services=services).meta.scope)
        found = scope if found is None else found & scope
    if not found:
        raise NotAllowed("Aucune pharmacie ne vous est ouverte pour le stock et les ventes.")
    return tuple(sorted(found))


def levels(
    pharmacies: Sequence[str],
    viewer: Viewer,
    *,
    on: dt.date,
    services: Services,
    codes: Sequence[str] | None = None,
) -> tuple[Level, ...]:
    """Read the shelves of pharmacies on a day, of some products or all, on the days rights open.

    Raises NotAllowed when rights open no day of their stock or of their sales.
    """
    kept = "" if codes is None else "d.product_code in (select unnest($codes))"
    known = {} if codes is None else {"codes": list(codes)}
    shelf = read(
        Reading("levels", ("stock_level",), _LEVELS.format(codes=kept and f"where {kept}")),
        viewer, Period(on - FRESH, on), pharmacies=pharmacies, parameters=known, services=services,
    ).to_pylist()  # fmt: skip
    sales = read(
        Reading("sold", ("sales_day",), _SALES.format(codes=kept and f"and {kept}")),
        viewer, Period(ALL_DAYS.first, on), pharmacies=pharmacies,
        parameters={**known, "since": on - YEAR + DAY}, services=services,
    ).to_pylist()  # fmt: skip
    sold = {(row["pharmacy"], row["product_code"]): row for row in sales}
    return tuple(_level(row, sold.get((row["pharmacy"], row["product_code"]), {})) for row in shelf)


def last_received(
    pharmacy: str, viewer: Viewer, *, on: dt.date, services: Services
) -> dict[str, LastReceipt]:
    """Read the last receipt of each product, and the units of those before, on the days rights open.

    Raises NotAllowed when they open no day of the pharmacy's purchases.
    """
    rows = _read(_LAST_RECEIVED, pharmacy, viewer, Period(ALL_DAYS.first, on), services)
    return {
        row["product_code"]: LastReceipt(
            row["day"], row["supplier"] or "", tuple(map(int, row["units"]))
        )
        for row in rows
    }


def receipts(
    pharmacy: str, viewer: Viewer, *, on: dt.date, services: Services
) -> dict[str, list[Receipt]]:
    """Read what a pharmacy received up to a day, by product, oldest first, on the days rights open."""
    found: dict[str, list[Receipt]] = {}
    for row in _read(_RECEIPTS, pharmacy, viewer, Period(ALL_DAYS.first, on), services):
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
    pharmacy: str, viewer: Viewer, *, first: dt.date, services: Services
) -> list[tuple[str, dt.date, Decimal, Decimal]]:
    """Read the units of each product that came in and went out each day after one, as rights open."""
    after = Period(first + dt.timedelta(days=1), ALL_DAYS.last)
    return [
        (row["product_code"], row["day"], Decimal(row["units_in"]), Decimal(row["units_out"]))
        for row in _read(_MOVEMENTS, pharmacy, viewer, after, services)
    ]


def _read(
    reading: Reading, pharmacy: str, viewer: Viewer, days: Period, services: Services
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read(
        reading, viewer, days, pharmacies=(pharmacy,), services=services
    ).to_pylist()
    return found


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
        narcotic=row["prescription_status"] == "narcotic",
        reimbursable=row["reimbursable"],
        yearly_units=Decimal(sold.get("quantity") or 0),
        last_sold=sold.get("last_sold"),
        vat_rate=sold.get("vat_rate"),
        public_price=_price(sold.get("public_price")),
    )


def _price(found: object) -> Decimal | None:
    return None if found is None else Decimal(str(found)).quantize(Decimal("0.01"))
