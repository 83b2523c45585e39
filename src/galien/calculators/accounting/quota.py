"""The place of a pharmacy: the population of its commune against the quota in force on a day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from galien.law import Law

# Guyane, Moselle, Bas-Rhin, Haut-Rhin: CSP art. L. 5125-4, II.
RAISED_DEPARTMENTS = frozenset({"973", "57", "67", "68"})
# Mayotte has rules of its own (CSP art. L. 5511-3), counted over territories of health.
OUTSIDE = frozenset({"976"})


@dataclass(frozen=True)
class Quota:
    """A commune against the quota: pharmacies that its population allows, and those it has.

    `allowed` is None where the rule of the day is unknown.
    """

    population: int
    pharmacies: int | None
    first: Decimal | None
    following: Decimal | None
    allowed: int | None

    @property
    def per_pharmacy(self) -> Decimal | None:
        """Return the inhabitants of the commune for each of its pharmacies."""
        return Decimal(self.population) / self.pharmacies if self.pharmacies else None

    @property
    def surplus(self) -> int | None:
        """Return the pharmacies beyond the quota, negative when there is room for more."""
        if self.allowed is None or self.pharmacies is None:
            return None
        return self.pharmacies - self.allowed


def quota(
    population: int, law: Law, *, on: dt.date, department: str, pharmacies: int | None = None
) -> Quota:
    """Count the pharmacies that a population allows on a day.

    Equation: one from the first threshold (2 500 inhabitants, 3 500 in some departments), and one
    more for each whole 4 500 beyond it. Source: CSP art. L. 5125-4, cited by the law's values.

    >>> quota(7000, Law.load(), on=dt.date(2026, 1, 1), department="69").allowed
    2
    """
    raised = "_raised" if department in RAISED_DEPARTMENTS else ""
    first = law.find(f"pharmacy_quota_first{raised}", on=on)
    following = law.find("pharmacy_quota_next", on=on)
    if (
        department in OUTSIDE
        or first is None
        or following is None
        or not isinstance(first.value, Decimal)
        or not isinstance(following.value, Decimal)
    ):
        return Quota(population, pharmacies, None, None, None)
    beyond = population - first.value
    allowed = 0 if beyond < 0 else 1 + int(beyond // following.value)
    return Quota(population, pharmacies, first.value, following.value, allowed)
