"""An invoice as purchase lines: the canonical file of the purchases feed, to load when no LGO gives them."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from galien.kernel.money import round_amount
from galien.model.feeds import FEEDS
from galien.model.invoices import ZERO, Invoice, InvoiceLine
from galien.usecases.invoices.deliveries import Matched

COLUMNS = tuple(column.name for column in FEEDS["purchases"].columns)


def purchases_csv(invoice: Invoice, pharmacy: str, matched: Matched) -> str:
    """Return the goods of an invoice as a canonical purchases file, negative on a credit note.

    Lines without a product code are left out; free units are put beside the paid ones.
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, delimiter=";", lineterminator="\n")
    writer.writeheader()
    writer.writerows(_rows(invoice, pharmacy, matched))
    return text.getvalue()


def _rows(invoice: Invoice, pharmacy: str, matched: Matched) -> Iterator[dict[str, object]]:
    by_product: dict[str, list[InvoiceLine]] = defaultdict(list)
    for line in invoice.lines:
        if line.product_code:
            by_product[line.product_code].append(line)
    sign = invoice.sign
    for place, (code, lines) in enumerate(by_product.items(), 1):
        paid = [each for each in lines if not each.is_free]
        units = sum((each.quantity for each in paid), ZERO) * sign
        free = sum((each.quantity for each in lines if each.is_free), ZERO) * sign
        free += sum((each.free_quantity for each in lines), ZERO) * sign
        net = sum((each.net_amount for each in paid), ZERO) * sign
        listed = sum((each.quantity * each.unit_gross for each in paid), ZERO) * sign
        yield {
            "pharmacy": pharmacy,
            "delivered_on": invoice.delivered_on or invoice.issued_on,
            "invoiced_on": invoice.issued_on,
            "document_id": invoice.number,
            "line_no": place,
            "supplier": invoice.seller.name,
            "channel": matched.channel or "unknown",
            "product_code": code,
            "ordered_quantity": "",
            "delivered_quantity": _whole(units),
            "free_quantity": _whole(free),
            "list_price_excl": _euros(listed / units) if units else "",
            "net_price_excl": _euros(net / units) if units else "",
            "list_amount_excl": _euros(listed),
            "net_amount_excl": _euros(net),
            "vat_rate": _point(lines[0].vat_rate or ZERO),
            "payment_due_on": invoice.due_on or "",
        }


def _whole(units: Decimal) -> str:
    return str(int(units))


def _euros(value: Decimal) -> str:
    return _point(round_amount(value))


def _point(value: Decimal) -> str:
    return f"{value:f}".replace(".", ",")
