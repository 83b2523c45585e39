"""What the members buy: quantities, list and net amounts, real discount, weight (handbook, 20)."""

from __future__ import annotations

from galien.analytics.measures.kinds import Ratio, Total, Whole
from galien.analytics.tables import Source

delivered_quantity = Total("delivered_quantity", Source.PURCHASES, "delivered_quantity")
list_amount = Total("list_amount", Source.PURCHASES, "list_amount")
net_amount = Total("net_amount", Source.PURCHASES, "net_amount")
discount_amount = Total("discount_amount", Source.PURCHASES, "list_amount - net_amount")
discount_rate = Ratio("discount_rate", of=discount_amount, to=list_amount)
potential = Whole("potential", of=list_amount)
potential_share = Ratio("potential_share", of=list_amount, to=potential)
free_quantity = Total("free_quantity", Source.PURCHASES, "free_quantity")

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
