"""The ledger of what a question covers: from list price to net-net price, each step with its proof."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from galien.analytics.answer import Answer
from galien.analytics.measures.purchases import NET_NET, PARTS
from galien.analytics.question import Question
from galien.model.contracts import ClauseKind
from galien.model.net_net import AFTER_INVOICE, CONFIDENCE, Confidence, Source
from galien.model.viewer import Viewer
from galien.usecases.ask import ask
from galien.usecases.services import Services

ZERO = Decimal(0)
_KIND = dict(zip((part.name for part in PARTS), ClauseKind, strict=True))
_AMOUNTS = ("list_amount", "net_amount", *_KIND, "priced_units")


@dataclass(frozen=True)
class Given:
    """What a clause takes off over the question: euros, and where it is known from."""

    kind: ClauseKind
    clause: str
    source: Source
    amount: Decimal

    @property
    def confidence(self) -> Confidence:
        """Return how far it can be relied upon."""
        return CONFIDENCE[self.source]


@dataclass(frozen=True)
class LedgerStep:
    """A step: what it takes off in all, and what gives it. On the invoice itself, nothing else does."""

    kind: ClauseKind
    amount: Decimal
    given: tuple[Given, ...] = ()

    @property
    def sources(self) -> tuple[Source, ...]:
        """Return where it is known from, the surest first."""
        if self.kind not in AFTER_INVOICE:
            return (Source.INVOICE,)
        found = {each.source for each in self.given}
        return tuple(source for source in Source if source in found)

    @property
    def confidence(self) -> Confidence | None:
        """Return that of its least sure part, None when nothing gives it."""
        return min((CONFIDENCE[source] for source in self.sources), default=None)


@dataclass(frozen=True)
class LedgerOf:
    """The ledger: every unit at list price, the steps, the net-net amount; euros excl. tax and units.

    `answer` is the question it comes from, with its period, its scope and the state of its data.
    """

    gross: Decimal
    net: Decimal
    units: int
    steps: tuple[LedgerStep, ...]
    answer: Answer

    @property
    def discount(self) -> Decimal:
        """Return everything taken off: the sum of the steps."""
        return self.gross - self.net


def ledger_of(question: Question, viewer: Viewer, *, services: Services) -> LedgerOf:
    """Return the ledger of the purchases a question covers, with the viewer's rights.

    Its dimensions, measures and order are left aside. Raises what `ask` raises.
    """
    plain = replace(question, by=(), order=None, top=None, compare="none", level=NET_NET)
    whole = ask(replace(plain, measures=_AMOUNTS), viewer, services=services)
    steps = tuple(each.value for each in AFTER_INVOICE)
    by_clause = replace(plain, measures=steps, by=("clause", "step_source"))
    given = _given(ask(by_clause, viewer, services=services))
    totals = {name: Decimal(str(whole.totals[name] or 0)) for name in _AMOUNTS}
    return LedgerOf(
        gross=totals["list_amount"],
        net=totals["net_amount"],
        units=int(totals["priced_units"]),
        steps=tuple(
            LedgerStep(kind, totals[name], tuple(each for each in given if each.kind is kind))
            for name, kind in _KIND.items()
        ),
        answer=whole,
    )


def _given(answer: Answer) -> list[Given]:
    found = [
        Given(kind, str(row["clause"]), Source(row["step_source"]), row[kind.value])
        for row in answer.table.to_pylist()
        for kind in AFTER_INVOICE
        if row[kind.value]
    ]
    return sorted(found, key=lambda each: (-abs(each.amount), each.clause))
