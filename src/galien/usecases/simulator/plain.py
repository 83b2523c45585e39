"""A study as JSON keeps it, and back: amounts and rates as texts, nothing lost on the way."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from galien.calculators.discounts.optimum.answer import Assigned, Found, Optimum, Part
from galien.calculators.discounts.optimum.sensitivity import Clause, Entry
from galien.usecases.simulator.labs import Study

Plain = dict[str, Any]


def study_to_plain(study: Study) -> Plain:
    """Return a study as texts, numbers, lists and tables of them."""
    found = study.optimum
    return {
        "best": _found_to_plain(found.best),
        "runner_up": None if found.runner_up is None else _found_to_plain(found.runner_up),
        "assignment": [
            [each.equivalence, each.lab, str(each.list_amount), str(each.rate), str(each.discount)]
            for each in found.assignment
        ],
        "parts": [
            [each.lab, each.products, str(each.list_amount), str(each.discount),
             str(each.tier_rate), each.billed_back]
            for each in found.parts
        ],
        "clauses": [
            [each.key, _found_to_plain(each.without), str(each.worth)] for each in study.clauses
        ],
        "entries": [
            [each.lab, None if each.rate is None else str(each.rate)] for each in study.entries
        ],
    }  # fmt: skip


def study_from_plain(plain: Mapping[str, Any]) -> Study:
    """Return a study from what was kept of it."""
    other = plain["runner_up"]
    optimum = Optimum(
        best=_found(plain["best"]),
        assignment=tuple(
            Assigned(key, lab, Decimal(amount), Decimal(rate), Decimal(discount))
            for key, lab, amount, rate, discount in plain["assignment"]
        ),
        parts=tuple(
            Part(lab, products, Decimal(amount), Decimal(discount), Decimal(tier), billed_back)
            for lab, products, amount, discount, tier, billed_back in plain["parts"]
        ),
        runner_up=None if other is None else _found(other),
    )
    return Study(
        optimum,
        tuple(Clause(key, _found(without), Decimal(worth))
              for key, without, worth in plain["clauses"]),
        tuple(Entry(lab, None if rate is None else Decimal(rate)) for lab, rate in plain["entries"]),
    )  # fmt: skip


def _found_to_plain(found: Found) -> Plain:
    return {"labs": list(found.labs), "total": str(found.total), "bound": str(found.bound)}


def _found(plain: Mapping[str, Any]) -> Found:
    return Found(tuple(plain["labs"]), Decimal(plain["total"]), Decimal(plain["bound"]))
