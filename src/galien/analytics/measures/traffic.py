"""Who comes in and what for: visits and invoices counted once, baskets, weight of prescriptions."""

from __future__ import annotations

from galien.analytics.measures.kinds import Distinct, Formula, Ratio, Total
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

# The activity of a dispensing software's yearly summary: gross amounts, sales to pharmacies left out.
gross_incl = Total("gross_incl", Source.SALES, "gross_incl")
prescription_gross = Total("prescription_gross", Source.SALES, "prescription_gross")
counter_gross = Total("counter_gross", Source.SALES, "counter_gross")
activity_gross = Total("activity_gross", Source.SALES, "activity_gross")
not_counter_gross = Total("not_counter_gross", Source.SALES, "activity_gross - counter_gross")
prescription_invoices = Distinct("prescription_invoices", Source.VISITS, "prescription_invoices")
counter_invoices = Distinct("counter_invoices", Source.VISITS, "counter_invoices")
# An invoice that is both of a prescription and of the counter is a sale of each.
sale_invoices = Distinct(
    "sale_invoices", Source.VISITS, "prescription_invoices + counter_invoices + other_invoices"
)
clients = Distinct("clients", Source.VISITS, "clients")
tied_invoices = Distinct(
    "tied_invoices",
    Source.VISITS,
    "prescription_invoices + counter_invoices + other_invoices - clients",
)
bare_invoices = Distinct(
    "bare_invoices", Source.VISITS, "clients - prescription_invoices - other_invoices"
)

pmo = Ratio("pmo", of=prescription_gross, to=prescription_invoices)
pmc = Ratio("pmc", of=activity_gross, to=clients)
pmvc = Ratio("pmvc", of=counter_gross, to=counter_invoices)
pmv = Ratio("pmv", of=activity_gross, to=sale_invoices)
prescription_counter_ratio = Ratio(
    "prescription_counter_ratio", of=prescription_invoices, to=counter_invoices
)
prescription_share = Ratio("prescription_share", of=not_counter_gross, to=activity_gross)
prescription_share_strict = Ratio(
    "prescription_share_strict", of=prescription_gross, to=activity_gross
)
prescription_linked_share = Formula(
    "prescription_linked_share",
    (prescription_gross, tied_invoices, counter_gross, counter_invoices, activity_gross),
    "(prescription_gross + tied_invoices * counter_gross / counter_invoices) / activity_gross",
)
tied_counter_share = Ratio("tied_counter_share", of=tied_invoices, to=counter_invoices)
bare_counter_share = Ratio("bare_counter_share", of=bare_invoices, to=counter_invoices)
prescription_bearer_share = Ratio("prescription_bearer_share", of=prescription_invoices, to=clients)

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
    gross_incl,
    clients,
    pmo,
    pmc,
    pmvc,
    pmv,
    prescription_counter_ratio,
    prescription_share,
    prescription_share_strict,
    prescription_linked_share,
    tied_counter_share,
    bare_counter_share,
    prescription_bearer_share,
)
