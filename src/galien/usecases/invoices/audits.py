"""The audit of the invoices kept: against the contracts of their day, the catalogue, their deliveries."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock

from galien.calculators.discounts.audit.found import Audit, Facts
from galien.calculators.discounts.audit.holding import holding
from galien.calculators.discounts.audit.whole import audit
from galien.model.contracts import Contract, ProductKeys
from galien.model.invoices import Invoice, InvoiceKind
from galien.model.viewer import Viewer
from galien.records.models import SupplierInvoice
from galien.usecases.contracts.book import bound_pharmacies, contracts_of
from galien.usecases.detail import release_of
from galien.usecases.invoices.counted import counted
from galien.usecases.invoices.deliveries import Matched, match
from galien.usecases.invoices.kept import kept_invoice
from galien.usecases.invoices.products import keys_of, known_products
from galien.usecases.services import Services

NO_DELIVERY = (
    "Livraisons non retrouvées dans les achats publiés : les quantités ne sont pas rapprochées."
)
CLOSED = (
    "Achats non ouverts à vos droits sur tous les jours autour de cette facture : les quantités ne sont pas "
    "rapprochées."
)

MOST_KNOWN = 2_000


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
    """Audit invoices kept, in their order, with what the viewer may read of contracts and purchases.

    What was found is kept while neither the release, nor a contract, nor the viewer's rights change.
    """
    contracts = contracts_of(viewer)
    stamp = (
        release_of(services),
        tuple((each.key, each.changed_at) for each in contracts),
        viewer.user_id,
        viewer.epoch,
    )
    keys = {each.pk: (each.pk, each.sha256, stamp) for each in rows}
    known = {pk: kept for pk, key in keys.items() if (kept := _KNOWN.get(key))}
    fresh = [each for each in rows if each.pk not in known]
    bound = [(each.contract, bound_pharmacies(each)) for each in contracts] if fresh else []
    for made in _examined(fresh, bound, viewer, services):
        known[made.row.pk] = made
        _KNOWN.put(keys[made.row.pk], made)
    return [replace(known[each.pk], row=each) for each in rows]


class _Known:
    """Keeps the audits used last."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._found: OrderedDict[Hashable, Examined] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> Examined | None:
        """Return what is kept under a key."""
        with self._lock:
            return self._found.get(key)

    def put(self, key: Hashable, found: Examined) -> None:
        """Keep an audit; the oldest goes when there are too many."""
        with self._lock:
            self._found[key] = found
            while len(self._found) > self._most:
                self._found.popitem(last=False)


_KNOWN = _Known(MOST_KNOWN)


def _examined(
    rows: Sequence[SupplierInvoice],
    contracts: Sequence[tuple[Contract, frozenset[str]]],
    viewer: Viewer,
    services: Services,
) -> Iterator[Examined]:
    invoices = [(each.pharmacy_id, kept_invoice(each)) for each in rows]
    matched = match(invoices, viewer, services=services)
    codes = {line.product_code for _, invoice in invoices for line in invoice.lines}
    keys = keys_of(codes, services=services)
    for row, (pharmacy, invoice), deliveries in zip(rows, invoices, matched, strict=True):
        bound = [_named(contract) for contract, members in contracts if pharmacy in members]
        facts = _facts(pharmacy, invoice, deliveries, keys, services)
        held = tuple(holding(invoice, bound, facts))
        on = invoice.issued_on
        facts = replace(facts, counted=counted(held, pharmacy, on, viewer, services=services))
        done = audit(invoice, held, facts)
        if invoice.lines and invoice.kind is InvoiceKind.INVOICE and not deliveries.documents:
            said = CLOSED if deliveries.closed else NO_DELIVERY
            done = replace(done, notes=(*done.notes, said))
        yield Examined(row, invoice, deliveries, done)


def _facts(
    pharmacy: str,
    invoice: Invoice,
    deliveries: Matched,
    keys: Mapping[str, ProductKeys],
    services: Services,
) -> Facts:
    codes = {each.product_code for each in invoice.lines} & keys.keys()
    known = known_products(
        {code: keys[code] for code in codes},
        invoice.issued_on,
        channel=deliveries.channel,
        seen=deliveries.list_prices,
        services=services,
    )
    return Facts(pharmacy=pharmacy, products=known, delivered=deliveries.of(invoice))


def _named(contract: Contract) -> Contract:
    """Let members be judged once, by the pharmacies a contract binds."""
    return replace(contract, members=()) if contract.members else contract
