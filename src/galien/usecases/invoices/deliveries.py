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
from galien.kernel.errors import NotAllowed, NotAvailable
from galien.kernel.period import Period
from galien.model.invoices import ZERO, Invoice
from galien.model.viewer import Viewer
from galien.usecases.detail import Reading, read
from galien.usecases.services import Services

BEFORE, AFTER = dt.timedelta(92), dt.timedelta(31)
_LINES = Reading("deliveries", ("purchase_line",), """
    select f.pharmacy, l.day, l.document_id, l.invoiced_on, l.supplier,
           cast(l.channel as varchar) as channel, p.product_code, l.delivered_quantity,
           coalesce(l.free_quantity, 0) as free_quantity, l.list_price_excl
    from purchase_line l
    join pharmacy f using (pharmacy_id)
    join product p using (product_id)
    where l.document_id in (select unnest($documents)) or l.invoiced_on in (select unnest($days))
""")  # fmt: skip


@dataclass(frozen=True)
class Matched:
    """The deliveries of an invoice. `documents` are the delivery notes; `channel` how it was bought.

    `whole` tells that they were found by their number: what is not on them did not come. `closed` tells
    that rights leave out days when they may have come: none is looked for.
    """

    documents: tuple[str, ...] = ()
    channel: str = ""
    whole: bool = False
    closed: bool = False
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
    supplier among the deliveries invoiced on its day. Part of a delivery would look like boxes missing:
    an invoice is matched when rights open all the days it may have come on.
    """
    today = services.clock.today()
    opened = [_opened(viewer, pharmacy, invoice, today) for pharmacy, invoice in invoices]
    rows = _rows(
        [each for each, whole in zip(invoices, opened, strict=True) if whole], viewer, services
    )
    return [
        _matched(invoice, rows.get(pharmacy, [])) if whole else Matched(closed=True)
        for (pharmacy, invoice), whole in zip(invoices, opened, strict=True)
    ]


def _opened(viewer: Viewer, pharmacy: str, invoice: Invoice, today: dt.date) -> bool:
    last = max(invoice.issued_on, min(invoice.issued_on + AFTER, today))
    first = invoice.issued_on - BEFORE
    return viewer.everything or pharmacy in viewer.pharmacies("purchases", first, last)


def _rows(
    invoices: Sequence[tuple[str, Invoice]], viewer: Viewer, services: Services
) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    if not invoices:
        return found
    days = sorted({invoice.issued_on for _, invoice in invoices})
    documents = sorted({name for _, invoice in invoices for name in _names(invoice)})
    try:
        rows = read(
            _LINES,
            viewer,
            Period(days[0] - BEFORE, days[-1] + AFTER),
            pharmacies=sorted({pharmacy for pharmacy, _ in invoices}),
            parameters={"documents": documents, "days": days},
            services=services,
        ).to_pylist()
    except (NotAllowed, NotAvailable):
        return found
    for row in rows:
        found[row["pharmacy"]].append(row)
    return found


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
