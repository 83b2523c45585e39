"""Writes the invoices of the demonstration, and brings them in as anybody would; then claims on some."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from galien.calculators.discounts.audit.found import Known
from galien.calculators.discounts.audit.holding import same_firm
from galien.demo.invoices.making import Delivery, credit_note, invoices_of
from galien.demo.invoices.writing import file_of
from galien.kernel.errors import InvalidInput
from galien.kernel.money import round_amount
from galien.model.contracts import Contract
from galien.model.invoices import Invoice
from galien.model.viewer import WORKSPACE_VIEWER
from galien.records.models import Claim, SupplierInvoice
from galien.usecases.claims.book import Scope, gather, send
from galien.usecases.contracts.book import contracts_of
from galien.usecases.invoices.kept import kept_invoice
from galien.usecases.invoices.products import keys_of
from galien.usecases.invoices.receive import receive
from galien.usecases.services import Services

FOLDER = "factures"
PHARMACIES = 3
MOST = 3  # invoices of a supplier to a pharmacy
MOST_LINES = 60
SPAN = dt.timedelta(92)
# What a supplier gives back of a claim: all of it, then a part.
ANSWERS = (Decimal(1), Decimal("0.6"))
_LINES = """
    select f.pharmacy, f.name, l.day, l.document_id, l.invoiced_on, l.supplier, p.product_code, p.label,
           l.delivered_quantity, coalesce(l.free_quantity, 0) as free_quantity, l.list_price_excl,
           l.net_price_excl, l.vat_rate
    from purchase_line l
    join pharmacy f using (pharmacy_id)
    join product p using (product_id)
    where f.pharmacy in (select unnest($pharmacies)) and l.day >= $first
      and l.invoiced_on <= $last and l.delivered_quantity > 0 and l.list_price_excl > 0
    order by f.pharmacy, l.supplier, l.day, l.document_id, l.line_no
"""


def build_invoices(services: Services, finess: Sequence[str]) -> int:
    """Write and receive the invoices of three pharmacies, and the credit notes that answer claims."""
    contracts = [each.contract for each in contracts_of(WORKSPACE_VIEWER)]
    deliveries = _deliveries(services, finess[:PHARMACIES], contracts)
    codes = {row["product_code"] for each in deliveries for row in each.rows}
    known = {code: Known(keys) for code, keys in keys_of(codes, services=services).items()}
    made = invoices_of(deliveries, contracts, known)
    by_pharmacy: dict[str, list[Invoice]] = defaultdict(list)
    for delivery, invoice in zip(deliveries, made, strict=True):
        by_pharmacy[delivery.pharmacy].append(invoice)
    for pharmacy, invoices in by_pharmacy.items():
        _bring(services, pharmacy, invoices)
    if by_pharmacy and not Claim.objects.exists():
        _claim(services, next(iter(by_pharmacy)))
    return SupplierInvoice.objects.count()


def _deliveries(
    services: Services, pharmacies: Sequence[str], contracts: Sequence[Contract]
) -> list[Delivery]:
    """Return some deliveries of each supplier that signed, over the last three months."""
    today = services.clock.today()
    asked = {"pharmacies": list(pharmacies), "first": today - SPAN, "last": today}
    with services.reader.hold() as held:
        rows = held.engine.query(_LINES, asked).to_pylist()
    by_document: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_document[row["pharmacy"], row["supplier"], row["document_id"]].append(row)
    by_supplier: dict[tuple[str, str], list[Delivery]] = defaultdict(list)
    for (pharmacy, supplier, document), lines in by_document.items():
        signed = any(same_firm(each.supplier or each.lab, supplier) for each in contracts)
        if signed and len(lines) <= MOST_LINES:
            one = Delivery(pharmacy, lines[0]["name"], supplier, document, lines)
            by_supplier[pharmacy, supplier].append(one)
    return [each for group in by_supplier.values() for each in _some(group)]


def _some(deliveries: Sequence[Delivery]) -> Sequence[Delivery]:
    """Return the longest deliveries, in the order of their days."""
    longest = sorted(deliveries, key=lambda each: (-len(each.rows), each.document))[:MOST]
    return sorted(longest, key=lambda each: (each.issued_on, each.document))


def _bring(services: Services, pharmacy: str, invoices: Iterable[Invoice]) -> None:
    """Write the files, and receive them in one archive, as a supplier's portal gives them."""
    folder = services.workspace.files / FOLDER / pharmacy
    folder.mkdir(parents=True, exist_ok=True)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for invoice in invoices:
            name, content = file_of(invoice)
            _write(folder / name, content)
            archive.writestr(name, content)
    packed.seek(0)
    receive(packed, f"factures_{pharmacy}.zip", pharmacy, WORKSPACE_VIEWER, services=services)


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _claim(services: Services, pharmacy: str) -> None:
    """Claim on the suppliers of a pharmacy; two of them answer with a credit note."""
    today = services.clock.today()
    suppliers = SupplierInvoice.objects.filter(pharmacy=pharmacy).order_by("supplier")
    names = list(dict.fromkeys(suppliers.values_list("supplier", flat=True)))
    made = [claim for name in names if (claim := _gathered(services, pharmacy, name, today))]
    made.sort(key=lambda claim: (-claim.claimed, claim.supplier))
    for claim, share in zip(made, (*ANSWERS, None), strict=False):
        send(claim, WORKSPACE_VIEWER, services=services)
        if share is None:
            continue
        first = SupplierInvoice.objects.filter(pharmacy=pharmacy, supplier=claim.supplier)
        about = kept_invoice(first.order_by("issued_on", "number")[0])
        amount = round_amount(claim.claimed * share)
        _bring(services, pharmacy, [credit_note(about, claim.reference, amount, today)])


def _gathered(services: Services, pharmacy: str, supplier: str, today: dt.date) -> Claim | None:
    scope = Scope(pharmacy, supplier, today - 2 * SPAN, today)
    try:
        return gather(scope, WORKSPACE_VIEWER, services=services)
    except InvalidInput:
        return None
