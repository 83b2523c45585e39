"""State of the data: which days each pharmacy sent of each feed, against its own habits.

A weekday is a habit when the pharmacy sent at least half of them between its first and its last day,
public holidays apart. A habitual day without rows is missing; a day under a fifth of the median of its
weekday is low; a month flagged by the release has shrunk.
"""

from __future__ import annotations

import pyarrow as pa

from galien.engines.protocol import Builder
from galien.warehouse.derive.source import Source

STATES = ("complete", "low", "shrunk", "incomplete", "missing")
_HABIT = 0.5
_LOW = 0.2

_RECEIVED = """
create or replace temp table received as
select pharmacy_id, 'sales' as feed, day, sum(lines) as lines from sales_day_pharmacy group by all
union all
select pharmacy_id, 'purchases', day, count(*) from purchase_line group by all
"""

_EXPECTED = f"""
create or replace temp table expected as
with span as (
  select s.pharmacy_id, s.feed, s.first, f.last
  from (select pharmacy_id, feed, min(day) as first, max(day) as last from received group by all) s
  join (select feed, max(day) as last from received group by feed) f using (feed)
), days as (
  select s.pharmacy_id, s.feed, c.day, c.month, c.weekday, r.lines,
         c.day in (select day from holiday) as holiday,
         c.day <= max(r.day) over (partition by s.pharmacy_id, s.feed) as begun
  from span s join calendar c on c.day between s.first and s.last
  left join received r on r.pharmacy_id = s.pharmacy_id and r.feed = s.feed and r.day = c.day
), habit as (
  select pharmacy_id, feed, weekday, median(lines) as usual,
         count(lines) >= {_HABIT} * count(*) as open
  from days where not holiday and begun group by all
)
select d.pharmacy_id, d.feed, d.day, d.month, d.lines,
       case when d.lines is null and h.open and not d.holiday then 'missing'
            when d.lines < {_LOW} * h.usual and not d.holiday then 'low' end as problem
from days d left join habit h using (pharmacy_id, feed, weekday)
"""

_GAPS = """
create or replace table data_gap as
select pharmacy_id, feed, day, month, problem from expected where problem is not null
order by pharmacy_id, feed, day
"""

_COMPLETENESS = """
create or replace table completeness as
with months as (
  select pharmacy_id, feed, month, count(lines) as days_received,
         count(case when lines is not null or problem = 'missing' then 1 end) as days_expected,
         count(case when problem = 'missing' then 1 end) as missing,
         count(case when problem = 'low' then 1 end) as low
  from expected group by all
  union all
  select pharmacy_id, 'stock', month, count(distinct on_date), count(distinct on_date), 0, 0
  from stock_level group by all
  union all
  select p.pharmacy_id, s.feed, s.month, 0, 0, 0, 0
  from shrunk s join pharmacy p using (pharmacy)
)
select cast(m.pharmacy_id as smallint) as pharmacy_id, m.feed, m.month,
       cast(sum(m.days_received) as integer) as days_received,
       cast(sum(m.days_expected) as integer) as days_expected,
       case when sum(m.days_received) = 0 then 'missing'
            when sum(m.missing) > 0 then 'incomplete'
            when max(s.rows_before) is not null then 'shrunk'
            when sum(m.low) > 0 then 'low' else 'complete' end as state
from months m join pharmacy p using (pharmacy_id)
left join shrunk s on s.pharmacy = p.pharmacy and s.feed = m.feed and s.month = m.month
where m.days_received + m.days_expected > 0 or s.rows_before is not null
group by all order by 1, 2, 3
"""

_SHRUNK: dict[str, pa.DataType] = {
    "pharmacy": pa.string(),
    "feed": pa.string(),
    "month": pa.date32(),
    "rows_before": pa.int64(),
}


def make_completeness(builder: Builder, source: Source) -> None:
    """Make `completeness` by month and `data_gap` by day, from the facts themselves."""
    rows = [vars(each) for each in source.manifest.shrunk]
    builder.register("shrunk", pa.Table.from_pylist(rows, schema=pa.schema(_SHRUNK)))
    builder.run(f"create temp table holiday as select day from {source.table('holidays')}")
    for statement in (_RECEIVED, _EXPECTED, _GAPS, _COMPLETENESS):
        builder.run(statement)
    for name in ("received", "expected", "holiday"):
        builder.run(f"drop table {name}")
    builder.unregister("shrunk")
