"""The terms a release carries: every signed contract resolved on what was bought, pharmacy by pharmacy."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from galien.calculators.discounts.accrual import Bought, Months
from galien.calculators.discounts.owed import Agreement, Owed, owed
from galien.kernel import french
from galien.kernel.period import month_end
from galien.model.contracts import Base, Clause, ClauseKind, Commitment, Contract
from galien.model.net_net import AFTER_INVOICE, SCOPES_TABLE, TERMS, TERMS_TABLE, Source
from galien.usecases.net_net.scopes import Scopes
from galien.usecases.net_net.seen import Seen
from galien.warehouse.bought import Counting, Purchases

FAR = dt.date(2999, 12, 31)
_SIDE = " | "


@dataclass(frozen=True)
class Bound:
    """A contract, the organisation that signed it and the pharmacies (FINESS) it binds.

    `own` when it is the pharmacy's own rather than its group's: between the same parties, it comes first.
    """

    contract: Contract
    organisation: str
    pharmacies: tuple[str, ...]
    own: bool = False

    @property
    def parties(self) -> str:
        """Return who it is between, apart from the pharmacy: supplier and lab."""
        return _SIDE.join(french.fold(each) for each in (self.contract.supplier, self.contract.lab))

    @property
    def precedence(self) -> str:
        """Return what orders contracts of the same parties: one's own, then the latest."""
        return f"{self.own:d} {self.contract.since} {self.contract.reference} {self.organisation}"


def resolve(
    bound: Sequence[Bound],
    products: pa.Table,
    purchases: Purchases,
    seen: Sequence[Seen] = (),
) -> Mapping[str, pa.Table]:
    """Return the tables of terms, empty of tables when nothing is owed.

    `products` is the catalogue by version, `seen` what invoices deduct themselves. Counted on the
    purchases themselves, up to their last day, which is the same wherever and whenever they are published.
    """
    until = purchases.last_day() if bound or seen else None
    if until is None:
        return {}
    scopes = Scopes(products, purchases.products() if bound else ())
    agreements = agreements_of(bound, scopes, purchases)
    rows = [
        _row(each, agreement, supplier, one)
        for one, agreement in zip(bound, agreements, strict=True)
        for each in owed(agreement, until)
        for supplier in agreement.suppliers or ("",)
    ]
    if seen:
        rows += list(_seen_rows(seen, purchases.suppliers()))
    return _tables(rows, scopes) if rows else {}


def _tables(rows: list[dict[str, Any]], scopes: Scopes) -> Mapping[str, pa.Table]:
    """Return terms in one order whatever the order of contracts, and the scopes they name."""
    terms = pa.Table.from_pylist(rows, schema=TERMS)
    order: Any = [(name, "ascending") for name in TERMS.names]
    named = frozenset(row["scope"] for row in rows)
    return {TERMS_TABLE: terms.sort_by(order), SCOPES_TABLE: scopes.table(named)}


def agreements_of(bound: Sequence[Bound], scopes: Scopes, purchases: Purchases) -> list[Agreement]:
    """Return each contract with what was bought under each of its clauses and commitments."""
    invoiced = purchases.suppliers()
    names = {each.contract.supplier for each in bound}
    named = {name: _suppliers(name, invoiced) for name in names}
    asked: dict[str, Counting] = {}
    wanted: list[tuple[int, str, str]] = []
    for place, each in enumerate(bound):
        for part in _counted_parts(each.contract):
            for supplier in named[each.contract.supplier] or ("",):
                counting = _counting(each.contract, scopes.name(each.contract, part), supplier)
                asked[counting.key] = counting
                wanted.append((place, part.reference, counting.key))
    counts: dict[str, dict[str, dict[dt.date, Bought]]] = defaultdict(lambda: defaultdict(dict))
    for found in purchases.counted(asked.values(), scopes.table()):
        amounts = Bought(found.quantity, found.list_amount, found.net_amount)
        counts[found.key][found.pharmacy][found.month] = amounts
    bought: list[dict[str, dict[str, dict[dt.date, Bought]]]] = [{} for _ in bound]
    for place, reference, key in wanted:
        into = bought[place].setdefault(reference, {})
        for pharmacy in bound[place].pharmacies:
            _add(into.setdefault(pharmacy, {}), counts[key].get(pharmacy, {}))
    return [_agreement(each, named, scopes, bought[place]) for place, each in enumerate(bound)]


def _agreement(
    bound: Bound,
    named: Mapping[str, tuple[str, ...]],
    scopes: Scopes,
    bought: Mapping[str, Mapping[str, Months]],
) -> Agreement:
    contract = bound.contract
    return Agreement(
        contract=contract,
        organisation=bound.organisation,
        pharmacies=bound.pharmacies,
        suppliers=named[contract.supplier],
        bought=bought,
        scopes={part.reference: scopes.name(contract, part) for part in _counted_parts(contract)},
        precedence=bound.precedence,
    )


def _counted_parts(contract: Contract) -> list[Clause | Commitment]:
    due = [each for each in contract.clauses if each.kind in AFTER_INVOICE]
    return [*due, *contract.commitments]


def _suppliers(name: str, invoiced: Iterable[str]) -> tuple[str, ...]:
    """Return the names a supplier is invoiced under: its own when no line bears it, none without one."""
    if not name:
        return ()
    found = tuple(each for each in invoiced if french.fold(each) == french.fold(name))
    return found or (name,)


def _counting(contract: Contract, scope: str, supplier: str) -> Counting:
    until = contract.until or FAR
    key = _SIDE.join((scope, supplier, contract.since.isoformat(), until.isoformat()))
    return Counting(key, scope, supplier, contract.since, until)


def _add(into: dict[dt.date, Bought], months: Months) -> None:
    for month, bought in months.items():
        into[month] = into.get(month, Bought()) + bought


def _seen_rows(seen: Iterable[Seen], invoiced: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Return the terms of what invoices deduct: of no clause, on the lines of their documents alone."""
    for each in seen:
        for supplier in _suppliers(each.supplier, invoiced):
            for document in each.documents:
                for month in each.months:
                    yield {
                        "kind": ClauseKind.CASH_DISCOUNT.value,
                        "source": Source.INVOICE.value,
                        "proof": f"Facture {each.number}",
                        "pharmacy": each.pharmacy,
                        "supplier": supplier,
                        "month": month,
                        "first_day": month,
                        "last_day": month_end(month),
                        "document_id": document,
                        "base": Base.INVOICE.value,
                        "rate": each.rate,
                        "scope": None,
                    }


def _row(each: Owed, agreement: Agreement, supplier: str, bound: Bound) -> dict[str, Any]:
    return {
        "organisation": agreement.organisation,
        "contract": agreement.contract.reference,
        "parties": bound.parties,
        "precedence": agreement.precedence,
        "clause": each.clause,
        "kind": each.kind.value,
        "source": each.source.value,
        "proof": each.proof,
        "pharmacy": each.pharmacy,
        "supplier": supplier or None,
        "month": each.month,
        "first_day": each.first_day,
        "last_day": each.last_day,
        "document_id": None,
        "base": each.base,
        "rate": each.rate,
        "scope": each.scope or None,
    }
