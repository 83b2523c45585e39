"""What is about to run out everywhere: neither on the shelves of the viewer's pharmacies nor at a supplier.

Only products taken by regular patients: those that sell nearly every month. Generics of a group stand for
each other. Pharmacies are those that the viewer's rights open, and no figure is of another.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from galien.calculators.stock.shortages import Shelf, running_out
from galien.kernel.errors import NotAllowed, NotAvailable
from galien.kernel.period import Period
from galien.model.viewer import Viewer
from galien.usecases.detail import Reading, read, release_of
from galien.usecases.last_used import LastUsed
from galien.usecases.services import Services
from galien.usecases.stock.instead import LATELY, Kin, kin, last_lines
from galien.usecases.stock.national import National, Notice, Status, national_list
from galien.usecases.stock.preparing import FEEDS
from galien.usecases.stock.reading import YEAR, levels, opened

DAYS = 7.0
MONTH = 30
REGULAR = 0.75  # of the months known, in which a product sells, for patients who take it for good

_SPAN = Reading("sales known", ("sales_day",), "select max(s.day) as last from sales_day s")
_REFUSED = Reading("refused", ("purchase_line",), """
select distinct d.product_code from purchase_line s join product d using (product_id)
where s.delivered_quantity = 0 and s.ordered_quantity > 0
""")  # fmt: skip
_SOLD = Reading("sold by month", ("sales_day",), """
select f.pharmacy, d.product_code, sum(s.quantity) as units, list(distinct s.month) as months
from sales_day s join product d using (product_id) join pharmacy f using (pharmacy_id)
where s.sale_type <> 'resale' and d.product_code in (select unnest($codes))
group by f.pharmacy, d.product_code
""")  # fmt: skip
_MOVED = Reading("moved", ("purchase_line", "sales_day"), """
select f.pharmacy, m.product_code, m.day, sum(m.units) as units from (
  select s.pharmacy_id, d.product_code, s.day, s.delivered_quantity + coalesce(s.free_quantity, 0) as units
  from purchase_line s join product d using (product_id)
  where d.product_code in (select unnest($codes))
  union all
  select s.pharmacy_id, d.product_code, s.day, -s.quantity as units
  from sales_day s join product d using (product_id)
  where d.product_code in (select unnest($codes))
) m join pharmacy f using (pharmacy_id)
group by f.pharmacy, m.product_code, m.day
""")  # fmt: skip


@dataclass(frozen=True)
class RunningOut:
    """A product, or a generic group, about to run out: units left, units sold a day, days at the best place.

    `pharmacies` are those that sell it; `notice` what the national list says.
    """

    code: str
    label: str
    products: int
    pharmacies: int
    units: int
    daily: float
    days: float
    notice: Notice | None


@dataclass(frozen=True)
class Alert:
    """What is about to run out in so many pharmacies, as known on the last day of their sales."""

    known_until: dt.date
    pharmacies: int
    found: tuple[RunningOut, ...]


_KEPT = LastUsed["Alert | None"](32)  # asked by every first page


def about_to_run_out(viewer: Viewer, *, on: dt.date, services: Services) -> Alert | None:
    """Find what no supplier delivers any more and no open pharmacy has a week of.

    None without rights or data. A supplier has what it last delivered, within a month. What
    nobody asked for in that month lacks only when the national list says so.
    """
    listed = national_list(services)
    key = (services.workspace.path, release_of(services), viewer, on, listed.read_at)
    return _KEPT.get(key, lambda: _found(viewer, on, listed, services))


def _found(viewer: Viewer, on: dt.date, listed: National, services: Services) -> Alert | None:
    try:
        scope = opened(viewer, (), on=on, services=services, feeds=FEEDS)
        given: dict[str, Any] = {"pharmacies": scope, "services": services}
        last = read(_SPAN, viewer, Period(on - YEAR, on), **given).to_pylist()[0]["last"]
        if last is None:
            return None
        lately = Period(last - LATELY, last)
        refused = read(_REFUSED, viewer, lately, **given).to_pylist()
    except (NotAllowed, NotAvailable):
        return None
    told = [code for code, each in listed.notices.items() if each.status is Status.SHORTAGE]
    near = kin({*told, *(row["product_code"] for row in refused)}, services=services)
    codes = _nowhere(near, viewer, scope, last, services=services)
    shelves = _shelves(codes, viewer, scope, last, services=services)
    short = running_out(shelves, {code: near[code].group for code in codes}, DAYS)
    return Alert(last, len(scope), _told(short, shelves, near, listed))


def _nowhere(
    near: Mapping[str, Kin], viewer: Viewer, scope: Sequence[str], last: dt.date, *,
    services: Services,
) -> list[str]:  # fmt: skip
    """Return the products of which no supplier delivered any, nor any of their group, at its last answer."""
    answers = last_lines(sorted(near), viewer, scope, until=last, services=services)
    there = {_stand(near[line.product]) for line in answers if line.units > 0}
    return sorted(code for code, each in near.items() if _stand(each) not in there)


def _stand(each: Kin) -> str:
    """Return what stands for a product: its generic group, else itself."""
    return each.group or each.code


def _shelves(
    codes: Sequence[str], viewer: Viewer, scope: Sequence[str], last: dt.date, *,
    services: Services,
) -> tuple[Shelf, ...]:  # fmt: skip
    """Return the shelves of products that regular patients take, as they are on the last day of sales."""
    if not codes:
        return ()
    given: dict[str, Any] = {
        "pharmacies": scope,
        "parameters": {"codes": list(codes)},
        "services": services,
    }
    year = Period(last - YEAR, last)
    sold = read(_SOLD, viewer, year, **given).to_pylist()
    months: dict[str, set[dt.date]] = defaultdict(set)
    for row in sold:
        months[row["product_code"]] |= set(row["months"])
    known = len(set().union(*months.values())) if months else 0
    counts = {
        (each.pharmacy, each.product_code): (each.counted_on, float(each.quantity))
        for each in levels(scope, viewer, on=last, services=services, codes=codes)
    }
    moved: dict[tuple[str, str], float] = defaultdict(float)
    for row in read(_MOVED, viewer, year, **given).to_pylist():
        key = (row["pharmacy"], row["product_code"])
        if key in counts and row["day"] > counts[key][0]:
            moved[key] += float(row["units"])
    days = max(MONTH * known, 1)
    return tuple(
        Shelf(key[0], key[1], max(0.0, counts.get(key, (last, 0.0))[1] + moved[key]),
              float(row["units"]) / days)
        for row in sold
        if len(months[row["product_code"]]) >= REGULAR * known
        and (key := (row["pharmacy"], row["product_code"]))
    )  # fmt: skip


def _told(
    short: Iterable[str], shelves: Sequence[Shelf], near: Mapping[str, Kin], listed: National
) -> tuple[RunningOut, ...]:
    """Return one line a product or generic group, the most sold first."""
    groups: dict[str, set[str]] = defaultdict(set)
    for code in short:
        groups[_stand(near[code])].add(code)
    made = []
    for codes in groups.values():
        mine = [each for each in shelves if each.product in codes and each.demand > 0]
        best: dict[str, float] = defaultdict(float)
        need: dict[str, float] = defaultdict(float)
        for each in mine:
            best[each.pharmacy] += each.units
            need[each.pharmacy] += each.demand
        first = min(codes, key=lambda code: near[code].label)
        notices = [notice for code in sorted(codes) if (notice := listed.lasting(code)) is not None]
        made.append(
            RunningOut(
                first, near[first].group_label or near[first].label, len(codes), len(best),
                int(sum(best.values())), sum(need.values()),
                max((best[each] / need[each] for each in need), default=0.0),
                min(notices, key=lambda each: each.status.rank, default=None),
            )
        )  # fmt: skip
    return tuple(sorted(made, key=lambda each: (-each.daily, each.label)))
