"""What the network's own prices teach: how volumes answered their changes, which products are compared.

Only estimates and marks come out, of at least five pharmacies; no one's sales do.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from galien.calculators.pricing.compared import LEAST_PHARMACIES as LEAST_OF_SPREAD
from galien.calculators.pricing.compared import Watched, compared
from galien.calculators.pricing.elasticity import (
    LEAST_PHARMACIES,
    Elasticity,
    PriceChange,
    estimate,
)
from galien.usecases.detail import read_network, release_of
from galien.usecases.last_used import LastUsed
from galien.usecases.services import Services

_SEEN: LastUsed[Sequence[PriceChange]] = LastUsed(2)
_COMPARED: LastUsed[Mapping[str, str]] = LastUsed(4)
SPAN = dt.timedelta(days=750)
QUARTER = dt.timedelta(days=92)

# Two months at a price, then two at another: the same product where it did not move is the witness.
_CHANGES = """
with monthly as (
  select s.pharmacy_id, d.product_code, s.month, sum(s.quantity) as units,
    sum(s.gross_incl) / sum(s.quantity) as price
  from sales_month_type s join product d using (product_id)
  where s.sale_type = 'counter' and s.quantity > 0 and s.month >= $first
    and d.reimbursable is distinct from true
  group by s.pharmacy_id, d.product_code, s.month
), beside as (
  select *, lag(price, 1) over around as p1, lag(price, 2) over around as p2,
    lag(units, 1) over around as u1, lag(units, 2) over around as u2,
    lag(month, 2) over around as first_month, lead(price, 1) over around as n1,
    lead(units, 1) over around as v1, lead(month, 1) over around as last_month
  from monthly
  window around as (partition by pharmacy_id, product_code order by month)
), steady as (
  select pharmacy_id, product_code, month, p1 as price_before, price as price_after,
    u1 + u2 as units_before, units + v1 as units_after, abs(price / p1 - 1) as moved
  from beside
  where date_diff('month', first_month, last_month) = 3
    and abs(p1 / p2 - 1) < 0.01 and abs(n1 / price - 1) < 0.01
), witnesses as (
  select product_code, month, sum(units_before) as control_before, sum(units_after) as control_after
  from steady where moved < 0.01
  group by product_code, month having count(*) >= 2
)
select f.pharmacy, s.product_code, s.price_before, s.price_after, s.units_before, s.units_after,
  w.control_before, w.control_after
from steady s join witnesses w using (product_code, month) join pharmacy f using (pharmacy_id)
where s.moved >= 0.02
order by f.pharmacy, s.product_code, s.month
"""
# The last price of each pharmacy over the quarter, then how these prices stand together.
_SPREADS = """
with priced as (
  select s.pharmacy_id, d.product_code, arg_max(s.gross_incl / s.quantity, s.day) as price,
    sum(s.quantity) as units
  from sales_day s join product d using (product_id)
  where s.day between $first and $last and s.quantity > 0 and s.sale_type = 'counter'
    and s.campaign is null and d.reimbursable is distinct from true
  group by s.pharmacy_id, d.product_code
)
select product_code, count(*) as pharmacies, sum(units) as units,
  (quantile_cont(price, 0.75) - quantile_cont(price, 0.25)) / median(price) as spread
from priced where price > 0
group by product_code having count(*) >= $least
order by product_code
"""
_NAMES = ("price_before", "price_after", "units_before", "units_after", "control_before",
          "control_after")  # fmt: skip


def network_elasticity(*, services: Services) -> Elasticity:
    """Estimate the elasticity of free prices from two years of the network's counter sales.

    The estimate says when the data do not allow one. Raises NotAvailable when nothing is published.
    """
    return estimate(_changes(services))


def compared_products(*, services: Services) -> Mapping[str, str]:
    """Return the free-price products whose price shoppers compare, each with its reason in French.

    Found in the network's counter prices of the last quarter, from six pharmacies on, and in its price
    changes of two years. Raises NotAvailable when nothing is published.
    """
    today = services.clock.today()
    key = (release_of(services), today)
    return _COMPARED.get(key, lambda: _compared(today, services))


def _compared(today: dt.date, services: Services) -> Mapping[str, str]:
    by_product: dict[str, list[PriceChange]] = {}
    for change in _changes(services):
        by_product.setdefault(change.product_code, []).append(change)
    given = {"first": today - QUARTER, "last": today, "least": LEAST_OF_SPREAD}
    rows = read_network(_SPREADS, parameters=given, services=services).to_pylist()
    return compared(
        Watched(
            row["product_code"],
            row["pharmacies"],
            Decimal(str(row["spread"])),
            Decimal(str(row["units"])),
            estimate(by_product.get(row["product_code"], ()), least=LEAST_PHARMACIES),
        )
        for row in rows
    )


def _changes(services: Services) -> Sequence[PriceChange]:
    """Return the price changes of two years, read once for all who ask of a release."""
    first = (services.clock.today() - SPAN).replace(day=1)
    key = (release_of(services), first)

    def read() -> Sequence[PriceChange]:
        rows = read_network(_CHANGES, parameters={"first": first}, services=services).to_pylist()
        return tuple(
            PriceChange(
                row["pharmacy"],
                row["product_code"],
                *(Decimal(str(row[name])) for name in _NAMES),
            )
            for row in rows
        )

    return _SEEN.get(key, read)
