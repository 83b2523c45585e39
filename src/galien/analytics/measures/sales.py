"""What the pharmacies sell: boxes, turnover, adjusted margin and its rate (handbook, 20 and 97)."""

from __future__ import annotations

from galien.analytics.measures.kinds import Ratio, Total
from galien.analytics.tables import Source

quantity = Total("quantity", Source.SALES, "quantity")
sales_incl = Total("sales_incl", Source.SALES, "net_incl")
sales_excl = Total("sales_excl", Source.SALES, "net_excl")
adjusted_margin = Total("adjusted_margin", Source.SALES, "net_excl + fee_excl - cost_excl")
margin_rate = Ratio("margin_rate", of=adjusted_margin, to=sales_excl)

cost_excl = Total("cost_excl", Source.SALES, "cost_excl")
fee_incl = Total("fee_incl", Source.SALES, "fee_incl")
fee_excl = Total("fee_excl", Source.SALES, "fee_excl")
discount_incl = Total("discount_incl", Source.SALES, "discount_incl")

MEASURES = (quantity, sales_incl, sales_excl, adjusted_margin, margin_rate)
BY_NAME_ONLY = (cost_excl, fee_incl, fee_excl, discount_incl)

uncosted_lines = Total("uncosted_lines", Source.SALES, "uncosted_lines")
