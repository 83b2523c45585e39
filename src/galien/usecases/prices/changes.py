"""When a price last changed and by how much, read from the days it was sold; and what its cost did since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from galien.kernel.errors import NotAllowed
from galien.kernel.period import Period
from galien.model.viewer import Viewer
from galien.usecases.detail import Reading, read
from galien.usecases.services import Services

SPAN = dt.timedelta(days=760)  # two years of sales, and the month they end in
CENT = Decimal("0.01")

# The price of a day is what its boxes were marked, promotions apart; a cent more or less is rounding.
_CHANGES = Reading("last change of prices", ("sales_day",), """
with daily as (
  select f.pharmacy, d.product_code, s.day, sum(s.gross_incl) / sum(s.quantity) as price,
    sum(s.cost_excl) as cost, sum(s.quantity) as units
  from sales_day s join product d using (product_id) join pharmacy f using (pharmacy_id)
  where s.quantity > 0 and s.campaign is null and d.reimbursable is distinct from true
    and s.sale_type in ('counter', 'prescription_cash', 'prescription_third_party')
  group by all
), latest as (
  select pharmacy, product_code, arg_max(price, day) as price, min(day) as first_day
  from daily group by all
), former as (
  select pharmacy, product_code, max(d.day) as until, arg_max(d.price, d.day) as price
  from daily d join latest l using (pharmacy, product_code)
  where abs(d.price - l.price) > 0.011
  group by all
), since as (
  select l.pharmacy, l.product_code, l.price, l.first_day, f.price as former, f.until is not null as moved,
    min(d.day) filter (f.until is null or d.day > f.until) as day
  from latest l join daily d using (pharmacy, product_code)
    left join former f using (pharmacy, product_code)
  group by all
)
select s.pharmacy, s.product_code, s.price, s.former, s.moved, s.day,
  sum(d.cost) filter (d.day >= s.day and d.day < s.day + 92)
    / nullif(sum(d.units) filter (d.day >= s.day and d.day < s.day + 92), 0) as cost_then,
  sum(d.cost) filter (d.day > $recent) / nullif(sum(d.units) filter (d.day > $recent), 0) as cost_now
from since s join daily d using (pharmacy, product_code)
group by all
order by s.pharmacy, s.product_code
""")  # fmt: skip


@dataclass(frozen=True)
class LastChange:
    """The last change of a price, euros incl. tax; `former` is None when none was seen since `day`.

    `cost_then` and `cost_now` are mean costs excl. tax, of the quarter after that day and of the last
    one; None without sales.
    """

    day: dt.date
    price: Decimal
    former: Decimal | None
    cost_then: Decimal | None
    cost_now: Decimal | None

    @property
    def size(self) -> Decimal | None:
        """Return the change as a ratio of the former price; None when there was none."""
        return self.price / self.former - 1 if self.former else None


Changes = Mapping[tuple[str, str], LastChange]


def last_changes(
    pharmacies: Sequence[str], viewer: Viewer, *, on: dt.date, services: Services
) -> Changes:
    """Return the last change of each free price of pharmacies, on the days rights open.

    By pharmacy and product; empty when rights open no day.
    """
    span = Period(on - SPAN, on)
    recent = {"recent": on - dt.timedelta(days=92)}
    try:
        rows = read(
            _CHANGES, viewer, span, pharmacies=pharmacies, parameters=recent, services=services
        ).to_pylist()
    except NotAllowed:
        return {}
    return {(row["pharmacy"], row["product_code"]): _change(row) for row in rows}


def _change(row: Mapping[str, Any]) -> LastChange:
    return LastChange(
        day=row["day"],
        price=_exact(row["price"]).quantize(CENT),
        former=_exact(row["former"]).quantize(CENT) if row["moved"] else None,
        cost_then=None if row["cost_then"] is None else _exact(row["cost_then"]),
        cost_now=None if row["cost_now"] is None else _exact(row["cost_now"]),
    )


def _exact(value: object) -> Decimal:
    return Decimal(str(value))
