"""The deliveries of invoices, as the current release holds them, within the viewer's rights."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from galien.calculators.discounts.audit.found import Delivered
from galien.calculators.discounts.audit.holding import same_firm
from galien.kernel.errors import NotAvailable
from galien.model.invoices import ZERO, Invoice
from galien.model.viewer import Viewer
from galien.usecases.services import Services

BEFORE = dt.timedelta(92)
_LINES = """
    select f.pharmacy, l.day, l.document_id, l.invoiced_on, l.supplier,
           cast(l.channel as varchar) as channel, p.product_code, l.delivered_quantity,
           coalesce(l.free_quantity, 0) as free_quantity, l.list_price_excl
    from purchase_line l
    join pharmacy f using (pharmacy_id)
    join product p using (product_id)
    where f.pharmacy in (select unnest($pharmacies))
      and l.day between $first and $last
      and (l.document_id in (select unnest($documents))
           or l.invoiced_on in (select unnest($days)))
"""


@dataclass(frozen=True)
class Matched:
    """The deliveries of an invoice. `documents` are the delivery notes; `channel` how it was bought.

    `whole` tells that they were found by their number: what is not on them did not come.
    """

    documents: tuple[str, ...] = ()
    channel: str = ""
    whole: bool = False
    delivered: Mapping[str, Delivered] = field(default_factory=dict)
    list_prices: Mapping[str, Decimal] = field(default_factory=dict)

    def of(self, invoice: Invoice) -> Mapping[str, Delivered] | None:
        """Return the boxes that came, by product of the invoice; None when nothing was found."""
        if not self.documents:
            return None
        codes = {each.product_code for each in invoice.lines if each.product_code}
        missing = {code: Delivered(ZERO) for code in codes} if self.whole else {}
        return {**missing, **self.delivered}


def match(
    invoices: Sequence[tuple[str, Invoice]], viewer: Viewer, *, services: Services
) -> list[Matched]:
    """Return the deliveries of each (pharmacy, invoice), in their order.

    Found by the numbers the invoice names (its own, its delivery notes', its orders'), else by its
    supplier among the deliveries invoiced on its day.
    """
    rows = _rows(invoices, viewer, services)
    return [_matched(invoice, rows.get(pharmacy, [])) for pharmacy, invoice in invoices]


def _rows(
    invoices: Sequence[tuple[str, Invoice]], viewer: Viewer, services: Services
) -> dict[str, list[dict[str, Any]]]:
    if not invoices:
        return {}
    days = sorted({invoice.issued_on for _, invoice in invoices})
    first, last = days[0] - BEFORE, days[-1] + dt.timedelta(31)
    asked = {pharmacy for pharmacy, _ in invoices}
    opened = asked if viewer.everything else asked & _opened(viewer, days)
    documents = sorted({name for _, invoice in invoices for name in _names(invoice)})
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    try:
        with services.reader.hold() as held:
            rows = held.engine.query(
                _LINES,
                {
                    "pharmacies": sorted(opened),
                    "first": first,
                    "last": last,
                    "documents": documents,
                    "days": days,
                },
            ).to_pylist()
    except NotAvailable:
        return found
    for row in rows:
        found[row["pharmacy"]].append(row)
    return found


def _opened(viewer: Viewer, days: Sequence[dt.date]) -> frozenset[str]:
    return viewer.pharmacies("purchases", days[0], days[-1])


def _names(invoice: Invoice) -> set[str]:
    named = {invoice.number, *invoice.references, *(each.delivery for each in invoice.lines)}
    return named - {""}


def _matched(invoice: Invoice, rows: Sequence[Mapping[str, Any]]) -> Matched:
    suppliers = {str(each["supplier"]) for each in rows}
    same = {each for each in suppliers if same_firm(each, invoice.seller.name)}
    ours = [each for each in rows if each["supplier"] in same]
    names, codes = _names(invoice), {each.product_code for each in invoice.lines}
    named = [each for each in ours if each["document_id"] in names]
    kept = named or [each for each in ours if each["invoiced_on"] == invoice.issued_on]
    if not any(each["product_code"] in codes for each in kept):
        return Matched(channel=_channel(ours))
    paid: dict[str, Decimal] = defaultdict(Decimal)
    free: dict[str, Decimal] = defaultdict(Decimal)
    prices: dict[str, Decimal] = {}
    for each in kept:
        code = each["product_code"]
        paid[code] += each["delivered_quantity"]
        free[code] += each["free_quantity"]
        if each["list_price_excl"]:
            prices[code] = max(prices.get(code, ZERO), each["list_price_excl"])
    return Matched(
        documents=tuple(sorted({each["document_id"] for each in kept})),
        channel=_channel(kept),
        whole=bool(named),
        delivered={code: Delivered(paid[code], free[code]) for code in paid},
        list_prices=prices,
    )


def _channel(rows: Sequence[Mapping[str, Any]]) -> str:
    return next((str(each["channel"]) for each in rows if each["channel"] != "unknown"), "")
