"""Assistant pharmacists that a pharmacy's turnover requires, on the day asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from galien.kernel.errors import InvalidInput, did_you_mean
from galien.law import Cited, Consultation, Law, LawValue

# The turnover of the last year up to 2022-02-26, then the global activity: the name known wins.
STEPS: Final = ("assistants_turnover_step", "assistants_activity_step")
PRICE_CAP: Final = "assistants_price_cap"
MAINLAND: Final = "metropole"
TERRITORIES: Final = {
    "guadeloupe": "assistants_coefficient_antilles",
    "martinique": "assistants_coefficient_antilles",
    "saint_barthelemy": "assistants_coefficient_antilles",
    "saint_martin": "assistants_coefficient_antilles",
    "guyane": "assistants_coefficient_guyane",
    "reunion": "assistants_coefficient_reunion",
    "mayotte": "assistants_coefficient_mayotte",
    "saint_pierre_et_miquelon": "assistants_coefficient_saint_pierre_et_miquelon",
}


@dataclass(frozen=True)
class AssistantsRequired:
    """How many assistants a turnover requires; euros excl. tax.

    `step` already holds the coefficient of the territory; `next_at` is the turnover from which one
    more is required. Three of them are None when the law of the day is unknown, and `unknown` says
    why.
    """

    on: dt.date
    turnover: Decimal
    counted: Decimal
    step: Decimal | None
    required: int | None
    next_at: Decimal | None
    unknown: tuple[str, ...]
    cited: tuple[Cited[LawValue], ...]


def assistants_required(
    law: Law,
    turnover: Decimal,
    *,
    on: dt.date,
    territory: str = MAINLAND,
    expensive: Iterable[tuple[Decimal, int]] = (),
) -> AssistantsRequired:
    """Count the assistants (full-time equivalents) that a yearly turnover requires.

    Inputs: turnover excl. tax of the year declared, in euros; the territory; `expensive`, the price
    excl. tax and the number of boxes of each reimbursable medicine dearer than the cap, counted for
    the cap only from 2022.
    Equation: whole part of (turnover − Σ boxes × (price − cap)) ÷ (step × coefficient).
    Source: the orders cited by the law values; CSP art. L. 5125-15.

    >>> needed = assistants_required(Law.load(), Decimal(2_700_000), on=dt.date(2024, 1, 1))
    >>> needed.required, needed.next_at
    (2, Decimal('3900000'))
    """
    reading = Consultation(law, on)
    step = _step(reading, territory)
    counted = turnover - _above_cap(reading, expensive)
    required = None if step is None else int(max(counted, Decimal(0)) // step)
    return AssistantsRequired(
        on=on,
        turnover=turnover,
        counted=counted,
        step=step,
        required=required,
        next_at=None if step is None or required is None else step * (required + 1),
        unknown=reading.unknown,
        cited=reading.cited,
    )


def _step(reading: Consultation, territory: str) -> Decimal | None:
    """Give the turnover that requires one assistant, territory included."""
    in_force = [name for name in STEPS if reading.law.find(name, on=reading.on)]
    step = reading.number(in_force[0] if in_force else STEPS[0])
    if territory == MAINLAND:
        return step
    if territory not in TERRITORIES:
        raise InvalidInput(
            f"Territoire inconnu : « {territory} ». {did_you_mean(territory, TERRITORIES)}"
        )
    coefficient = reading.number(TERRITORIES[territory])
    return None if step is None or coefficient is None else step * coefficient


def _above_cap(reading: Consultation, expensive: Iterable[tuple[Decimal, int]]) -> Decimal:
    """Give what boxes dearer than the cap are worth above it; the law before 2022 had no cap."""
    boxes = list(expensive)
    if not boxes or reading.law.find(PRICE_CAP, on=reading.on) is None:
        return Decimal(0)
    cap = reading.number(PRICE_CAP)
    if cap is None:
        return Decimal(0)
    return sum((max(price - cap, Decimal(0)) * count for price, count in boxes), Decimal(0))
