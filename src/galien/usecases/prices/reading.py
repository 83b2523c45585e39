"""What a pharmacy's shelves sell for, as its own sales say: last price, lasting cost, units, others' prices.

Rights are those of questions on sales. Prices of other pharmacies serve their quartiles alone, which
calculators tell from five of them on, five closed to the reader when any is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from galien.analytics.question import Filter, Question
from galien.calculators.pricing.legality import Nature
from galien.kernel.period import Period
from galien.model.viewer import Viewer
from galien.usecases.ask import ask
from galien.usecases.detail import Reading, read, read_network, read_products, release_of
from galien.usecases.last_used import LastUsed
from galien.usecases.prices.disclosure import Sight, sight
from galien.usecases.services import Services

YEAR = dt.timedelta(days=365)
QUARTER = dt.timedelta(days=92)  # others' prices are those of now
CENT = Decimal("0.01")

_KEPT = """s.quantity > 0 and s.sale_type in
  ('counter', 'prescription_cash', 'prescription_third_party', 'commercial')"""
# A shelf price is what one box was marked on the last day it sold.
_PRICES = Reading("prices of the year", ("sales_day",), f"""
select f.pharmacy, any_value(f."grouping") as "grouping", d.product_code,
  arg_max(round(s.gross_incl / s.quantity, 2), s.day) as price_incl,
  sum(s.quantity) as units, sum(s.cost_excl) as cost, sum(s.net_excl) as turnover,
  sum(s.discount_incl / (1 + coalesce(s.vat_rate, 0))) as rebates,
  arg_max(s.vat_rate, s.day) as vat_rate, max(s.day) as last_day
from sales_day s join product d using (product_id) join pharmacy f using (pharmacy_id)
where {_KEPT}
group by f.pharmacy, d.product_code
order by f.pharmacy, d.product_code
""")  # noqa: S608 - constants  # fmt: skip
_EVERYONE = f"""
select "grouping", product_code, list(pharmacy order by pharmacy) as pharmacies,
  list(price order by pharmacy) as prices
from (
  select f."grouping", f.pharmacy, d.product_code,
    arg_max(cast(s.gross_incl / s.quantity as decimal(18, 2)), s.day) as price
  from sales_day s join product d using (product_id) join pharmacy f using (pharmacy_id)
  where s.day between $first and $on and d.reimbursable is distinct from true and {_KEPT}
  group by f."grouping", f.pharmacy, d.product_code
) group by "grouping", product_code
"""  # noqa: S608 - constants
_PRODUCTS = """
select product_code, arg_max(label, since) as label, arg_max(reimbursable, since) as reimbursable,
  {attributes}
from product group by product_code
"""
Everyone = Mapping[tuple[str | None, str], Mapping[str, Decimal]]
_EVERYONES: LastUsed[Everyone] = LastUsed(2)
_NAMES = ("universe_1", "universe_2", "family_1", "family_2", "segment_1", "brand", "range", "lab",
          "product_type")  # fmt: skip


@dataclass(frozen=True)
class Sold:
    """A product of a pharmacy: last price incl. tax, mean cost of the year, units and turnover excl. tax.

    `rebates` are what clients were given in the year, in euros excl. tax.

    `others` are the prices of the other pharmacies of its group over the last quarter: those open to the
    reader, and the rest when they are five at least, so that none is found by taking off what is known.
    """

    pharmacy: str
    product_code: str
    label: str
    price_incl: Decimal
    cost: Decimal | None
    units: Decimal
    turnover: Decimal
    vat_rate: Decimal | None
    last_day: dt.date
    reimbursable: bool | None
    nature: Nature
    attributes: Mapping[str, str]
    others: tuple[Decimal, ...]
    rebates: Decimal = Decimal(0)


def pharmacies_open(
    viewer: Viewer, pharmacies: Sequence[str], *, on: dt.date, services: Services
) -> tuple[str, ...]:
    """Return the pharmacies whose sales of the year are open; NotAllowed when none is."""
    where = (Filter("pharmacy", tuple(pharmacies)),) if pharmacies else ()
    asked = Question("sales", period=f"{on - YEAR}..{on}", compare="none", where=where)
    return ask(asked, viewer, services=services).meta.scope


def sold(
    pharmacies: Sequence[str], viewer: Viewer, *, on: dt.date, services: Services
) -> tuple[Sold, ...]:
    """Read what pharmacies sold in the year before a day, on the days rights open.

    Raises NotAllowed when they open no day of the pharmacies' sales.
    """
    columns = ", ".join(f'arg_max(cast("{name}" as varchar), since) as "{name}"' for name in _NAMES)
    year, now = Period(on - YEAR, on), Period(on - QUARTER, on)
    rows = read(_PRICES, viewer, year, pharmacies=pharmacies, services=services).to_pylist()
    told = read_products(_PRODUCTS.format(attributes=columns), services=services).to_pylist()
    products = {row["product_code"]: row for row in told}
    known = sight(viewer, now.first, now.last)
    prices = everyone(now, services=services)
    return tuple(
        _sold(
            row,
            products.get(row["product_code"], {}),
            others_of(
                row["pharmacy"], prices.get((row["grouping"], row["product_code"]), {}), known
            ),
        )
        for row in rows
    )


def everyone(now: Period, *, services: Services) -> Everyone:
    """Return the last free prices of every pharmacy over days, by group and product: for quartiles alone."""
    key = (release_of(services), now)

    def made() -> Everyone:
        given = {"first": now.first, "on": now.last}
        rows = read_network(_EVERYONE, parameters=given, services=services).to_pylist()
        return {
            (row["grouping"], row["product_code"]): dict(
                zip(row["pharmacies"], row["prices"], strict=True)
            )
            for row in rows
        }

    return _EVERYONES.get(key, made)


def others_of(pharmacy: str, prices: Mapping[str, Decimal], known: Sight) -> tuple[Decimal, ...]:
    """Return the prices of others that may be counted together, by what the reader sees of the days.

    >>> prices = {"A": Decimal(1), "B": Decimal(2), "C": Decimal(3)}
    >>> others_of("A", prices, Sight(frozenset("AB")))
    (Decimal('2'),)
    """
    counted = known.counted(prices.keys() - {pharmacy})
    return tuple(price for each, price in prices.items() if each in counted)


def _sold(row: Mapping[str, Any], product: Mapping[str, Any], others: tuple[Decimal, ...]) -> Sold:
    rate = None if row["vat_rate"] is None else Decimal(row["vat_rate"])
    attributes = {name: product.get(name) or "" for name in _NAMES}
    attributes["vat_rate"] = "" if rate is None else f"{rate.normalize():f}"
    units, cost = Decimal(row["units"]), row["cost"]
    return Sold(
        pharmacy=row["pharmacy"],
        product_code=row["product_code"],
        label=product.get("label") or row["product_code"],
        price_incl=_cents(row["price_incl"]),
        cost=Decimal(cost) / units if cost and units else None,
        units=units,
        turnover=Decimal(row["turnover"] or 0),
        vat_rate=rate,
        last_day=row["last_day"],
        reimbursable=product.get("reimbursable"),
        nature=_nature(attributes["product_type"]),
        attributes=attributes,
        others=others,
        rebates=Decimal(str(row["rebates"] or 0)),
    )


def _nature(product_type: str) -> Nature:
    text = product_type.casefold()
    if text.startswith(("méd", "med")):
        return Nature.MEDICINE
    if text.startswith("homéo"):
        return Nature.HOMEOPATHY
    return Nature.DEVICE if "dispositif" in text else Nature.OTHER


def _cents(found: object) -> Decimal:
    return Decimal(str(found)).quantize(CENT)
