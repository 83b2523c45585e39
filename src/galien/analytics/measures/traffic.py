"""Who comes in: invoices and visits counted once, lines, turnover and the average basket."""

from __future__ import annotations

from galien.analytics.measures.kinds import Distinct, Ratio, Total
from galien.analytics.tables import Source

visits = Distinct("visits", Source.VISITS, "visits")
invoices = Distinct("invoices", Source.VISITS, "invoices")
mixed_visits = Distinct("mixed_visits", Source.VISITS, "mixed_visits")
lines = Total("lines", Source.TRAFFIC, "lines")
sales_incl = Total("sales_incl", Source.TRAFFIC, "net_incl")
sales_excl = Total("sales_excl", Source.TRAFFIC, "net_excl")
average_basket = Ratio("average_basket", of=sales_incl, to=visits)
lines_per_visit = Ratio("lines_per_visit", of=lines, to=visits)
mixed_share = Ratio("mixed_share", of=mixed_visits, to=visits)

MEASURES = (
    visits,
    invoices,
    mixed_visits,
    lines,
    sales_incl,
    sales_excl,
    average_basket,
    lines_per_visit,
    mixed_share,
)
