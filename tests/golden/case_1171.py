"""Pharmacy 1171, year to 31/01/2018: its activity and its accounts, as the handbook gives them."""

from __future__ import annotations

from decimal import Decimal

from galien.calculators.accounting.indicators import Activity, ActivityRow

# What is neither prescription, counter nor rental is what the printed total leaves: 10 801,70 €
# and 147 invoices.
ROWS = (
    ("prescription_third_party", "1755446.37", 35893),
    ("prescription_cash", "55932.48", 3651),
    ("counter", "244006.02", 19796),
    ("rental_third_party", "31375.44", 474),
    ("rental", "478.82", 16),
    ("commercial", "10801.70", 147),
)
CLIENTS = 47606
ACTIVITY = Activity(
    tuple(ActivityRow(name, Decimal(gross), invoices) for name, gross, invoices in ROWS),
    clients=CLIENTS,
    printed=ActivityRow("total", Decimal("2098040.61"), 59977),
)
ACCOUNTS = {
    code: Decimal(amount)
    for code, amount in {
        "goods_sold": "1995017.11",
        "goods_purchased_2_1": "1113791.13",
        "goods_purchased": "1398232.77",
        "stock_change": "-29584.87",
        "cost_of_goods_sold": "1368647.90",
        "commercial_margin": "626369.21",
        "turnover": "2043037.20",
        "global_gross_margin": "674389.30",
        "external_charges": "117986.49",
        "value_added": "556402.81",
        "taxes": "5611.36",
        "staff_costs": "372423.79",
        "owner_costs": "151890.39",
    }.items()
}
