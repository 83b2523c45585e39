"""More days for every pharmacy, as files: those of four weeks before again, in the canonical layout."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import duckdb

from bench.duck import open_duckdb

_SALES = """
select p.pharmacy, strftime(s.day + 28, '%Y-%m-%dT10:00:00') as sold_at,
       'V' || (row_number() over () // 3) as visit,
       'F' || (row_number() over () // 2) as invoice, row_number() over () as line_no,
       s.sale_type, d.product_code, s.quantity, s.gross_incl, s.discount_incl, s.net_incl,
       s.vat_rate, s.net_excl, s.cost_excl, s.fee_incl, 'A' as operator, s.campaign
from sales_day s join pharmacy p using (pharmacy_id) join product d using (product_id)
where s.pharmacy_id = $number and s.day between $first and $last and s.returned_quantity = 0
  and s.quantity > 0 and s.gross_incl > 0
"""
_PURCHASES = """
select p.pharmacy, cast(s.day + 28 as date) as delivered_on, delivered_on as invoiced_on,
       'BL-' || delivered_on as document_id,
       row_number() over () as line_no, s.supplier, s.channel, d.product_code, s.ordered_quantity,
       s.delivered_quantity, s.free_quantity, s.list_price_excl, s.net_price_excl,
       s.list_amount_excl, s.net_amount_excl, s.vat_rate, null as payment_due_on
from purchase_line s join pharmacy p using (pharmacy_id) join product d using (product_id)
where s.pharmacy_id = $number and s.day between $first and $last and s.delivered_quantity > 0
"""

_FEEDS = {"sales": _SALES, "purchases": _PURCHASES}
_WEEKS = dt.timedelta(days=28)
MIDDLE = 16


@dataclass(frozen=True)
class DayFile:
    """A file of one pharmacy and feed, in the layout `galien`."""

    path: Path
    feed: str
    pharmacy: str


@dataclass(frozen=True)
class NextDays:
    """The days after a release: the first half of the month, then the day to be measured."""

    day: dt.date
    before: list[DayFile]
    measured: list[DayFile]


def write_days(derived: Path, folder: Path) -> NextDays:
    """Write the files of the month that follows a release, up to a working day in its middle.

    A month half full is neither the cheapest to add a day to nor the dearest.
    """
    with open_duckdb(derived, read_only=True) as connection:
        last = connection.execute("select max(day) from sales_day").fetchall()[0][0]
        first = (last.replace(day=1) + dt.timedelta(days=31)).replace(day=1)
        day = first.replace(day=MIDDLE)
        if day.isoweekday() == 7:
            day += dt.timedelta(days=1)
        before = _write(connection, folder, first, day - dt.timedelta(days=1))
        return NextDays(day, before, _write(connection, folder, day, day))


def _write(
    connection: duckdb.DuckDBPyConnection, folder: Path, first: dt.date, last: dt.date
) -> list[DayFile]:
    files = []
    for number, pharmacy in connection.execute(
        "select pharmacy_id, pharmacy from pharmacy order by pharmacy"
    ).fetchall():
        for feed, text in _FEEDS.items():
            path = folder / f"{pharmacy}-{feed}-{first}.csv"
            values = {"number": number, "first": first - _WEEKS, "last": last - _WEEKS}
            connection.execute(
                f"copy ({text}) to '{path}' (format csv, header, delimiter ';')", values
            )
            if path.read_bytes().count(b"\n") > 1:
                files.append(DayFile(path, feed, str(pharmacy)))
    return files
