"""What the network's own prices teach: how volumes answered their changes, which products are compared.

Only estimates and marks come out, of at least five pharmacies, and five closed to the reader when any
is; no one's sales do.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from galien.calculators.pricing.coherence import LEAST_OTHERS
from galien.calculators.pricing.compared import LEAST_PHARMACIES as LEAST_OF_SPREAD
from galien.calculators.pricing.compared import Watched, compared
from galien.calculators.pricing.elasticity import (
    LEAST_EVENTS,
    LEAST_PHARMACIES,
    Elasticity,
    PriceChange,
    estimate,
)
from galien.calculators.pricing.price_changes import Months, price_changes
from galien.model.viewer import Viewer
from galien.usecases.detail import read_network, read_products, release_of
from galien.usecases.last_used import LastUsed
from galien.usecases.prices.disclosure import Sight, sight
from galien.usecases.services import Services

_MONTHS: LastUsed[Months] = LastUsed(1)
_CHANGES: LastUsed[Sequence[PriceChange]] = LastUsed(4)
_MEASURED: LastUsed[Measured] = LastUsed(4)
_COMPARED: LastUsed[Mapping[str, str]] = LastUsed(4)
SPAN = dt.timedelta(days=750)
QUARTER = dt.timedelta(days=92)

_SALES = """
select f.pharmacy, d.product_code,
  cast(date_diff('month', $first, s.month) as bigint) as month,
  cast(sum(s.quantity) as bigint) as units,
  cast(sum(s.gross_incl) as double) / sum(s.quantity) as price
from sales_month_type s join product d using (product_id) join pharmacy f using (pharmacy_id)
where s.sale_type = 'counter' and s.month >= $first and d.reimbursable is distinct from true
group by f.pharmacy, d.product_code, s.month
having sum(s.quantity) > 0 and sum(s.gross_incl) > 0
order by f.pharmacy, d.product_code, s.month
"""
_UNIVERSES = (
    "select product_code, cast(universe_1 as varchar) as name from product order by product_id"
)
# The last price of each pharmacy over the quarter, then how these prices stand together.
_SPREADS = """
with priced as (
  select f.pharmacy, d.product_code, arg_max(s.gross_incl / s.quantity, s.day) as price,
    sum(s.quantity) as units
  from sales_day s join product d using (product_id) join pharmacy f using (pharmacy_id)
  where s.day between $first and $last and s.quantity > 0 and s.sale_type = 'counter'
    and s.campaign is null and d.reimbursable is distinct from true
    and f.pharmacy in (select unnest($counted))
  group by f.pharmacy, d.product_code
)
select product_code, count(*) as pharmacies, sum(units) as units,
  (quantile_cont(price, 0.75) - quantile_cont(price, 0.25)) / median(price) as spread
from priced where price > 0
group by product_code
having count(*) >= $least and count(*) filter (pharmacy in (select unnest($closed))) not between 1 and 4
order by product_code
"""


@dataclass(frozen=True)
class Seen:
    """The pharmacies counted together before a viewer, and those of them closed to him."""

    counted: frozenset[str]
    closed: frozenset[str]

    def estimated(self, changes: Sequence[PriceChange], *, least: int = LEAST_EVENTS) -> Elasticity:
        """Estimate from changes, without those of closed pharmacies when these are one to four."""
        if 0 < len({each.pharmacy for each in changes} & self.closed) < LEAST_OTHERS:
            changes = [each for each in changes if each.pharmacy not in self.closed]
        return estimate(changes, least=least)


@dataclass(frozen=True)
class Measured:
    """The elasticity of the network's free prices, in all and by universe of products."""

    whole: Elasticity
    universes: Mapping[str, Elasticity]

    @property
    def usable(self) -> Mapping[str, Elasticity]:
        """Return the universes whose interval leaves the sign no doubt."""
        return {name: each for name, each in self.universes.items() if each.usable}


def network_elasticity(*, viewer: Viewer, services: Services) -> Elasticity:
    """Estimate the elasticity of free prices from two years of the network's counter sales.

    The estimate says when the data do not allow one. Raises NotAvailable when nothing is published.
    """
    return network_elasticities(viewer=viewer, services=services).whole


def network_elasticities(*, viewer: Viewer, services: Services) -> Measured:
    """Estimate elasticities in all and by universe, as `network_elasticity` does."""
    today = services.clock.today()
    seen = _seen(today, viewer, services)
    return _MEASURED.get(
        (release_of(services), today, seen), lambda: _measured(today, seen, services)
    )


def _measured(today: dt.date, seen: Seen, services: Services) -> Measured:
    changes = _changes(today, seen, services)
    rows = read_products(_UNIVERSES, services=services).to_pylist()
    universe = {row["product_code"]: row["name"] for row in rows}
    by_universe: dict[str, list[PriceChange]] = {}
    for each in changes:
        name = universe.get(each.product_code)
        if name:
            by_universe.setdefault(name, []).append(each)
    found = {name: seen.estimated(each) for name, each in sorted(by_universe.items())}
    return Measured(seen.estimated(changes), found)


def compared_products(*, viewer: Viewer, services: Services) -> Mapping[str, str]:
    """Return the free-price products whose price shoppers compare, each with its reason in French.

    Found in the network's counter prices of the last quarter, from six pharmacies on, and in its price
    changes of two years. Raises NotAvailable when nothing is published.
    """
    today = services.clock.today()
    seen = _seen(today, viewer, services)
    return _COMPARED.get(
        (release_of(services), today, seen), lambda: _compared(today, seen, services)
    )


def _compared(today: dt.date, seen: Seen, services: Services) -> Mapping[str, str]:
    by_product: dict[str, list[PriceChange]] = {}
    for change in _changes(today, seen, services):
        by_product.setdefault(change.product_code, []).append(change)
    given = {
        "first": today - QUARTER,
        "last": today,
        "least": LEAST_OF_SPREAD,
        "counted": sorted(seen.counted),
        "closed": sorted(seen.closed),
    }
    rows = read_network(_SPREADS, parameters=given, services=services).to_pylist()
    return compared(
        Watched(
            row["product_code"],
            row["pharmacies"],
            Decimal(str(row["spread"])),
            Decimal(str(row["units"])),
            seen.estimated(by_product.get(row["product_code"], ()), least=LEAST_PHARMACIES),
        )
        for row in rows
    )


def _seen(today: dt.date, viewer: Viewer, services: Services) -> Seen:
    """Return what may be counted together before a viewer."""
    return seen_by(_months(today, services).pharmacies, sight(viewer, today - SPAN, today))


def seen_by(every: Iterable[str], known: Sight) -> Seen:
    """Tell who is counted, and who of them is closed.

    >>> sorted(seen_by("ABCDEF", Sight(frozenset("ABCDE"))).counted)
    ['A', 'B', 'C', 'D', 'E']
    >>> len(seen_by("ABCDEF", Sight(frozenset("A"))).closed)
    5
    """
    counted = known.counted(every)
    return Seen(counted, frozenset() if known.whole is None else counted - known.whole - known.some)


def _changes(today: dt.date, seen: Seen, services: Services) -> Sequence[PriceChange]:
    """Return the price changes of two years, found once for all who ask of a release."""
    counted = seen.counted
    key = (release_of(services), today, counted)
    return _CHANGES.get(key, lambda: tuple(price_changes(_months(today, services).of(counted))))


def _months(today: dt.date, services: Services) -> Months:
    first = (today - SPAN).replace(day=1)

    def made() -> Months:
        return _as_months(read_network(_SALES, parameters={"first": first}, services=services))

    return _MONTHS.get((release_of(services), first), made)


def _as_months(rows: pa.Table) -> Months:
    pharmacy, product = (_places(rows[name]) for name in ("pharmacy", "product_code"))
    month, units, price = (rows[name].to_numpy() for name in ("month", "units", "price"))
    return Months(pharmacy[0], product[0], pharmacy[1], product[1], month, units, price)


def _places(column: Any) -> tuple[tuple[str, ...], Any]:
    """Return the names of a column in order, and the place of each row's."""
    found = column.combine_chunks().dictionary_encode()
    names: list[str] = found.dictionary.to_pylist()
    order = np.argsort(np.array(names, dtype=object), kind="stable")
    place = np.empty(len(names), np.int64)
    place[order] = np.arange(len(names))
    return tuple(sorted(names)), place[found.indices.to_numpy()]
