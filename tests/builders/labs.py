"""A small ground for the choice of labs: three products, two labs, clauses that bite."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from galien.calculators.discounts.market import Offer
from galien.calculators.discounts.optimum.problem import Bought
from galien.calculators.discounts.optimum.rules import LabRules, Tier
from galien.kernel.period import Period
from galien.usecases.simulator.ground import Fees, Ground

D = Decimal
YEAR = Period(dt.date(2025, 11, 1), dt.date(2026, 10, 31))


def ground(**changes: object) -> Ground:
    """Return ten thousand euros a year: A covers x and y, B covers y and z; all at 10 % today."""
    given: dict[str, object] = {
        "period": YEAR,
        "months": D(12),
        "pharmacies": ("750100018", "750100026"),
        "release": "r1",
        "bought": tuple(
            Bought(code, D(100), D(amount), D("0.1"), lab, "generic")
            for code, amount, lab in (("x", 6000, "A"), ("y", 3000, "A"), ("z", 1000, "C"))
        ),
        "offers": (
            Offer("A", "x", D("0.2")), Offer("A", "y", D("0.2")),
            Offer("B", "y", D("0.3")), Offer("B", "z", D("0.3")),
        ),
        "labels": {"x": "Xénol 1 mg", "y": "Ypsol 2 mg", "z": "Zétol 3 mg"},
        "labs": {"A": LabRules(tiers=(Tier(D(9000), D("0.08")),))},
        "fees": {"B": Fees(order=D(1))},
    }  # fmt: skip
    return Ground(**{**given, **changes})  # type: ignore[arg-type]
