"""Legal ceilings of discounts: what the clauses of a contract give on a product, against the maximum."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from galien.model.clauses import ClauseIndex
from galien.model.contracts import ONE, ZERO, Base, Clause, ClauseKind, Contract, ProductKeys

AFTER_INVOICE = (ClauseKind.CASH_DISCOUNT, ClauseKind.REBATE, ClauseKind.COOPERATION)


@dataclass(frozen=True)
class Finding:
    """What clauses give together on products of a class, against its ceiling. Rates are ratios.

    `least` is due whatever is bought, `most` once every tier is reached; both over all units
    delivered at list price. `parts` is what each clause brings to `most`. `products` counts those
    of the catalogue, 0 for a class that it does not tell.
    """

    product_class: str
    clauses: tuple[str, ...]
    parts: tuple[Decimal, ...]
    products: int
    least: Decimal
    most: Decimal
    ceiling: Decimal | None

    @property
    def excess(self) -> Decimal:
        """Return by how much the most that is given passes the ceiling; 0 within it or without one."""
        return ZERO if self.ceiling is None else max(self.most - self.ceiling, ZERO)

    @property
    def sure_excess(self) -> Decimal:
        """Return by how much what is due whatever is bought passes the ceiling."""
        return ZERO if self.ceiling is None else max(self.least - self.ceiling, ZERO)


def shares(clauses: Iterable[Clause], *, top: bool) -> tuple[Decimal, ...]:
    r"""Return what each clause takes off, over all units delivered at list price.

    Purpose: one rate comparable with a ceiling, whatever the form of the advantage.
    Inputs: the clauses that hold for a product; `top` counts the highest tier, else what is due
    without any volume.
    Equation, with p = paid ÷ delivered units and r the invoice discount: invoice discount p × r, free
    units 1 − p, and for what comes after the invoice, rate × p (of list) or rate × p × (1 − r).
    Source: code de la sécurité sociale, article L. 138-9 (discounts, rebates and financial
    advantages of any kind count, services paid for among them); docs/methods/contrats.md.

    >>> ten = Clause("10 + 2", ClauseKind.FREE_UNITS, paid=10, free=2)
    >>> off = Clause("R", ClauseKind.INVOICE_DISCOUNT, rate=Decimal("0.12"))
    >>> [round(each, 4) for each in shares([ten, off], top=True)]
    [Decimal('0.1667'), Decimal('0.1000')]
    """
    given = tuple(clauses)
    paid = ONE
    for each in given:
        paid -= each.free_rate
    paid = max(paid, ZERO)
    invoice = sum(
        (_rate(each, top) for each in given if each.kind is ClauseKind.INVOICE_DISCOUNT), ZERO
    )
    of_net = paid * max(ONE - invoice, ZERO)
    found = []
    for each in given:
        if each.kind is ClauseKind.FREE_UNITS:
            found.append(each.free_rate)
        elif each.kind in AFTER_INVOICE and each.base is Base.INVOICE:
            found.append(_rate(each, top) * of_net)
        else:
            found.append(_rate(each, top) * paid)
    return tuple(found)


def _rate(clause: Clause, top: bool) -> Decimal:  # noqa: FBT001 - as its callers say it
    if clause.rate is not None or not top:
        return clause.rate_at(ZERO)
    return max((tier.rate for tier in clause.tiers), default=ZERO)


def check(
    contract: Contract,
    products: Iterable[tuple[ProductKeys, str]],
    ceilings: Mapping[str, Decimal],
) -> tuple[Finding, ...]:
    """Return what a contract gives on each class of products, the most over its ceiling first.

    Purpose: flag what passes the legal maximum on the day that rules the contract.
    Inputs: the products of the catalogue with the class of their ceiling (empty: none applies, as
    for what is not reimbursed); the ceilings of that day, ratios of the ex-factory price, by class.
    Products that the same clauses cover make one finding. Classes that a clause names and the
    catalogue does not tell are checked too. The share of its own margin that a wholesaler gives back
    is not counted by the law, and is not told apart here.
    """
    index = ClauseIndex(contract)
    known = {each.reference: each for each in contract.clauses}
    gathered: dict[tuple[str, tuple[str, ...]], int] = {}
    for keys, product_class in products:
        if product_class and (references := index.references(keys)):
            key = (product_class, references)
            gathered[key] = gathered.get(key, 0) + 1
    told = {product_class for product_class, _ in gathered}
    named = {name for each in contract.clauses for name in each.scope.classes} - told
    for name in sorted(named):
        keys = ProductKeys("", lab=contract.lab, product_class=name)
        gathered[name, index.references(keys)] = 0
    found = [
        _finding(name, tuple(known[each] for each in references), count, ceilings.get(name))
        for (name, references), count in gathered.items()
    ]
    return tuple(sorted(found, key=lambda each: (-each.excess, each.product_class, -each.most)))


def _finding(
    product_class: str, clauses: tuple[Clause, ...], products: int, ceiling: Decimal | None
) -> Finding:
    parts = shares(clauses, top=True)
    return Finding(
        product_class=product_class,
        clauses=tuple(each.reference for each in clauses),
        parts=parts,
        products=products,
        least=sum(shares(clauses, top=False), ZERO),
        most=sum(parts, ZERO),
        ceiling=ceiling,
    )
