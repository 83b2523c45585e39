"""From what clauses give to the amount each purchase line owes them: free units, then the steps after.

A clause's amount is worked out once for its pharmacy and month, to the cent, and its cents are shared over
the lines in order: a line differs from its exact share by less than a cent, and sums are true whatever they
are cut by.
"""

from __future__ import annotations

import pyarrow as pa

from galien.engines.protocol import Builder
from galien.model.net_net import (
    AFTER_INVOICE,
    CONFIDENCE,
    SCOPES,
    SCOPES_TABLE,
    TERMS,
    TERMS_TABLE,
)
from galien.warehouse.derive.source import Source

STEPS = tuple(kind.value for kind in AFTER_INVOICE)
BELOW_INVOICE = ("free_amount", *STEPS)
"""Columns a purchase line has beside its own, in euros: free units at list price, then each step."""

_PLACE: dict[str, pa.DataType] = {"pharmacy": pa.string(), "month": pa.date32()}
MOVED = pa.schema(_PLACE)
_SURENESS = " ".join(f"when '{source}' then {how:d}" for source, how in CONFIDENCE.items())
_CLAUSE = "organisation, contract, clause"
# What makes terms give way to one another is looked for among terms, a few thousand, so that only lines
# under such terms are compared: one contract gives way to a later one of the same parties, a guess to what
# is agreed, a clause to what an invoice shows.
_TERMS = f"""
create or replace temp table term as
with numbered as (
  select *, case source {_SURENESS} end as sureness, clause is null as seen,
    row_number() over () as term_id,
    dense_rank() over (order by pharmacy, month, {_CLAUSE}, kind, source, proof, rate, document_id)
      as share_id,
    dense_rank() over (order by kind, {_CLAUSE}) as clause_id,
    dense_rank() over (order by kind) as kind_id,
    dense_rank() over (order by kind, parties) as party_id,
    dense_rank() over (order by precedence) as place
  from {{terms}} semi join (select distinct pharmacy, month from line) using (pharmacy, month)
)
select *, min(place) over parties < max(place) over parties
  or min(sureness) over clauses < max(sureness) over clauses
  or bool_or(seen) over kinds and not bool_and(seen) over kinds as contested
from numbered
window parties as (partition by pharmacy, month, party_id),
  clauses as (partition by pharmacy, month, clause_id),
  kinds as (partition by pharmacy, month, kind_id)
"""
# Clauses that bear on the same lines add the same amounts up: once for all of them, as a basket.
_SHARES = """
create or replace temp table share as
with clause as (
  select share_id, any_value(kind) as kind, any_value(source) as source, any_value(rate) as rate,
    any_value(coalesce(contract || ' · ' || clause, proof)) as clause, any_value(pharmacy) as pharmacy,
    any_value(month) as month, bool_or(contested) as contested,
    list(row(supplier, scope, first_day, last_day, document_id, base)
      order by supplier, scope, first_day, last_day) as bears_on
  from term group by share_id
)
select share_id, kind, source, rate, clause, contested,
  dense_rank() over (order by pharmacy, month, bears_on, case when contested then share_id end) as basket
from clause
"""
_HOLDS = (
    "t.pharmacy = l.pharmacy and t.month = l.month and l.day between t.first_day and t.last_day "
    "and (t.document_id is null or t.document_id = l.document_id)"
)
_GIVEN_COLUMNS = (
    "l.rowid as line_id, l.day, l.document_id, l.line_no, t.term_id, t.basket, t.contested, "
    "case t.base when 'list' then l.list_amount_excl when 'invoice' then l.net_amount_excl "
    "else l.list_amount_excl - l.net_amount_excl end as base"
)
_STEPS = f"""
create or replace temp table step as
with wanted as (
  select t.* exclude (contested), s.basket, s.contested from term t join share s using (share_id)
  where share_id in (select min(share_id) from share group by basket)
), given as (
  select {_GIVEN_COLUMNS} from line l
  join {{scopes}} s on s.product_code = l.product_code
  join wanted t on t.scope = s.scope and {_HOLDS} and (t.supplier is null or t.supplier = l.supplier)
  union all
  select {_GIVEN_COLUMNS} from line l
  join wanted t on t.scope is null and t.supplier = l.supplier and {_HOLDS}
), ranked as (
  select g.*, seen, sureness, clause_id, kind_id from given g join term t using (term_id)
  where g.contested
  qualify seen or place = max(place) over (partition by line_id, party_id)
), kept as (
  select line_id, day, document_id, line_no, term_id, basket, base from given where not contested
  union all
  select line_id, day, document_id, line_no, term_id, basket, base from ranked
  qualify sureness = max(sureness) over (partition by line_id, clause_id)
  and sureness >= coalesce(case
    when seen then max(sureness) filter (not seen) over (partition by line_id, kind_id)
    else max(sureness) filter (seen) over (partition by line_id, kind_id) end, 0)
), added as (
  select line_id, basket, base, cast(sum(base) over w as {{money}}) as so_far from kept
  window w as (partition by basket order by day, document_id, line_no, line_id, term_id
               rows unbounded preceding)
)
select line_id, share_id,
  cast(round(cast(rate as decimal(20,12)) * so_far, 2)
       - round(cast(rate as decimal(20,12)) * cast(so_far - base as {{money}}), 2) as {{money}}) as amount
from added join share using (basket)
"""
# What a free unit is worth, as a fraction of whole numbers: its line's list price; else what the line paid;
# else what the product cost that month. Half a cent is rounded up, away from zero.
_FREE = """
case when coalesce(f.free_quantity, 0) = 0 then 0
     when f.list_price_excl is not null then f.free_quantity * f.list_price_excl
     when f.delivered_quantity <> 0 then {of_line}
     else coalesce({of_month}, 0) end
"""


def make_steps(builder: Builder, source: Source) -> None:
    """Make the temporary table `step`: what each clause of `share` takes off each row of `line`."""
    terms, scopes = _read(source)
    builder.run(_TERMS.format(terms=terms))
    builder.run(_SHARES)
    builder.run(_STEPS.format(scopes=scopes, money=source.money("purchase_line")))
    builder.run("drop table term")


def moved_terms(builder: Builder, source: Source, parent: Source) -> pa.Table:
    """Return the pharmacies and months that owe other terms than in the parent release."""
    (now, _), (then, _) = _read(source), _read(parent)
    if now == then:
        return MOVED.empty_table()
    return builder.table(
        "select distinct pharmacy, month from "
        f"((select * from {now} except select * from {then}) union all "
        f"(select * from {then} except select * from {now})) order by month, pharmacy"
    )


def _read(source: Source) -> tuple[str, str]:
    """Return the SQL that reads the terms and the products of scopes; nothing without contracts."""
    if not source.has(TERMS_TABLE):
        return f"({_nothing(TERMS)})", f"({_nothing(SCOPES)})"
    return source.table(TERMS_TABLE), source.table(SCOPES_TABLE)


def drop_steps(builder: Builder) -> None:
    """Forget the temporary tables `step` and `share`."""
    builder.run("drop table step; drop table share")


def step_sums(money: str) -> str:
    """Return the SQL columns that add each kind of step up, over steps and their shares."""
    return ", ".join(
        f"cast(sum(case when kind = '{kind}' then amount else 0 end) as {money}) as {kind}"
        for kind in STEPS
    )


def free_amount(money: str) -> str:
    """Return the SQL of free units at list price, of a line `f` and the product's month `m`."""
    of_line = _share("f.list_amount_excl", "f.delivered_quantity")
    of_month = _share("m.list_amount", "m.delivered")
    return f"cast({_FREE.format(of_line=of_line, of_month=of_month)} as {money})"


def _share(amount: str, quantity: str) -> str:
    """Write free units × amount ÷ quantity in whole ten-thousandths of a euro, rounded to the cent."""
    over = f"cast({amount} * 10000 as hugeint) * f.free_quantity"
    under = f"(100 * abs({quantity}))"
    sign = f"sign({over}) * sign({quantity})"
    whole = f"(2 * abs({over}) + {under}) // (2 * nullif({under}, 0))"
    return f"cast({sign} * {whole} as decimal(18,0)) * cast(0.01 as decimal(3,2))"


def _nothing(schema: pa.Schema) -> str:
    names = ", ".join(f"cast(null as {kind}) as {name}" for name, kind in _sql_types(schema))
    return f"select {names} where false"


def _sql_types(schema: pa.Schema) -> list[tuple[str, str]]:
    types = {"string": "varchar", "date32[day]": "date", "decimal128(14, 12)": "decimal(14,12)"}
    return [(each.name, types[str(each.type)]) for each in schema]
