"""The three feeds of one pharmacy as tables of exact figures, before any layout writes them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from galien.demo.baskets import Lines
from galien.demo.catalogue import Catalogue
from galien.demo.public import Floats, Ints
from galien.demo.supply import Counts, Purchases
from galien.demo.terms import DIRECT, WHOLESALER, Terms
from galien.demo.visits import Invoices

Columns = dict[str, Ints]


@dataclass(frozen=True)
class Records:
    """The rows of one feed, by day: amounts in cents, VAT per mille, products as catalogue ranks."""

    feed: str
    columns: Columns

    def __len__(self) -> int:
        return len(self.columns["day"])

    def between(self, first: int, last: int) -> Records:
        """Keep the rows of the days from first to last, both included (rows are in day order)."""
        low, high = np.searchsorted(self.columns["day"], [first, last + 1])
        return Records(self.feed, {name: values[low:high] for name, values in self.columns.items()})

    def where(self, kept: np.ndarray) -> Records:
        """Keep some rows."""
        return Records(self.feed, {name: values[kept] for name, values in self.columns.items()})


def excl(incl: Ints, vat: Ints) -> Ints:
    """Take VAT (per mille) off amounts in cents, rounded half away from zero.

    >>> excl(np.array([218, -218, 1000]), np.array([21, 21, 200])).tolist()
    [214, -214, 833]
    """
    base = 1000 + vat
    return np.asarray(np.sign(incl) * ((2000 * np.abs(incl) + base) // (2 * base)), np.int64)


def sales_records(
    catalogue: Catalogue, invoices: Invoices, lines: Lines, unit_cost: Floats
) -> Records:
    """Lay out the sale lines; the cost is the weighted average cost of the day."""
    of = lines.invoice
    vat = catalogue.vat[lines.product]
    return Records(
        "sales",
        {
            "day": invoices.day[of],
            "second": invoices.second[of],
            "visit": invoices.visit[of] + 1,
            "invoice": of + 1,
            "line_no": lines.line_no,
            "sale_type": invoices.sale_type[of],
            "product": lines.product,
            "quantity": lines.quantity,
            "gross": lines.gross,
            "discount": lines.discount,
            "net": lines.net,
            "vat": vat,
            "net_excl": excl(lines.net, vat),
            "cost": np.round(unit_cost * lines.quantity).astype(np.int64),
            "fee": lines.fee,
            "operator": invoices.operator[of],
            "campaign": lines.campaign,
        },
    )


def purchase_records(catalogue: Catalogue, terms: Terms, purchases: Purchases) -> Records:
    """Lay out the delivered lines, a document per supplier and day, due 30 or 45 days later."""
    supplier = terms.supplier_of(purchases.product, purchases.channel)
    order = np.lexsort((purchases.product, supplier, purchases.day))
    day, supplier = purchases.day[order], supplier[order]
    product, channel = purchases.product[order], purchases.channel[order]
    new = np.ones(len(order), bool)
    new[1:] = (day[1:] != day[:-1]) | (supplier[1:] != supplier[:-1])
    document = np.cumsum(new)
    start = np.flatnonzero(new)[document - 1]
    # Wholesalers invoice by ten days, the others with the goods.
    invoiced = np.where(channel == WHOLESALER, (day // 10 + 1) * 10, day + 1)
    delivered, listed, net = purchases.delivered[order], purchases.list[order], purchases.net[order]
    return Records(
        "purchases",
        {
            "day": day,
            "invoiced": invoiced,
            "document": document,
            "line_no": np.arange(len(order)) - start + 1,
            "supplier": supplier,
            "channel": channel,
            "product": product,
            "ordered": purchases.ordered[order],
            "delivered": delivered,
            "free": purchases.free[order],
            "list": listed,
            "net": net,
            "list_amount": listed * delivered,
            "net_amount": net * delivered,
            "vat": catalogue.vat[product],
            "due": invoiced + np.where(channel == DIRECT, 45, 30),
        },
    )


def stock_records(catalogue: Catalogue, counts: Counts) -> Records:
    """Lay out the month-end counts, with an expiry and a place on the shelves."""
    places = {name: rank for rank, name in enumerate(sorted(set(catalogue.universe.tolist())))}
    place = np.array([places[name] for name in catalogue.universe], np.int64)
    # Expiries wander from 2 to 34 months ahead and renew every eight months.
    ahead = (
        60 + (counts.product * 7919 + (counts.day // 240) * 104_729) % 960 - counts.day % 240 // 4
    )
    return Records(
        "stock",
        {
            "day": counts.day,
            "product": counts.product,
            "quantity": counts.quantity,
            "cost": counts.cost,
            "minimum": counts.minimum,
            "expiry": counts.day + ahead,
            "place": place[counts.product],
        },
    )
