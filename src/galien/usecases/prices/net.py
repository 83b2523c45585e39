"""What stands between gross and net margin: rebates given to clients, rebates had from suppliers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from galien.analytics.question import Filter, Question
from galien.kernel.errors import NotAllowed, NotAvailable
from galien.model.viewer import Viewer
from galien.usecases.ask import ask
from galien.usecases.services import Services

ZERO = Decimal(0)
VAT = "vat_rate"
AFTER_INVOICE = ("cash_discount", "rebate", "cooperation")
Where = tuple[Filter, ...]


def client_rebates(
    viewer: Viewer, where: Where, by: str, *, services: Services
) -> Mapping[str | None, Decimal]:
    """Return what clients were given in twelve months by category, in euros excl. tax.

    Equation: Σ over VAT rates of rebate incl. tax ÷ (1 + rate). Raises what `ask` raises.
    """
    dimensions = tuple(dict.fromkeys((by, VAT)))
    asked = Question("sales", ("discount_incl",), dimensions, compare="none", where=where)
    found: dict[str | None, Decimal] = {}
    for row in ask(asked, viewer, services=services).table.to_pylist():
        rate = Decimal(row[VAT]) if row[VAT] is not None else ZERO
        given = Decimal(str(row["discount_incl"] or 0)) / (1 + rate)
        found[row[by]] = found.get(row[by], ZERO) + given
    return found


def supplier_rebates(
    viewer: Viewer, where: Where, by: str, *, services: Services
) -> Mapping[str | None, Decimal] | None:
    """Return what suppliers give beyond their invoices on twelve months of purchases, euros excl. tax.

    Cash discounts, rebates and cooperation of the contracts known, by category. None when purchases
    are not open to the viewer.
    """
    asked = Question("purchases", AFTER_INVOICE, (by,), compare="none", where=where)
    try:
        rows = ask(asked, viewer, services=services).table.to_pylist()
    except (NotAllowed, NotAvailable):
        return None
    return {row[by]: sum((_exact(row[name]) for name in AFTER_INVOICE), ZERO) for row in rows}


def supplier_rebates_of(
    viewer: Viewer, pharmacies: Sequence[str], where: Where, *, services: Services
) -> Decimal | None:
    """Return what suppliers give some pharmacies beyond their invoices, in all; None when not open."""
    kept = (*((Filter("pharmacy", tuple(pharmacies)),) if pharmacies else ()), *where)
    found = supplier_rebates(viewer, kept, "pharmacy", services=services)
    return None if found is None else sum(found.values(), ZERO)


def _exact(value: object) -> Decimal:
    return Decimal(str(value or 0))
