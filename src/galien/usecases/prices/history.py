"""What price policies decided, run by run: products, prices, by whom, and the result that sales show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Max

from galien.analytics.question import Filter, Question
from galien.kernel.errors import NotAllowed
from galien.model.viewer import Viewer
from galien.records.models import PriceDecision
from galien.records.scope import visible_to
from galien.usecases.ask import ask
from galien.usecases.freshness import freshness
from galien.usecases.prices.price_file import PriceLine, price_file
from galien.usecases.prices.witnesses import Witnesses, witnesses
from galien.usecases.products import labels
from galien.usecases.services import Services

WEEK = 7  # whole weeks, so that each side has the same weekdays
LONGEST = 13 * WEEK  # on each side: a season does not answer for a price
UNKNOWN = "Ce passage n’existe pas : choisissez-le dans la liste."
ZERO = Decimal(0)
_NAMES = ("quantity", "sales_excl", "adjusted_margin")


@dataclass(frozen=True)
class Run:
    """A policy applied once: which, when, by whom, on how many pharmacies and products."""

    run: str
    policy: str
    since: dt.date
    decided_at: dt.datetime
    decided_by: str
    pharmacies: int
    products: int


@dataclass(frozen=True)
class Decided:
    """A price decided, euros incl. tax, and why."""

    pharmacy: str
    product_code: str
    label: str
    price_incl: Decimal
    former_price_incl: Decimal | None
    reason: str


@dataclass(frozen=True)
class Sums:
    """Sales of a span, per day: units, euros excl. tax, margin in euros."""

    units: Decimal = ZERO
    sales: Decimal = ZERO
    margin: Decimal = ZERO


@dataclass(frozen=True)
class Measured:
    """Sales before and after a run, over as many whole weeks on each side, a day.

    `others` are the other products of the same pharmacies, which tell what the season did; `witnesses`
    the same products in the group's pharmacies that kept their price, where enough may be told.
    """

    days: int
    before: Sums
    after: Sums
    others_before: Sums
    others_after: Sums
    witnesses: Witnesses | None = None


def runs_of(viewer: Viewer, *, policy: str = "") -> tuple[Run, ...]:
    """Return the runs on the pharmacies whose sales are open to the viewer, the last one first."""
    rows = visible_to(viewer).price_decisions().exclude(run="")
    if policy:
        rows = rows.filter(policy=policy)
    found = (
        rows.order_by()
        .values("run", "policy", "since", "decided_by")
        .annotate(at=Max("decided_at"), shops=Count("pharmacy", distinct=True), prices=Count("pk"))
        .order_by("-at", "run")
    )
    return tuple(
        Run(each["run"], each["policy"], each["since"], each["at"], each["decided_by"],
            each["shops"], each["prices"])
        for each in found
    )  # fmt: skip


def run_of(run: str, viewer: Viewer) -> Run:
    """Return a run; NotAllowed, in the words of an absence, for another's."""
    found = next((each for each in runs_of(viewer) if each.run == run), None)
    if found is None:
        raise NotAllowed(UNKNOWN, code="UNKNOWN_RUN")
    return found


def decided(run: str, viewer: Viewer, *, services: Services) -> tuple[Decided, ...]:
    """Return the prices of a run, by pharmacy then by product."""
    rows = list(visible_to(viewer).price_decisions().filter(run=run).select_related("pharmacy"))
    names = labels([row.product_code for row in rows], services=services)
    return tuple(_decided(row, names) for row in rows)


def file_of(rows: Sequence[Decided]) -> bytes:
    """Write the prices of a run as the file that dispensing software reads."""
    lines = (
        PriceLine(
            each.pharmacy, each.product_code, each.former_price_incl, each.price_incl, each.reason
        )
        for each in rows
    )
    return price_file(lines).encode("utf-8-sig")


def measured(run: Run, viewer: Viewer, *, services: Services) -> Measured | None:
    """Compare sales before and after a run; None until a week of sales has come since.

    Equation: sums over the same number of whole weeks on each side, thirteen at most, divided by their
    days; the same for the other products. Raises what `ask` raises without the right on sales.
    """
    fresh = freshness(viewer, services=services)
    if fresh is None:
        return None
    days = min((fresh.until - run.since).days + 1, LONGEST) // WEEK * WEEK
    if days <= 0:
        return None
    codes: dict[str, set[str]] = {}
    for pharmacy, code in _products(run.run, viewer):
        codes.setdefault(pharmacy, set()).add(code)
    span = dt.timedelta(days=days)
    before = _summed(run.since - span, days, codes, viewer, services)
    after = _summed(run.since, days, codes, viewer, services)
    every = frozenset[str]().union(*codes.values())
    seen = witnesses(every, list(codes), viewer, since=run.since, days=days, services=services)
    return Measured(days, before[0], after[0], before[1], after[1], seen)


def _products(run: str, viewer: Viewer) -> list[tuple[str, str]]:
    rows = visible_to(viewer).price_decisions().filter(run=run)
    return [(str(shop), str(code)) for shop, code in rows.values_list("pharmacy", "product_code")]


def _decided(row: PriceDecision, names: Mapping[str, str]) -> Decided:
    return Decided(
        pharmacy=row.pharmacy.finess,
        product_code=row.product_code,
        label=names.get(row.product_code, row.product_code),
        price_incl=row.price_incl,
        former_price_incl=row.former_price_incl,
        reason=row.reason,
    )


def _summed(
    first: dt.date,
    days: int,
    codes: Mapping[str, set[str]],
    viewer: Viewer,
    services: Services,
) -> tuple[Sums, Sums]:
    """Return the sales a day of the products of the run, then of the others."""
    period = f"{first}..{first + dt.timedelta(days=days - 1)}"
    inside = [ZERO] * len(_NAMES)
    whole = [ZERO] * len(_NAMES)
    for pharmacy, kept in codes.items():
        where = (Filter("pharmacy", (pharmacy,)),)
        asked = Question("sales", _NAMES, ("product",), period=period, compare="none", where=where)
        answer = ask(asked, viewer, services=services)
        for row in answer.table.select(["product", *_NAMES]).to_pylist():
            values = [Decimal(str(row[name] or 0)) for name in _NAMES]
            whole = [total + value for total, value in zip(whole, values, strict=True)]
            if row["product"] in kept:
                inside = [total + value for total, value in zip(inside, values, strict=True)]
    others = [total - part for total, part in zip(whole, inside, strict=True)]
    return _a_day(inside, days), _a_day(others, days)


def _a_day(values: Sequence[Decimal], days: int) -> Sums:
    return Sums(*(value / days for value in values))
