"""What could take the place of products short: their generic groups, where they are, at what price."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from galien.calculators.stock.shortages import Available
from galien.kernel.errors import NotAllowed
from galien.kernel.period import Period
from galien.model.viewer import Viewer
from galien.usecases.detail import Reading, read, read_products
from galien.usecases.services import Services
from galien.usecases.stock.flows import Bought
from galien.usecases.stock.reading import Level

LATELY = dt.timedelta(days=30)  # what a supplier delivered lately, it is taken to have
CENT = Decimal("0.01")

_KIN = """
with named as (
  select product_code, arg_max(label, product_id) as label,
    arg_max(cast(lab as varchar), product_id) as lab,
    arg_max(cast(generic_group as varchar), product_id) as generic_group,
    arg_max(cast(generic_group_label as varchar), product_id) as group_label
  from product group by product_code
)
select * from named where product_code in (select unnest($codes)) or generic_group in (
  select generic_group from named where product_code in (select unnest($codes))
)
"""
_LAST_LINES = Reading("last lines", ("purchase_line",), """
select d.product_code, s.supplier, max(s.day) as day, arg_max(s.units, s.day) as units from (
  select product_id, supplier, day, sum(delivered_quantity) as units from purchase_line
  where coalesce(ordered_quantity, delivered_quantity) > 0 and supplier is not null
  group by product_id, supplier, day
) s join product d using (product_id)
where d.product_code in (select unnest($codes))
group by d.product_code, s.supplier
""")  # fmt: skip


@dataclass(frozen=True)
class Kin:
    """A product as the catalogue names it, with its generic group; empty texts for what is unknown."""

    code: str
    label: str
    lab: str
    group: str
    group_label: str


def kin(codes: Iterable[str], *, services: Services) -> dict[str, Kin]:
    """Return products and all those of their generic groups, by code."""
    wanted = sorted(set(codes))
    if not wanted:
        return {}
    rows = read_products(_KIN, parameters={"codes": wanted}, services=services).to_pylist()
    return {row["product_code"]: _kin(row) for row in rows}


def _kin(row: Mapping[str, Any]) -> Kin:
    code = row["product_code"]
    return Kin(
        code, row["label"] or code, row["lab"] or "", row["generic_group"] or "",
        row["group_label"] or "",
    )  # fmt: skip


@dataclass(frozen=True)
class LastLine:
    """The last time a supplier was asked for a product: the day, and the units that came."""

    product: str
    supplier: str
    day: dt.date
    units: int


def last_lines(
    codes: Sequence[str], viewer: Viewer, pharmacies: Sequence[str], *, until: dt.date,
    services: Services,
) -> tuple[LastLine, ...]:  # fmt: skip
    """Read what suppliers last answered pharmacies in the month before a day, as rights open."""
    try:
        rows = read(
            _LAST_LINES, viewer, Period(until - LATELY, until), pharmacies=pharmacies,
            parameters={"codes": list(codes)}, services=services,
        ).to_pylist()  # fmt: skip
    except NotAllowed:
        return ()
    return tuple(
        LastLine(row["product_code"], row["supplier"], row["day"], int(row["units"]))
        for row in rows
    )


def places(
    lines: Iterable[LastLine], shelves: Iterable[Level], bought: Iterable[Bought], *, apart: str
) -> tuple[Available, ...]:
    """Return where products are: suppliers whose last answer was boxes, and shelves but those of `apart`.

    The price at a supplier is what the pharmacy last paid it, in euros excl. tax.
    """
    paid = {
        (line.product_code, line.supplier): (line.net_amount / line.delivered).quantize(CENT)
        for line in bought
        if line.delivered > 0
    }
    there = [
        Available(
            each.product, each.supplier, sister=False, units=each.units, seen_on=each.day,
            price=paid.get((each.product, each.supplier)),
        )
        for each in lines
        if each.units > 0
    ]  # fmt: skip
    here = [
        Available(
            each.product_code, each.pharmacy, sister=True, units=int(each.quantity),
            seen_on=each.counted_on,
        )
        for each in shelves
        if each.pharmacy != apart
    ]  # fmt: skip
    return (*there, *here)
