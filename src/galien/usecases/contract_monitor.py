"""The contract monitor: commitments and tiers of the contracts in force against what was really bought."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from galien.analytics.answer import DataState
from galien.analytics.question import Filter, Question
from galien.analytics.release import ReleaseView
from galien.calculators.discounts.accrual import Bought, Months, spans
from galien.calculators.discounts.monitor import Followed, Standing, follow
from galien.calculators.discounts.owed import together
from galien.kernel import french
from galien.kernel.errors import NotAllowed
from galien.kernel.period import Period, month_end, shift_months
from galien.model.contracts import (
    Base,
    Clause,
    ClauseKind,
    Commitment,
    Consequence,
    Counted,
    Measured,
    Span,
)
from galien.model.viewer import Span as DaySpan
from galien.model.viewer import Viewer
from galien.usecases.ask import ask
from galien.usecases.contracts.book import Kept, bound_pharmacies, contracts_of
from galien.usecases.detail import ALL_DAYS
from galien.usecases.net_net.scopes import Scopes
from galien.usecases.scope import open_days
from galien.usecases.services import Services
from galien.warehouse.store import Store

ZERO = Decimal(0)
GROUP = ""
_WHOLE_SPANS = frozenset({Span.MONTH, Span.QUARTER, Span.YEAR})
_MEASURES = ("delivered_quantity", "list_amount", "net_amount")
_YEAR = 12  # months before a span: the year that its projection keeps the pace of
_BACK = 35  # months before the last one, at most: a contract's year, and the year before it


@dataclass(frozen=True)
class Watched:
    """A target followed: whose contract, which commitment or clause, and for which pharmacy.

    `pharmacy` is empty when the whole group counts together. `rate` is what the tier gives, None for a
    commitment. Euros at stake are lost when `consequence` says so, won with a tier.
    """

    kept: Kept
    reference: str
    pharmacy: str
    name: str
    measured: Measured
    followed: Followed
    consequence: Consequence = Consequence.NONE
    rate: Decimal | None = None


@dataclass(frozen=True)
class Monitor:
    """Targets followed up to a day, alerts first.

    `partly` are contracts counted over a whole group of which the viewer sees a part only.
    """

    until: dt.date | None
    lines: tuple[Watched, ...] = ()
    partly: tuple[str, ...] = ()
    state: DataState = field(default_factory=DataState)
    scope: tuple[str, ...] = ()
    release: str = ""


def monitor(viewer: Viewer, *, services: Services) -> Monitor:
    """Follow the contracts in force on the last day of purchases, on what the viewer may see.

    Raises NotAvailable when nothing is published.
    """
    with services.reader.hold() as held:
        release = held.release.release
        catalogue = held.manifest.table("catalogue").sha256
        known = services.reading.view(held)
        names = {row.pharmacy: row.name for row in known.pharmacies}
        mine = open_days(viewer, known, "purchases", ALL_DAYS)
        days = _last_days(known, mine)
    if not days:
        return Monitor(None, release=release)
    until = max(days)
    received = [
        month
        for (number, feed, month), state in known.completeness.items()
        if feed == "purchases" and state != "missing" and number in mine
    ]
    first = max(shift_months(until.replace(day=1), -_BACK), min(received, default=dt.date.min))
    whole = Period(first, month_end(until))
    counting = _Counting(viewer, services, whole, _scopes(services.store, catalogue), names)
    lines: list[Watched] = []
    partly: dict[str, None] = {}
    for kept in contracts_of(viewer, on=until):
        for part in _targets(kept):
            watched = _watched_spans(kept, part, until)
            if not watched:
                continue
            found = counting.of(kept, part, watched[0])
            bound = bound_pharmacies(kept)
            if part.counted is Counted.GROUP and not bound <= found.names.keys():
                partly[kept.contract.reference] = None
                continue
            lines += _lines(kept, part, found, bound, watched, until)
    return Monitor(
        until,
        tuple(sorted(lines, key=_urgency)),
        tuple(partly),
        counting.state,
        tuple(sorted(counting.seen)),
        release,
    )


def _last_days(known: ReleaseView, mine: Mapping[int, tuple[DaySpan, ...]]) -> list[dt.date]:
    """Return the last day of purchases of each pharmacy open, as far as rights reach."""
    return [
        min(last, mine[number][-1][1])
        for (number, feed), last in known.last_days.items()
        if feed == "purchases" and number in mine and mine[number][0][0] <= last
    ]


def _urgency(line: Watched) -> tuple[object, ...]:
    """Order alerts first: a promise before a tier that might be won, then the most euros."""
    followed = line.followed
    named = (line.kept.contract.reference, line.name, line.reference)
    return (followed.standing, line.rate is not None, -followed.at_stake, *named)


def _targets(kept: Kept) -> Iterator[Commitment | Clause]:
    yield from kept.contract.commitments
    for clause in kept.contract.clauses:
        if clause.tiers and clause.span in _WHOLE_SPANS:
            yield clause


@dataclass(frozen=True)
class _Found:
    """What each pharmacy in sight bought of a scope, by month, and their names."""

    months: Mapping[str, Months]
    names: Mapping[str, str]


class _Counting:
    """Asks what was bought, once for each scope and supplier."""

    def __init__(
        self,
        viewer: Viewer,
        services: Services,
        period: Period,
        scopes: Scopes,
        names: Mapping[str, str],
    ) -> None:
        self.viewer, self.services, self.period, self.scopes = viewer, services, period, scopes
        self._names = names
        self.state = DataState()
        self.seen: set[str] = set()
        self._known: dict[tuple[str, str, Period], _Found] = {}
        self._suppliers: tuple[str, ...] | None = None

    def of(self, kept: Kept, part: Commitment | Clause, span: Period) -> _Found:
        """Return what was bought of what a commitment or a clause covers, from a year before a span."""
        contract = kept.contract
        before = shift_months(span.first.replace(day=1), -_YEAR)
        period = Period(max(before, self.period.first), self.period.last)
        key = (contract.supplier, self.scopes.name(contract, part), period)
        if key not in self._known:
            codes = self.scopes.codes(contract, part)
            where = () if codes is None else (Filter("product", tuple(sorted(codes)) or ("",)),)
            if contract.supplier:
                where = (*where, Filter("supplier", self._named(contract.supplier)))
            self._known[key] = self._ask(where, period)
        return self._known[key]

    def _ask(self, where: tuple[Filter, ...], period: Period) -> _Found:
        by = ("pharmacy", "month")
        question = Question("purchases", _MEASURES, by, period.iso(), "none", where)
        try:
            answer = ask(question, self.viewer, services=self.services)
        except NotAllowed:
            return _Found({}, {})
        self.state = answer.state
        self.seen |= set(answer.meta.scope)
        months: dict[str, dict[dt.date, Bought]] = {each: {} for each in answer.meta.scope}
        names = {each: self._names.get(each, each) for each in answer.meta.scope}
        for row in answer.table.to_pylist():
            pharmacy = row["pharmacy"]
            month = dt.date.fromisoformat(f"{row['month'][:7]}-01")
            amounts = (Decimal(row[name]) for name in _MEASURES)
            months.setdefault(pharmacy, {})[month] = Bought(*amounts)
        return _Found(months, names)

    def _named(self, supplier: str) -> tuple[str, ...]:
        """Return the names a supplier is invoiced under."""
        if self._suppliers is None:
            with self.services.reader.hold() as held:
                self._suppliers = self.services.reading.view(held).keys(
                    "purchases_group_month", "supplier"
                )
        alike = tuple(s for s in self._suppliers if french.fold(s) == french.fold(supplier))
        return alike or (supplier,)


def _lines(
    kept: Kept,
    part: Commitment | Clause,
    found: _Found,
    bound: frozenset[str],
    spans_: Sequence[Period],
    until: dt.date,
) -> Iterator[Watched]:
    seen = sorted(bound & found.names.keys())
    counted: list[tuple[str, str, Months]] = [
        (each, found.names[each], found.months.get(each, {})) for each in seen
    ]
    if part.counted is Counted.GROUP:
        whole = together([months for _, _, months in counted])
        counted = [(GROUP, kept.organisation, whole)]
    for pharmacy, name, months in counted:
        for span in spans_:
            watched = _watch(kept, part, (pharmacy, name, months), span, until)
            current = span.last >= until
            if current or watched.followed.standing is Standing.MISSED:
                yield watched


def _watched_spans(kept: Kept, part: Commitment | Clause, until: dt.date) -> list[Period]:
    """Return the span under way and the one before it, which may have been missed."""
    if part.span not in _WHOLE_SPANS:
        return []
    every = spans(kept.contract, part.span, until)
    return every[-2:] if isinstance(part, Commitment) else every[-1:]


def _watch(
    kept: Kept,
    part: Commitment | Clause,
    counted: tuple[str, str, Months],
    span: Period,
    until: dt.date,
) -> Watched:
    pharmacy, name, months = counted
    if isinstance(part, Commitment):
        stake = _stake(kept, part, months, span)
        followed = follow(
            months, span, part.minimum, part.measured, until=until, at_stake=stake
        )  # fmt: skip
        return Watched(
            kept, part.reference, pharmacy, name, part.measured, followed, part.consequence
        )
    so_far = follow(months, span, ZERO, part.measured, until=until).reached.counted
    ahead = [tier for tier in part.tiers if tier.minimum > so_far]
    tier = min(ahead or part.tiers, key=lambda each: each.minimum if ahead else -each.minimum)
    amount = Measured.LIST_AMOUNT if part.base is Base.LIST else Measured.NET_AMOUNT
    base = follow(months, span, ZERO, amount, until=until).reached.projected
    won = base * (tier.rate - part.rate_at(so_far)) if ahead else ZERO
    followed = follow(months, span, tier.minimum, part.measured, until=until, at_stake=won)
    return Watched(kept, part.reference, pharmacy, name, part.measured, followed, rate=tier.rate)


def _stake(kept: Kept, commitment: Commitment, months: Months, span: Period) -> Decimal:
    """Return what is lost below a commitment: the discount of its span, or the rebates that hang on it."""
    bought = together([{m: months[m]} for m in span.months() if m in months])
    listed = sum((each.list_amount for each in bought.values()), ZERO)
    net = sum((each.net_amount for each in bought.values()), ZERO)
    if commitment.consequence is Consequence.BILLED_BACK:
        return listed - net
    hanging: Sequence[Clause] = [
        each
        for each in kept.contract.clauses
        if each.condition == commitment.reference
        or (
            commitment.consequence is Consequence.REBATE_LOST
            and each.kind is ClauseKind.REBATE
            and not each.condition
        )
    ]
    return sum(((listed if c.base is Base.LIST else net) * _highest(c) for c in hanging), ZERO)


def _highest(clause: Clause) -> Decimal:
    return max([clause.rate or ZERO, *(tier.rate for tier in clause.tiers)])


@lru_cache(maxsize=2)
def _scopes(store: Store, catalogue: str) -> Scopes:
    return Scopes(store.read(catalogue))
