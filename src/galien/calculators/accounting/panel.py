"""A panel of pharmacies seen together: means and medians of each class, and both sets crossed.

The rate of a group is the ratio of its sums; the mean of its members' rates is another figure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from galien.calculators.accounting.classification import (
    INDICATORS,
    MODELS,
    RATES,
    SETS,
    Classified,
    Value,
)


@dataclass(frozen=True)
class Group:
    """The members of a class: means and medians of each indicator over those who know it.

    `rates` are ratios of sums, over the members who know both amounts.
    """

    by: str
    name: str
    members: int
    means: dict[str, Value]
    medians: dict[str, Value]
    rates: dict[str, Value]


_CLASS_OF: dict[str, tuple[Callable[[Classified], str], Sequence[str]]] = {
    "old_set": (lambda found: found.old.outcome, SETS),
    "new_set": (lambda found: found.new.outcome, SETS),
    "model": (lambda found: found.model, MODELS),
}
WHOLE = "panel"


def groups(classified: Iterable[Classified]) -> tuple[Group, ...]:
    """Return the whole panel, then each class that has members, by way of classing."""
    found = list(classified)
    made = [_group(WHOLE, WHOLE, found)]
    for by, (class_of, names) in _CLASS_OF.items():
        for name in names:
            members = [each for each in found if class_of(each) == name]
            if members:
                made.append(_group(by, name, members))
    return tuple(made)


def crossed(classified: Iterable[Classified]) -> dict[tuple[str, str], int]:
    """Count the members of each pair of classes, old set then new set; every pair is there."""
    pairs = [(each.old.outcome, each.new.outcome) for each in classified]
    return {(old, new): pairs.count((old, new)) for old in SETS for new in SETS}


def mean(values: Sequence[Decimal]) -> Value:
    """Return the arithmetic mean, unrounded; None of nothing.

    >>> mean([Decimal(1), Decimal(2)])
    Decimal('1.5')
    """
    return sum(sorted(values), Decimal(0)) / len(values) if values else None


def _group(by: str, name: str, members: Sequence[Classified]) -> Group:
    known = {
        indicator: [v for each in members if (v := each.member.indicator(indicator)) is not None]
        for indicator in INDICATORS
    }
    return Group(
        by=by,
        name=name,
        members=len(members),
        means={indicator: mean(values) for indicator, values in known.items()},
        medians={
            indicator: median(values) if values else None for indicator, values in known.items()
        },
        rates={rate: _rate(members, *parts) for rate, parts in RATES.items()},
    )


def _rate(members: Iterable[Classified], over: str, under: str) -> Value:
    pairs = [(each.member.indicator(over), each.member.indicator(under)) for each in members]
    known = sorted((o, u) for o, u in pairs if o is not None and u is not None)
    whole = sum((u for _, u in known), Decimal(0))
    return sum((o for o, _ in known), Decimal(0)) / whole if whole else None
