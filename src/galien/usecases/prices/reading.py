"""What a pharmacy's shelves sell for, as its own sales say: last price, lasting cost, units, others' prices.

Rights are those of questions on sales. Prices of other pharmacies serve their quartiles alone, which
calculators tell from five of them on.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from galien.analytics.question import Filter, Question
from galien.calculators.pricing.legality import Nature
from galien.model.viewer import Viewer
from galien.usecases.ask import ask
from galien.usecases.services import Services

YEAR = dt.timedelta(days=365)
CENT = Decimal("0.01")

# The price of a day is what one box was marked; a shelf price is the last of them.
_PRICES = """
with told as (
  select s.pharmacy_id, d.product_code, s.day, max(d.since) as since,
    sum(s.quantity) as quantity, sum(s.gross_incl) as gross, sum(s.cost_excl) as cost,
    max(s.vat_rate) as vat_rate
  from sales_day s join product d using (product_id)
  where s.day between $first and $on and s.sale_type in ('counter', 'prescription_cash',
    'prescription_third_party', 'commercial') and s.quantity > 0
  group by s.pharmacy_id, d.product_code, s.day
)
select f.pharmacy, t.product_code,
  arg_max(round(t.gross / t.quantity, 2), t.day) as price_incl,
  sum(t.quantity) as units, sum(t.cost) as cost, arg_max(t.vat_rate, t.day) as vat_rate,
  max(t.day) as last_day
from told t join pharmacy f using (pharmacy_id)
group by f.pharmacy, t.product_code
"""
_PRODUCTS = """
select product_code, arg_max(label, since) as label, arg_max(reimbursable, since) as reimbursable,
  {attributes}
from product group by product_code
"""
_NAMES = ("universe_1", "universe_2", "family_1", "family_2", "segment_1", "brand", "range", "lab",
          "product_type")  # fmt: skip


@dataclass(frozen=True)
class Sold:
    """A product of a pharmacy: last price incl. tax, mean cost of the year excl. tax, units sold."""

    pharmacy: str
    product_code: str
    label: str
    price_incl: Decimal
    cost: Decimal | None
    units: Decimal
    vat_rate: Decimal | None
    last_day: dt.date
    reimbursable: bool | None
    nature: Nature
    attributes: Mapping[str, str]
    others: tuple[Decimal, ...]


def pharmacies_open(
    viewer: Viewer, pharmacies: Sequence[str], *, on: dt.date, services: Services
) -> tuple[str, ...]:
    """Return the pharmacies whose sales of the year are open; NotAllowed when none is."""
    where = (Filter("pharmacy", tuple(pharmacies)),) if pharmacies else ()
    asked = Question("sales", period=f"{on - YEAR}..{on}", compare="none", where=where)
    return ask(asked, viewer, services=services).meta.scope


def sold(pharmacies: Sequence[str], *, on: dt.date, services: Services) -> tuple[Sold, ...]:
    """Read what pharmacies sold in the year before a day. The caller has asked `pharmacies_open`."""
    columns = ", ".join(f'arg_max(cast("{name}" as varchar), since) as "{name}"' for name in _NAMES)
    with services.reader.hold() as held:
        engine = services.reading.view(held).engine
        rows = engine.query(_PRICES, {"on": on, "first": on - YEAR}).to_pylist()
        told = engine.query(_PRODUCTS.format(attributes=columns)).to_pylist()
    products = {row["product_code"]: row for row in told}
    prices: dict[str, list[tuple[str, Decimal]]] = defaultdict(list)
    for row in rows:
        prices[row["product_code"]].append((row["pharmacy"], _cents(row["price_incl"])))
    wanted = set(pharmacies)
    mine = [row for row in rows if row["pharmacy"] in wanted]
    mine.sort(key=lambda row: (row["pharmacy"], row["product_code"]))
    return tuple(
        _sold(row, products.get(row["product_code"], {}), prices[row["product_code"]])
        for row in mine
    )


def _sold(
    row: Mapping[str, Any], product: Mapping[str, Any], prices: Sequence[tuple[str, Decimal]]
) -> Sold:
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
        vat_rate=rate,
        last_day=row["last_day"],
        reimbursable=product.get("reimbursable"),
        nature=_nature(attributes["product_type"]),
        attributes=attributes,
        others=tuple(price for pharmacy, price in prices if pharmacy != row["pharmacy"]),
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
