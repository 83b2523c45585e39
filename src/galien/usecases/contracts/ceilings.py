"""A contract against the legal ceilings of the day that rules it, each one cited."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from galien.calculators.discounts.ceilings import Finding, check
from galien.law import Cited, Law
from galien.model.contracts import Contract
from galien.usecases.best_labs import LEGAL_CLASSES
from galien.usecases.contracts.keys import Named, products_on
from galien.usecases.services import Services

GENERAL = "general"


@dataclass(frozen=True)
class Checked:
    """What a contract gives by class on the day of its ceilings, and the law that says each one."""

    day: dt.date
    findings: tuple[Finding, ...]
    law: Mapping[str, Cited[Decimal]]

    @property
    def excesses(self) -> tuple[Finding, ...]:
        """The findings that pass their ceiling, the most first."""
        return tuple(each for each in self.findings if each.excess)


def ceilings_on(day: dt.date, law: Law) -> dict[str, Cited[Decimal]]:
    """Return the ceiling of each class on a day; that of all medicines where a class has none.

    Article L. 138-9: a reimbursed medicine that no other ceiling names is under the general one.
    """
    found = {}
    for name, parameter in LEGAL_CLASSES.items():
        for wanted in (parameter, LEGAL_CLASSES[GENERAL]):
            if law.find(wanted, on=day) is not None:
                found[name] = law.number(wanted, on=day)
                break
    return found


def check_ceilings(contract: Contract, *, services: Services) -> Checked:
    """Check a contract against the ceilings of the day of its signature, else of its beginning."""
    day = contract.ceiling_day
    law = ceilings_on(day, services.law)
    ceilings = tuple((name, cited.value) for name, cited in law.items())
    findings = _found(contract, _Once(products_on(day, services=services)), ceilings)
    return Checked(day, findings, law)


class _Once:
    """The products of a day, that are the same object as long as the catalogue does not change."""

    def __init__(self, products: tuple[Named, ...]) -> None:
        self.products = products

    def __hash__(self) -> int:
        return id(self.products)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Once) and self.products is other.products


@lru_cache(maxsize=512)
def _found(
    contract: Contract, products: _Once, ceilings: tuple[tuple[str, Decimal], ...]
) -> tuple[Finding, ...]:
    return check(contract, products.products, dict(ceilings))
