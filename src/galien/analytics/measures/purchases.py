"""What the members buy: quantities, list and net amounts, real discount, weight (handbook, 20 and 30).

Amounts are read at a price level: list, invoice or net-net. At net-net price, every unit delivered counts at
list price, free ones too, and the discount is all that is taken off it: its parts add up to it exactly.
"""

from __future__ import annotations

from dataclasses import replace

from galien.analytics.measures.kinds import Ratio, Summed, Total, Whole
from galien.analytics.tables import Source

delivered_quantity = Total("delivered_quantity", Source.PURCHASES, "delivered_quantity")
list_amount = Total("list_amount", Source.PURCHASES, "list_amount")
net_amount = Total("net_amount", Source.PURCHASES, "net_amount")
discount_amount = Total("discount_amount", Source.PURCHASES, "list_amount - net_amount")
discount_rate = Ratio("discount_rate", of=discount_amount, to=list_amount)
potential = Whole("potential", of=list_amount)
potential_share = Ratio("potential_share", of=list_amount, to=potential)
free_quantity = Total("free_quantity", Source.PURCHASES, "free_quantity")

invoice_discount = Total("invoice_discount", Source.PURCHASES, "list_amount - net_amount")
free_units_discount = Total("free_units_discount", Source.PURCHASES, "free_amount")
cash_discount = Total("cash_discount", Source.PURCHASES, "cash_discount")
rebate = Total("rebate", Source.PURCHASES, "rebate")
cooperation = Total("cooperation", Source.PURCHASES, "cooperation")
priced_units = Total("priced_units", Source.PURCHASES, "delivered_quantity")
unit_net_price = Ratio("unit_net_price", of=net_amount, to=priced_units)

MEASURES = (
    delivered_quantity,
    list_amount,
    net_amount,
    discount_amount,
    discount_rate,
    potential,
    potential_share,
    free_quantity,
)
PARTS = (invoice_discount, free_units_discount, cash_discount, rebate, cooperation)
"""The parts of the discount at net-net price, in order; the same at every level."""
BY_NAME_ONLY = (*PARTS, priced_units, unit_net_price)

_REWORDED = {measure.name for measure in (list_amount, net_amount, discount_amount, discount_rate)}

LIST, INVOICE, NET_NET = LEVELS = ("list", "invoice", "net-net")
_AT_LEVEL = {
    LIST: {net_amount: "list_amount", discount_amount: "list_amount - list_amount"},
    NET_NET: {
        list_amount: "list_amount + free_amount",
        net_amount: "net_amount - cash_discount - rebate - cooperation",
        discount_amount: (
            "list_amount + free_amount - net_amount + cash_discount + rebate + cooperation"
        ),
        priced_units: "delivered_quantity + free_quantity",
    },
}


def at_level(measure: Summed, level: str) -> Summed:
    """Return a measure as it is read at a price level; other subjects have the invoice price alone.

    >>> at_level(net_amount, "net-net").sql
    'net_amount - cash_discount - rebate - cooperation'
    """
    sql = _AT_LEVEL.get(level, {}).get(measure)  # type: ignore[call-overload]
    return measure if sql is None else replace(measure, sql=sql)


def worded_at(name: str, level: str) -> str:
    """Return the word of the glossary for a column at a price level: some mean more at net-net price.

    >>> worded_at("net_amount_previous", "net-net"), worded_at("rebate", "net-net")
    ('net_amount_net_net_previous', 'rebate')
    """
    for suffix in ("_previous", "_change", ""):
        base = name.removesuffix(suffix)
        if level == NET_NET and name.endswith(suffix) and base in _REWORDED:
            return f"{base}_net_net{suffix}"
    return name
