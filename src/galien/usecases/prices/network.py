"""How volumes answered the network's own price changes: the elasticity read from its sales.

Only the estimate and its error come out, of at least five pharmacies; no one's sales do.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from galien.calculators.pricing.elasticity import Elasticity, PriceChange, estimate
from galien.usecases.detail import read_network
from galien.usecases.services import Services

SPAN = dt.timedelta(days=750)

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
_NAMES = ("price_before", "price_after", "units_before", "units_after", "control_before",
          "control_after")  # fmt: skip


def network_elasticity(*, services: Services) -> Elasticity:
    """Estimate the elasticity of free prices from two years of the network's counter sales.

    The estimate says when the data do not allow one. Raises NotAvailable when nothing is published.
    """
    first = (services.clock.today() - SPAN).replace(day=1)
    rows = read_network(_CHANGES, parameters={"first": first}, services=services).to_pylist()
    return estimate(
        PriceChange(
            row["pharmacy"],
            row["product_code"],
            *(Decimal(str(row[name])) for name in _NAMES),
        )
        for row in rows
    )
