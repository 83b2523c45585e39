"""What the catalogue knows of the products of invoices: what names them in contracts, their list price."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from galien.calculators.discounts.audit.found import Known
from galien.kernel.errors import NotAvailable
from galien.kernel.money import round_amount
from galien.law.price_structure import WholesalerMargin
from galien.model.clauses import class_named
from galien.model.contracts import ProductKeys
from galien.usecases.detail import read_products
from galien.usecases.products import regulated_prices
from galien.usecases.services import Services

DIRECT = "direct"
_PRODUCTS = """
    select product_code, arg_max(generic_status, product_id) as generic_status,
           arg_max(generic_group, product_id) as generic_group, arg_max("range", product_id) as "range",
           arg_max(brand, product_id) as brand, arg_max(lab, product_id) as lab,
           arg_max(reimbursable, product_id) as reimbursable
    from product where product_code in (select unnest($codes)) group by product_code
"""


def keys_of(codes: Iterable[str], *, services: Services) -> dict[str, ProductKeys]:
    """Return what names each product in contracts, of those the release knows."""
    wanted = sorted({each for each in codes if each})
    try:
        rows = read_products(_PRODUCTS, parameters={"codes": wanted}, services=services).to_pylist()
    except NotAvailable:
        return {}
    return {row["product_code"]: _keys(row) for row in rows}


def _keys(row: Mapping[str, Any]) -> ProductKeys:
    return ProductKeys(
        row["product_code"],
        generic_group=str(row["generic_group"] or ""),
        range=str(row["range"] or ""),
        brand=str(row["brand"] or ""),
        lab=str(row["lab"] or ""),
        product_class=class_named(row["generic_status"], row["reimbursable"]),
    )


def known_products(
    keys: Mapping[str, ProductKeys],
    on: dt.date,
    *,
    channel: str,
    seen: Mapping[str, Decimal],
    services: Services,
) -> dict[str, Known]:
    """Return products with their list price on a day, in euros excl. tax.

    A regulated price is the ex-factory price, with the wholesaler's margin unless it was bought of
    its lab; a delivery's own list price (`seen`) counts when it is higher.
    """
    regulated = regulated_prices(keys, on, services=services)
    try:
        margin = None if channel == DIRECT else WholesalerMargin.on(services.law, on)
    except NotAvailable:
        margin = None
    found = {}
    for code, each in keys.items():
        price = regulated.get(code)
        if price is not None and channel != DIRECT:
            price = None if margin is None else round_amount(price + _margin(margin, price))
        listed = [value for value in (price, seen.get(code)) if value]
        found[code] = Known(each, max(listed) if listed else None)
    return found


def _margin(margin: WholesalerMargin, price: Decimal) -> Decimal:
    try:
        return margin.amount(price)
    except NotAvailable:
        return Decimal(0)
