"""From what clauses give to the amount each purchase line owes them: free units, then the steps after.

A clause's amount is worked out once for its pharmacy and month, to the cent, and its cents are shared over
the lines in order: a line differs from its exact share by less than a cent, and sums are true whatever they
are cut by.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

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
LINE_KEY = ("pharmacy", "delivered_on", "document_id", "line_no")
BELOW_INVOICE = ("free_amount", *STEPS)
"""Columns a purchase line has beside its own, in euros: free units at list price, then each step."""

_SURENESS = " ".join(f"when '{source}' then {how:d}" for source, how in CONFIDENCE.items())
_CLAUSE = "organisation, contract, clause"
# Lines and terms are told apart by numbers: windows over them cost a fifth of what texts do.
_TERMS = f"""
create or replace temp table term as
select *, case source {_SURENESS} end as sureness, clause is null as seen,
  row_number() over () as term_id,
  dense_rank() over (order by pharmacy, month, {_CLAUSE}, kind, source, proof, rate, document_id) as share_id,
  dense_rank() over (order by kind, {_CLAUSE}) as clause_id,
  dense_rank() over (order by kind) as kind_id,
  dense_rank() over (order by kind, parties) as party_id,
  dense_rank() over (order by precedence) as place
from {{terms}}
"""
_LINES = """
create or replace temp table line as
select pharmacy, product_code, delivered_on, document_id, line_no, supplier, channel, vat_rate,
       cast(date_trunc('month', delivered_on) as date) as month,
       cast(list_amount_excl as {money}) as list_amount,
       cast(net_amount_excl as {money}) as net_amount,
       row_number() over (order by delivered_on, document_id, line_no, pharmacy) as line_id
from {read} where pharmacy in (select pharmacy from term)
"""
_GIVEN_COLUMNS = (
    "l.line_id, t.term_id, t.share_id, t.clause_id, t.kind_id, t.party_id, t.place, t.sureness, t.seen, "
    "t.rate, case t.base when 'list' then l.list_amount when 'invoice' then l.net_amount "
    "else l.list_amount - l.net_amount end as base"
)
_HOLDS = (
    "t.pharmacy = l.pharmacy and t.month = l.month "
    "and l.delivered_on between t.first_day and t.last_day "
    "and (t.document_id is null or t.document_id = l.document_id)"
)
_STEPS = f"""
create or replace temp table step as
with given as (
  select {_GIVEN_COLUMNS} from line l
  join {{scopes}} s on s.product_code = l.product_code
  join term t on t.scope = s.scope and {_HOLDS} and (t.supplier is null or t.supplier = l.supplier)
  union all
  select {_GIVEN_COLUMNS} from line l
  join term t on t.scope is null and t.supplier = l.supplier and {_HOLDS}
), ranked as (
  select * from given qualify seen or place = max(place) over (partition by line_id, party_id)
), kept as (
  select * from ranked
  qualify sureness = max(sureness) over (partition by line_id, clause_id)
  and sureness >= coalesce(case
    when seen then max(sureness) filter (not seen) over (partition by line_id, kind_id)
    else max(sureness) filter (seen) over (partition by line_id, kind_id) end, 0)
), added as (
  select line_id, term_id, rate, base, cast(sum(base) over w as {{money}}) as so_far
  from kept window w as (partition by share_id order by line_id, term_id rows unbounded preceding)
)
select l.pharmacy, l.delivered_on, l.document_id, l.line_no, l.product_code, l.supplier, l.channel,
       l.vat_rate, t.contract, t.clause, t.kind, t.source, t.proof,
       cast(round(cast(a.rate as decimal(20,12)) * a.so_far, 2)
            - round(cast(a.rate as decimal(20,12)) * cast(a.so_far - a.base as {{money}}), 2) as {{money}})
       as amount
from added a join line l on l.line_id = a.line_id join term t on t.term_id = a.term_id
"""
# What a free unit is worth, as a fraction of whole numbers: its line's list price; else what the line paid;
# else what the product cost that month. Half a cent is rounded up, away from zero.
_FREE = """
case when coalesce(f.free_quantity, 0) = 0 then 0
     when f.list_price_excl is not null then f.free_quantity * f.list_price_excl
     when f.delivered_quantity <> 0 then {of_line}
     else coalesce({of_month}, 0) end
"""


def make_steps(builder: Builder, source: Source, read: str) -> None:
    """Make the temporary table `step`: what each clause takes off each purchase line of `read`."""
    terms, scopes = _read(source)
    money = source.money("purchase_line")
    builder.run(_TERMS.format(terms=terms))
    builder.run(_LINES.format(read=read, money=money))
    builder.run(_STEPS.format(scopes=scopes, money=money))
    builder.run("drop table line; drop table term")


def moved_terms(builder: Builder, source: Source, parent: Source) -> list[dt.date]:
    """Return the months in which a pharmacy owes other terms than in the parent release."""
    (now, _), (then, _) = _read(source), _read(parent)
    if now == then:
        return []
    rows = builder.table(
        f"select distinct month from ((select * from {now} except select * from {then}) union all "
        f"(select * from {then} except select * from {now})) order by month"
    )
    months: list[Any] = rows.column("month").to_pylist()
    return months


def _read(source: Source) -> tuple[str, str]:
    """Return the SQL that reads the terms and the products of scopes; nothing without contracts."""
    if not source.has(TERMS_TABLE):
        return f"({_nothing(TERMS)})", f"({_nothing(SCOPES)})"
    return source.table(TERMS_TABLE), source.table(SCOPES_TABLE)


def drop_steps(builder: Builder) -> None:
    """Forget the temporary table `step`."""
    builder.run("drop table step")


def steps_of_lines(columns: str, money: str) -> str:
    """Return the SELECT of a line's key and what each kind of step takes off it."""
    sums = ", ".join(
        f"cast(sum(case when kind = '{kind}' then amount else 0 end) as {money}) as {kind}"
        for kind in STEPS
    )
    return f"select {columns}, {sums} from step group by {columns}"


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
