"""The net-net ledger of a purchase line: from list price to what is really paid, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from galien.kernel.errors import InvalidInput
from galien.model.contracts import Base
from galien.model.contracts import ClauseKind as Kind
from galien.model.net_net import CONFIDENCE, Confidence, Source

ZERO = Decimal(0)


@dataclass(frozen=True)
class Line:
    """A purchase line: units paid and free, list price of one, and paid units at list and net.

    Euros excl. tax, negative on a return; `document` is the invoice and its line.
    """

    paid: Decimal
    free: Decimal
    list_price: Decimal
    list_amount: Decimal
    net_amount: Decimal
    document: str = ""


@dataclass(frozen=True)
class Term:
    """A discount off the line's invoice price: a rate (a ratio) of a base, or an amount in euros.

    `reference` names its proof: the clause of a contract, the line of an invoice, what was assumed.
    `clause` is the discount itself when a contract has several of a kind; empty for the kind as a whole.
    Raises InvalidInput unless exactly one of rate and amount is given, for a kind that a term can be.
    """

    kind: Kind
    source: Source
    reference: str
    rate: Decimal | None = None
    amount: Decimal | None = None
    base: Base = Base.INVOICE
    clause: str = ""

    def __post_init__(self) -> None:
        if (self.rate is None) == (self.amount is None):
            raise InvalidInput(
                f"« {self.reference} » : donnez un taux ou un montant, l’un des deux seulement."
            )
        if self.kind in {Kind.INVOICE_DISCOUNT, Kind.FREE_UNITS}:
            raise InvalidInput(
                f"« {self.reference} » : la remise sur facture et les unités gratuites se lisent sur "
                "la ligne d’achat ; une clause ne les applique pas une seconde fois."
            )

    def euros(self, line: Line) -> Decimal:
        """Return what the term takes off a line, in euros, unrounded."""
        if self.amount is not None:
            return self.amount
        base = line.list_amount if self.base is Base.LIST else line.net_amount
        return (self.rate or ZERO) * base


@dataclass(frozen=True)
class Step:
    """A part of the way from list to net-net: euros taken off, where from, how sure."""

    kind: Kind
    amount: Decimal
    source: Source
    confidence: Confidence
    reference: str


@dataclass(frozen=True)
class NetNet:
    """A purchase line taken apart. Euros excl. tax, unrounded: the steps add up exactly.

    `gross` is every unit delivered at list price; `set_aside` are the terms that were not applied
    because a surer source already gives the same discount.
    """

    line: Line
    gross: Decimal
    steps: tuple[Step, ...]
    set_aside: tuple[Term, ...]

    @property
    def amount(self) -> Decimal:
        """Return what the line really costs, in euros."""
        return self.gross - sum((step.amount for step in self.steps), ZERO)

    @property
    def unit_price(self) -> Decimal | None:
        """Return the net-net price of a unit, free ones counted; None when none was delivered."""
        units = self.line.paid + self.line.free
        return self.amount / units if units else None

    @property
    def discount_rate(self) -> Decimal | None:
        """Return all discounts over all units delivered at list price, a ratio."""
        return (self.gross - self.amount) / self.gross if self.gross else None

    @property
    def confidence(self) -> Confidence:
        """Return that of the least sure step that takes something off."""
        return min((step.confidence for step in self.steps if step.amount), default=Confidence.SEEN)

    def taken_off(self, kind: Kind) -> Decimal:
        """Return what all steps of a kind take off, in euros."""
        return sum((step.amount for step in self.steps if step.kind is kind), ZERO)


def net_net(line: Line, terms: Sequence[Term] = ()) -> NetNet:
    """Take a purchase line from list price to net-net.

    Purpose: one true price per line, each part with its proof, each discount applied once.
    Inputs: the line as invoiced; the terms that hold for it. Of the terms of a clause, only those of
    the surest source are applied; and of a kind as a whole, what is less sure is set aside: a cash
    discount seen on the invoice is not taken again from the contract that grants it. Raises
    InvalidInput when a reference comes twice for a kind.
    Equation: (paid + free) × list price − (list amount − net amount) − free × list price − terms.
    Source: handbook of the ledger; docs/methods/remises.md.

    >>> ten = Line(Decimal(10), Decimal(2), Decimal("8.60"), Decimal("86.00"), Decimal("86.00"))
    >>> found = net_net(ten)
    >>> found.gross, found.amount, round(found.discount_rate, 4), round(found.unit_price, 2)
    (Decimal('103.20'), Decimal('86.00'), Decimal('0.1667'), Decimal('7.17'))
    """
    named = [(each.kind, each.reference) for each in terms]
    for kind, reference in named:
        if named.count((kind, reference)) > 1:
            raise InvalidInput(f"« {reference} » donne deux fois la même remise ({kind}).")
    applied = [each for each in terms if _is_surest(each, terms)]
    steps = [
        _seen(Kind.INVOICE_DISCOUNT, line.list_amount - line.net_amount, line),
        _seen(Kind.FREE_UNITS, line.free * line.list_price, line),
        *(
            Step(each.kind, each.euros(line), each.source, CONFIDENCE[each.source], each.reference)
            for kind in Kind
            for each in applied
            if each.kind is kind
        ),
    ]
    return NetNet(
        line=line,
        gross=line.list_amount + line.free * line.list_price,
        steps=tuple(steps),
        set_aside=tuple(each for each in terms if each not in applied),
    )


def _is_surest(term: Term, terms: Sequence[Term]) -> bool:
    """Tell whether no other term gives the same discount more surely: of its clause, or of its kind."""
    return all(
        CONFIDENCE[each.source] <= CONFIDENCE[term.source]
        for each in terms
        if each.kind is term.kind
        and (each.clause == term.clause or not each.clause or not term.clause)
    )


def _seen(kind: Kind, amount: Decimal, line: Line) -> Step:
    return Step(kind, amount, Source.INVOICE, Confidence.SEEN, line.document)
