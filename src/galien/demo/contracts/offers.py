"""What labs propose on their generics: rates of their own, on most of what they sell."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal

import numpy as np

from galien.demo.contracts.products import Range
from galien.model.contracts import (
    Base,
    Clause,
    ClauseKind,
    Commitment,
    Conditions,
    Consequence,
    Contract,
    Measured,
    ProductScope,
    Returns,
    Span,
    Standing,
    Tier,
)
from galien.usecases.contracts.csv_rows import percent

LABS = 14
INVENTED = "Conditions inventées pour la démonstration."
_OFFERS = 11
# Most labs keep what is paid after the invoice under the ceiling; one in four does not.
_STEP, _HIGHEST, _BOLD = 0.025, 0.35, 0.40
_YEARLY = "Objectif annuel"


def offers(ranges: list[Range], *, seed: int, today: dt.date) -> list[Contract]:
    """Return an offer of each lab, in force over the year; the seed and its rank make its rates."""
    return [
        _offer(each, np.random.default_rng([seed, _OFFERS, rank]), rank, today)
        for rank, each in enumerate(ranges)
    ]


def _offer(sold: Range, rng: np.random.Generator, rank: int, today: dt.date) -> Contract:
    # A wide range is offered at better rates; narrow ones have one good idea and no fees.
    base = rng.uniform(0.24, 0.33) - 0.006 * rank
    rates = _rates(sold, base, _HIGHEST if rank % 4 else _BOLD, rng)
    clauses = [
        Clause(
            reference=f"Remise {percent(rate)}",
            kind=ClauseKind.INVOICE_DISCOUNT,
            scope=ProductScope(products=tuple(codes)),
            rate=rate,
        )
        for rate, codes in sorted(rates.items(), reverse=True)
    ]
    target = Decimal(int(rng.integers(4, 13)) * 1_000)
    clauses.append(_rebate(target, rng))
    if rank % 3 != 1:
        clauses.append(_cooperation(rng))
    if rank % 5 == 2:
        clauses.append(_free_units(sold, rng))
    return Contract(
        reference=f"Offre {sold.lab} {today.year} (conditions inventées)",
        supplier=sold.lab,
        lab=sold.lab,
        since=today.replace(month=1, day=1),
        until=dt.date(today.year + 1, 12, 31),
        standing=Standing.OFFER,
        clauses=tuple(clauses),
        commitments=(
            Commitment(_YEARLY, target, scope=_all(), consequence=Consequence.REBATE_LOST),
        ),
        conditions=Conditions(
            payment_days=int(rng.choice([30, 45, 60, 75])),
            shipping_fee=Decimal("12.50"),
            free_shipping_from=Decimal(int(rng.integers(1, 5)) * 100),
            returns=Returns(allowed=rank % 2 == 0, days=180, credit_rate=Decimal("0.8")),
            order_cost=Decimal(6),
            invoice_cost=Decimal("1.50"),
            dispute_cost=Decimal(15),
            yearly_fee=Decimal(int(rng.choice([0, 0, 120, 240]))),
        ),
        note=INVENTED,
    )


def _rates(
    sold: Range, base: float, highest: float, rng: np.random.Generator
) -> dict[Decimal, list[str]]:
    """Share the products out between rates by steps of 2,5 points, one in ten left out."""
    groups = sorted({box.group for box in sold.boxes})
    drawn = base + 0.07 * rng.standard_normal(len(groups))
    # Molecules whose price everybody watches get hardly anything.
    drawn = np.where(rng.random(len(groups)) < 0.08, _STEP, drawn)
    steps = np.clip(np.round(drawn / _STEP) * _STEP, _STEP, highest)
    covered = rng.random(len(groups)) < 0.9
    rate = {
        group: Decimal(f"{step:.3f}")
        for group, step, kept in zip(groups, steps, covered, strict=True)
        if kept
    }
    found: dict[Decimal, list[str]] = defaultdict(list)
    for box in sold.boxes:
        if box.group in rate:
            found[rate[box.group]].append(box.code)
    return found


def _rebate(target: Decimal, rng: np.random.Generator) -> Clause:
    first = Decimal(int(rng.integers(2, 7))) / 200
    return Clause(
        reference="Remise de fin d’année",
        kind=ClauseKind.REBATE,
        scope=_all(),
        base=Base.INVOICE,
        tiers=(
            Tier(target, first),
            Tier(target * 2, first + Decimal("0.01")),
            Tier(target * 4, first + Decimal("0.02")),
        ),
        measured=Measured.NET_AMOUNT,
        span=Span.YEAR,
        condition=_YEARLY,
    )


def _cooperation(rng: np.random.Generator) -> Clause:
    return Clause(
        reference="Coopération commerciale",
        kind=ClauseKind.COOPERATION,
        scope=_all(),
        rate=Decimal(int(rng.integers(1, 6))) / 200,
        base=Base.INVOICE,
    )


def _free_units(sold: Range, rng: np.random.Generator) -> Clause:
    chosen = sorted(rng.choice(len(sold.boxes), len(sold.boxes) // 12, replace=False))
    codes = tuple(sold.boxes[n].code for n in chosen)
    return Clause(
        reference="Lancements 20 + 1",
        kind=ClauseKind.FREE_UNITS,
        scope=ProductScope(products=codes),
        paid=20,
        free=1,
    )


def _all() -> ProductScope:
    return ProductScope(classes=("generic",))
