"""What the same products did elsewhere in the group, where their price did not move: a run's witnesses.

A product is told from five other pharmacies on, five closed to the reader when any is; only sums come out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from galien.calculators.pricing.coherence import LEAST_OTHERS
from galien.model.viewer import Viewer
from galien.usecases.detail import read_network
from galien.usecases.prices.disclosure import Sight, sight
from galien.usecases.services import Services

# A price that moved by less than 1 % between both spans did not move.
_BESIDE = """
with beside as (
  select f.pharmacy, d.product_code,
    sum(s.quantity) filter (s.day < $since) as units_before,
    sum(s.quantity) filter (s.day >= $since) as units_after,
    sum(s.gross_incl) filter (s.day < $since) as gross_before,
    sum(s.gross_incl) filter (s.day >= $since) as gross_after,
    sum(s.net_excl) filter (s.day < $since) as sales_before,
    sum(s.net_excl) filter (s.day >= $since) as sales_after,
    sum(s.net_excl + s.fee_excl - s.cost_excl) filter (s.day < $since) as margin_before,
    sum(s.net_excl + s.fee_excl - s.cost_excl) filter (s.day >= $since) as margin_after
  from sales_day s join product d using (product_id) join pharmacy f using (pharmacy_id)
  where s.day between $first and $last and s.sale_type != 'resale'
    and d.product_code in (select unnest($codes))
    and f.pharmacy not in (select unnest($shops))
    and f."grouping" in (select "grouping" from pharmacy where pharmacy in (select unnest($shops)))
  group by all
)
select * exclude (gross_before, gross_after) from beside
where units_before > 0 and units_after > 0
  and abs(gross_after / units_after / (gross_before / units_before) - 1) < 0.01
order by product_code, pharmacy
"""
_NAMES = ("units", "sales", "margin")


@dataclass(frozen=True)
class Witnesses:
    """How sales moved elsewhere at unmoved prices: changes are ratios, None when nothing was sold."""

    pharmacies: int
    products: int
    units: Decimal | None
    sales: Decimal | None
    margin: Decimal | None


def witnesses(
    codes: Iterable[str],
    shops: Sequence[str],
    viewer: Viewer,
    *,
    since: dt.date,
    days: int,
    services: Services,
) -> Witnesses | None:
    """Return what products did in the rest of the group, over `days` on each side of a day.

    `shops` are the pharmacies whose prices were decided. None when fewer than five others may be told
    of any product.
    """
    span = dt.timedelta(days=days)
    first, last = since - span, since + span - dt.timedelta(days=1)
    given = {
        "codes": sorted(codes),
        "shops": list(shops),
        "first": first,
        "since": since,
        "last": last,
    }
    rows = read_network(_BESIDE, parameters=given, services=services).to_pylist()
    return summed(tellable(rows, sight(viewer, first, last)))


def tellable(rows: Iterable[Mapping[str, Any]], known: Sight) -> list[Mapping[str, Any]]:
    """Return the rows that may be counted together, product by product, by what the reader sees.

    >>> rows = [{"product_code": "P", "pharmacy": each} for each in "ABCDE"]
    >>> [len(tellable(rows[:n], Sight(seen))) for n, seen in ((5, None), (5, frozenset("AB")), (4, None))]
    [5, 0, 0]
    """
    products: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        products.setdefault(row["product_code"], []).append(row)
    kept: list[Mapping[str, Any]] = []
    for each in products.values():
        counted = known.counted(row["pharmacy"] for row in each)
        told = [row for row in each if row["pharmacy"] in counted]
        if len(told) >= LEAST_OTHERS:
            kept += told
    return kept


def summed(rows: Sequence[Mapping[str, Any]]) -> Witnesses | None:
    """Return how the rows moved together; None without any."""
    if not rows:
        return None
    changes = {}
    for name in _NAMES:
        before, after = (
            sum((Decimal(str(row[f"{name}_{side}"] or 0)) for row in rows), Decimal(0))
            for side in ("before", "after")
        )
        changes[name] = after / before - 1 if before > 0 else None
    return Witnesses(
        len({row["pharmacy"] for row in rows}),
        len({row["product_code"] for row in rows}),
        **changes,
    )
