"""What a past year of one pharmacy's shelves was: every count, prices, and demand freed of shortages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from galien.calculators.stock.abc import Item, classify
from galien.calculators.stock.arrays import Flags, Floats, Integers
from galien.kernel.period import Period
from galien.model.viewer import Viewer
from galien.usecases.detail import Reading, read
from galien.usecases.services import Services
from galien.usecases.stock.flows import EPOCH, Flows
from galien.usecases.stock.presence import GIVEN_UP, in_stock

_COUNTS = Reading("counts", ("stock_level",), """
select d.product_code, s.on_date as day, sum(s.quantity) as quantity,
  max(s.weighted_average_cost) as cost, max(s.minimum) as minimum
from stock_level s join product d using (product_id)
group by d.product_code, s.on_date
""")  # fmt: skip
_PRICES = Reading("prices of a year", ("sales_day",), """
select d.product_code, sum(s.net_excl) / sum(s.quantity) as price,
  sum(s.cost_excl) / sum(s.quantity) as cost
from sales_day s join product d using (product_id)
where s.quantity > 0 and s.sale_type <> 'resale'
group by d.product_code
""")  # fmt: skip
_OUTGOING = Reading("cost of what went out", ("sales_day",), """
select d.product_code, sum(s.cost_excl) as value
from sales_day s join product d using (product_id)
where s.sale_type <> 'resale'
group by d.product_code
having sum(s.cost_excl) > 0
""")  # fmt: skip


@dataclass(frozen=True)
class Counts:
    """The counts of a span by product (rows of the flows) and by day of count, in order."""

    days: tuple[dt.date, ...]
    quantity: Floats
    cost: Floats
    minimum: Floats


@dataclass(frozen=True)
class Worth:
    """What a unit sells and costs, excl. tax, by product (rows of the flows); 0 when not known."""

    price: Floats
    cost: Floats


def counts(viewer: Viewer, pharmacy: str, found: Flows, services: Services) -> Counts:
    """Read every count of the span of flows, those of the days that rights open.

    `cost` and `minimum` are of the last count that tells them.
    """
    given: dict[str, Any] = {"pharmacies": (pharmacy,), "services": services}
    table = read(_COUNTS, viewer, Period(found.first, found.last), **given)
    rows = _rows(table, found.codes)
    days = table.column("day").cast(pa.int32()).to_numpy()
    every, at = np.unique(days, return_inverse=True)
    shape = (len(found.codes), len(every))
    laid = {name: np.zeros(shape) for name in ("quantity", "cost", "minimum")}
    kept = rows >= 0
    for name, array in laid.items():
        array[rows[kept], at[kept]] = _floats(table, name)[kept]
    dates = tuple(EPOCH + dt.timedelta(days=int(each)) for each in every)
    return Counts(dates, laid["quantity"], _last(laid["cost"]), _last(laid["minimum"]))


def worth(viewer: Viewer, pharmacy: str, days: Period, found: Flows, services: Services) -> Worth:
    """Read what units sold for and cost over some days, fees apart."""
    given: dict[str, Any] = {"pharmacies": (pharmacy,), "services": services}
    table = read(_PRICES, viewer, days, **given)
    rows = _rows(table, found.codes)
    price, cost = np.zeros(len(found.codes)), np.zeros(len(found.codes))
    kept = rows >= 0
    price[rows[kept]] = _floats(table, "price")[kept]
    cost[rows[kept]] = _floats(table, "cost")[kept]
    return Worth(np.maximum(price, 0.0), np.maximum(cost, 0.0))


def classes(viewer: Viewer, pharmacy: str, days: Period, services: Services) -> dict[str, str]:
    """Return the ABC class of what sold over some days, by what it cost; the rest is C."""
    given: dict[str, Any] = {"pharmacies": (pharmacy,), "services": services}
    rows = read(_OUTGOING, viewer, days, **given).to_pylist()
    items = [Item(row["product_code"], Decimal(row["value"]), Decimal(0)) for row in rows]
    return {row.item.product_code: row.class_outgoing.value for row in classify(items).rows}


def stock_by_day(found: Flows, counted: Counts) -> Floats:
    """Return the stock at the close of each day: the last count, moved since by what came and went.

    Before the first count, that one moved the other way round. Each count sets the stock right again.
    """
    gained = np.cumsum(found.received - found.sold, axis=1)
    if not counted.days:
        return np.asarray(gained - np.minimum(gained.min(axis=1), 0.0)[:, None])
    places = [(day - found.first).days for day in counted.days]
    ends = [*places[1:], found.days]
    begins = [0, *places[1:]]
    for rank, (begin, place, end) in enumerate(zip(begins, places, ends, strict=True)):
        right = counted.quantity[:, rank] - gained[:, place]
        gained[:, begin:end] += right[:, None]
    return gained


def wanted(found: Flows, stock: Floats) -> Floats:
    """Return the units that clients asked each day (products, days), with those of days without stock.

    What sold, returns and resales apart; on a day without stock, the mean of the days with stock, in
    whole units spread over the days missed. A product not there for 60 days or more was given up, one
    that never came yet was not missed.
    """
    every, asked = in_stock(found, stock), np.maximum(found.asked, 0.0)
    rows = np.flatnonzero(~every.all(axis=1))
    there, sold = every[rows], asked[rows]
    missed = ~there & ~given_up(there)
    days = np.maximum(there.sum(axis=1), 1)
    rate = np.where(there, sold, 0.0).sum(axis=1) / days
    would = np.cumsum(np.where(missed, rate[:, None], 0.0), axis=1)
    whole = np.floor(would + 1e-9)
    asked[rows] += np.diff(whole, axis=1, prepend=0.0)
    return asked


def given_up(there: Flags) -> Flags:
    """Tell the days of absence that are not missed: before the first box, or 60 days long or more."""
    days = np.arange(there.shape[1])
    before = np.maximum.accumulate(np.where(there, days, -1), axis=1)
    beyond = there.shape[1]
    after = np.minimum.accumulate(np.where(there, days, beyond)[:, ::-1], axis=1)[:, ::-1]
    return np.asarray(~there & ((before < 0) | (after - before > GIVEN_UP)))


def _rows(table: pa.Table, codes: Sequence[str]) -> Integers:
    """Return the row of the flows of each row of a table, −1 for a product they do not have."""
    coded = table.column("product_code").combine_chunks().dictionary_encode()
    place = {code: row for row, code in enumerate(codes)}
    named: list[Any] = coded.dictionary.to_pylist()
    known = [place.get(code, -1) for code in named]
    return np.asarray(np.array([*known, -1], dtype=np.int64)[coded.indices.to_numpy()])


def _floats(table: pa.Table, name: str) -> Floats:
    """Return a column as figures; nil where nothing is told."""
    return np.asarray(np.nan_to_num(table.column(name).cast(pa.float64()).to_numpy()))


def _last(values: Floats) -> Floats:
    """Return the last value of each row that is not nil."""
    found = np.zeros(len(values))
    for column in values.T:
        found = np.where(column > 0, column, found)
    return found
