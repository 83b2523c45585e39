"""Products as the catalogue gives them, cut into one more version on each day their price changes band.

Like the catalogue's versions, the first price known also holds before its day. A price that ended
leaves the product without a regulated price, hence without a band.
"""

from __future__ import annotations

from galien.engines.protocol import Builder
from galien.model.price_bands import price_band_sql
from galien.warehouse.derive.source import Source

_ALWAYS = "date '0001-01-01'"

_NO_STEPS = (
    "create temp table step as select product_code, since as day, cast(null as varchar) as price_band "
    "from {prices} where false"
)
_STEPS = f"""
create temp table step as
with price as (select product_code, since, until, public_price_incl from {{prices}}),
said as (
  select product_code, since as day, public_price_incl as price from price
  union all
  select p.product_code, p.until, null from price p
  anti join price n on n.product_code = p.product_code and n.since = p.until
  where p.until is not null
), banded as (
  select product_code, case when row_number() over w = 1 then {_ALWAYS} else day end as day,
         {price_band_sql("price")} as price_band
  from said window w as (partition by product_code order by day nulls first)
)
select * from banded window w as (partition by product_code order by day)
qualify row_number() over w = 1 or price_band is distinct from lag(price_band) over w
"""

_GIVEN = f"""
create temp table given as
with version as (
  select *, case when row_number() over w = 1 then {_ALWAYS} else since end as first_day
  from {{catalogue}} window w as (partition by product_code order by since nulls first)
), moment as (
  select product_code, first_day as day from version
  union
  select product_code, day from step
  where day > {_ALWAYS} and product_code in (select product_code from version)
)
select v.* exclude (first_day) replace (
         case when m.day = v.first_day then v.since else m.day end as since,
         least(v.until, lead(m.day) over (partition by m.product_code order by m.day)) as until),
       s.price_band
from moment m
asof join version v on v.product_code = m.product_code and v.first_day <= m.day
asof left join step s on s.product_code = m.product_code and s.day <= m.day
"""


def make_given(builder: Builder, source: Source) -> None:
    """Make the temporary table `given`: the catalogue's versions, each with its price band."""
    prices, catalogue = source.table("prices"), source.table("catalogue")
    known = builder.table(f"select * from {prices} limit 0").schema.names
    steps = _STEPS if {"public_price_incl", "until"} <= set(known) else _NO_STEPS
    builder.run(steps.format(prices=prices))
    builder.run(_GIVEN.format(catalogue=catalogue))
    builder.run("drop table step")
