"""The audit of an invoice against the contracts in force on its day; each euro is claimed once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from decimal import ROUND_FLOOR, Decimal

from galien.calculators.discounts.audit.bought import CENT, Laid, laid_out
from galien.calculators.discounts.audit.found import (
    Audit,
    Difference,
    DifferenceKind,
    Facts,
    Measure,
)
from galien.calculators.discounts.audit.holding import Agreed, Due, holding
from galien.calculators.discounts.audit.products import (
    Priced,
    delivered_part,
    free_units_difference,
    price_differences,
    priced,
)
from galien.kernel import french
from galien.kernel.money import round_amount
from galien.model.contracts import Base, ClauseKind, Contract, Span
from galien.model.invoices import ZERO, Invoice, InvoiceKind


def audit(invoice: Invoice, contracts: Iterable[Contract], facts: Facts | None = None) -> Audit:
    """Audit an invoice: what was agreed and is not on it, with its proof and its euros.

    Purpose: the amount to claim from the supplier, no euro of it twice.
    Inputs: the invoice (euros excl. tax); the contracts that bind the pharmacy; what is known beside
    (list prices, deliveries, what tiers count over a month or more). Differences below rounding to
    the cent a unit are none. Off-invoice rebates and cooperation are not looked for on an invoice.
    Source: docs/methods/factures.md.
    """
    facts = facts or Facts()
    if invoice.kind is InvoiceKind.CREDIT_NOTE:
        return Audit(notes=("Un avoir ne se contrôle pas : il répond à une réclamation.",))
    laid = laid_out(invoice, facts)
    held = tuple(holding(invoice, contracts, facts))
    claims: list[Difference] = []
    products: list[Priced] = []
    agreed = Agreed(held, laid, facts, invoice.seller.name)
    for whole in laid.products:
        delivered = None if facts.delivered is None else facts.delivered.get(whole.key)
        product, absent = delivered_part(whole, delivered)
        claims += [absent] if absent else []
        products.append(priced(product, agreed.best(ClauseKind.INVOICE_DISCOUNT, product)))
    for each in products:
        claims += price_differences(each)
    free = {id(each): agreed.best(ClauseKind.FREE_UNITS, each.product) for each in products}
    claims += _free_units(products, free)
    claims += _shipping(laid, held)
    claims += _cash(invoice, laid, products, agreed)
    return Audit(
        differences=tuple(claims),
        products=len(products),
        covered=sum(each.due is not None or free[id(each)] is not None for each in products),
        contracts=tuple(each.reference for each in held),
        notes=tuple(_notes(invoice, held)),
    )


def _free_units(products: Sequence[Priced], due: dict[int, Due | None]) -> Iterator[Difference]:
    """Yield the claims for free boxes: by product, or over the order when the clause counts it so."""
    orders: dict[tuple[str, str], list[tuple[Priced, Due]]] = defaultdict(list)
    for each in products:
        found = due[id(each)]
        if found is None:
            continue
        clause = found.clauses[0]
        alone = each.product.key if clause.span is Span.LINE else ""
        orders[f"{found.contract.reference}\n{clause.reference}", alone].append((each, found))
    for members in orders.values():
        first, agreed = members[0]
        clause = agreed.clauses[0]
        bought = sum((each.product.paid for each, _ in members), ZERO)
        given = sum((each.product.free for each, _ in members), ZERO)
        expected = (bought / clause.paid).to_integral_value(ROUND_FLOOR) * clause.free
        missing = expected - given
        if missing <= 0 or bought <= 0:
            continue
        unit = sum((each.agreed for each, _ in members), ZERO) / bought
        # Boxes given as a lower price are not asked again.
        value = missing * unit - sum((each.surplus for each, _ in members), ZERO)
        if value > CENT:
            yield free_units_difference(first, agreed, (expected, given), value)


def _shipping(laid: Laid, contracts: Sequence[Contract]) -> Iterator[Difference]:
    """Yield the claim for shipping above what the kindest contract lets be charged."""
    if laid.shipping <= CENT:
        return
    allowed: list[tuple[Decimal, Contract]] = []
    for each in contracts:
        terms = each.conditions
        if terms.free_shipping_from is not None and laid.net >= terms.free_shipping_from:
            allowed.append((ZERO, each))
        elif terms.shipping_fee:
            allowed.append((terms.shipping_fee, each))
    if not allowed:
        return
    expected, contract = min(allowed, key=lambda each: each[0])
    amount = round_amount(laid.shipping - expected)
    if amount <= CENT:
        return
    since = contract.conditions.free_shipping_from
    rule = (
        f"franco dès {french.amount(since)}"
        if not expected and since is not None
        else f"port convenu {french.amount(expected)}"
    )
    yield Difference(
        kind=DifferenceKind.SHIPPING_CHARGED,
        lines=(),
        product_code="",
        name="Frais de port",
        measure=Measure.EUROS,
        expected=expected,
        found=laid.shipping,
        amount=amount,
        contract=contract.reference,
        clause="conditions",
        sentence=f"Port facturé {french.amount(laid.shipping)} pour une commande de "
        f"{french.amount(laid.net)} : {rule} au contrat «\u00a0{contract.reference}\u00a0».",
    )


def _cash(
    invoice: Invoice, laid: Laid, products: Sequence[Priced], agreed: Agreed
) -> Iterator[Difference]:
    """Yield the claim for a cash discount neither deducted nor offered by the terms of payment."""
    due = [(each, agreed.best(ClauseKind.CASH_DISCOUNT, each.product)) for each in products]
    known = [(each, found) for each, found in due if found and not _late(invoice, found, agreed)]
    expected = sum((_cash_of(each, found) for each, found in known), ZERO)
    if not expected:
        return
    whole = sum((each.owed for each in products), ZERO)
    found = laid.cash + laid.offered * whole
    amount = round_amount(expected - found)
    if amount <= CENT:
        return
    proof = known[0][1]
    yield Difference(
        kind=DifferenceKind.CASH_DISCOUNT_FORGOTTEN,
        lines=(),
        product_code="",
        name="Escompte",
        measure=Measure.EUROS,
        expected=round_amount(expected),
        found=round_amount(found),
        amount=amount,
        contract=proof.contract.reference,
        clause=proof.reference,
        sentence=f"Escompte de {french.percent(proof.rate)} ni déduit ni proposé : clause "
        f"«\u00a0{proof.reference}\u00a0» du contrat «\u00a0{proof.contract.reference}\u00a0».",
    )


def _cash_of(it: Priced, due: Due) -> Decimal:
    of_list = sum((c.rate or ZERO for c in due.clauses if c.base is Base.LIST), ZERO)
    rate_of_list = min(of_list, due.rate)
    return rate_of_list * it.price * it.product.paid + (due.rate - rate_of_list) * it.owed


def _late(invoice: Invoice, due: Due, agreed: Agreed) -> bool:
    """Tell whether the invoice is known to have been paid after the term agreed."""
    days, paid_on = due.contract.conditions.payment_days, agreed.facts.paid_on
    if days is None or paid_on is None:
        return False
    return paid_on > invoice.issued_on + timedelta(days)


def _notes(invoice: Invoice, held: Sequence[Contract]) -> Iterator[str]:
    if not invoice.lines:
        yield "La facture ne porte pas de lignes : ses conditions ne peuvent pas être contrôlées."
    if not held:
        yield (
            f"Aucun contrat en cours avec {invoice.seller.name} le {french.day(invoice.issued_on)} : "
            "seuls les prix au tarif et les quantités livrées se contrôlent."
        )
