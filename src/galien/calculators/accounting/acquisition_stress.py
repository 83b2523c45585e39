"""An acquisition under losses of turnover and margin, and the loss that it bears."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from galien.calculators.accounting.acquisition import Flow, Outcome, Plan, project
from galien.law import Law

ZERO, ONE = Decimal(0), Decimal(1)
LOSSES = tuple(Decimal(step) for step in ("0", "0.05", "0.10", "0.15", "0.20"))
POINTS = tuple(Decimal(step) for step in ("0", "0.01", "0.02"))
HALVINGS = 40


@dataclass(frozen=True)
class StressCase:
    """The plan with turnover lost (a ratio) and points of margin lost (a ratio)."""

    loss: Decimal
    margin_loss: Decimal
    outcome: Outcome


@dataclass(frozen=True)
class Stress:
    """The plan under losses; `break_even` is the loss of turnover it bears, None when it holds none."""

    cases: tuple[StressCase, ...]
    break_even: Decimal | None
    losses: tuple[Decimal, ...] = field(default=LOSSES)
    points: tuple[Decimal, ...] = field(default=POINTS)


def stress(plan: Plan, law: Law) -> Stress:
    """Try the plan with less turnover and less margin, and find the loss of turnover it bears.

    Charges stay what they are: the break-even is the largest loss with which every year covers
    its loans and cash stays positive, found by halving.
    """
    cases = tuple(
        StressCase(loss, points, project(weakened(plan, loss, points), law))
        for points in POINTS
        for loss in LOSSES
    )

    def holds(loss: Decimal) -> bool:
        return project(weakened(plan, loss, ZERO), law).holds

    return Stress(cases, _largest(holds))


def weakened(plan: Plan, loss: Decimal, margin_loss: Decimal) -> Plan:
    """Return the plan with a share of invoices lost, and points of margin lost (ratios)."""
    activity = plan.activity
    return replace(
        plan,
        activity=replace(
            activity,
            prescription=_fewer(activity.prescription, loss),
            counter=_fewer(activity.counter, loss),
            services=activity.services * (ONE - loss),
        ),
        margin_loss=plan.margin_loss + margin_loss,
    )


def _fewer(flow: Flow, loss: Decimal) -> Flow:
    return replace(flow, invoices=flow.invoices * (ONE - loss))


def _largest(holds: Callable[[Decimal], bool]) -> Decimal | None:
    if not holds(ZERO):
        return None
    low, high = ZERO, ONE
    if holds(high):
        return ONE
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low
