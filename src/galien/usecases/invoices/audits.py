"""The audit of the invoices kept: against the contracts of their day, the catalogue, their deliveries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from galien.calculators.discounts.audit.found import Audit, Facts
from galien.calculators.discounts.audit.holding import holding
from galien.calculators.discounts.audit.whole import audit
from galien.model.contracts import Contract
from galien.model.invoices import Invoice
from galien.model.viewer import Viewer
from galien.records.models import SupplierInvoice
from galien.usecases.contracts.book import bound_pharmacies, contracts_of
from galien.usecases.invoices.counted import counted
from galien.usecases.invoices.deliveries import Matched, match
from galien.usecases.invoices.kept import kept_invoice
from galien.usecases.invoices.products import keys_of, known_products
from galien.usecases.services import Services

NO_DELIVERY = (
    "Livraisons non retrouvées dans les achats publiés : les quantités ne sont pas rapprochées."
)


@dataclass(frozen=True)
class Examined:
    """An invoice kept, what it says, the deliveries found for it, its audit."""

    row: SupplierInvoice
    invoice: Invoice
    matched: Matched
    audit: Audit


def examine(
    rows: Sequence[SupplierInvoice], viewer: Viewer, *, services: Services
) -> list[Examined]:
    """Audit invoices kept, in their order, with what the viewer may read of contracts and purchases."""
    invoices = [(each.pharmacy_id, kept_invoice(each)) for each in rows]
    matched = match(invoices, viewer, services=services)
    contracts = [(each, bound_pharmacies(each)) for each in contracts_of(viewer)]
    codes = {line.product_code for _, invoice in invoices for line in invoice.lines}
    keys = keys_of(codes, services=services)
    found = []
    for row, (pharmacy, invoice), deliveries in zip(rows, invoices, matched, strict=True):
        facts = Facts(
            pharmacy=pharmacy,
            products=known_products(
                {
                    line.product_code: keys[line.product_code]
                    for line in invoice.lines
                    if line.product_code in keys
                },
                invoice.issued_on,
                channel=deliveries.channel,
                seen=deliveries.list_prices,
                services=services,
            ),
            delivered=deliveries.of(invoice),
        )
        bound = [_named(kept.contract) for kept, members in contracts if pharmacy in members]
        held = tuple(holding(invoice, bound, facts))
        on = invoice.issued_on
        facts = replace(facts, counted=counted(held, pharmacy, on, viewer, services=services))
        done = audit(invoice, held, facts)
        if invoice.lines and not deliveries.documents:
            done = replace(done, notes=(*done.notes, NO_DELIVERY))
        found.append(Examined(row, invoice, deliveries, done))
    return found


def _named(contract: Contract) -> Contract:
    """Let members be judged once, by the pharmacies a contract binds."""
    return replace(contract, members=()) if contract.members else contract
