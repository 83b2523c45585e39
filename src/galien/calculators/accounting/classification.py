"""Classes of a panel of pharmacies: old set, new set, model, and which indicators decided them.

Bands and rules are dated values of the law (topic `classification`); docs/methods/classification.md
tells the study they come from.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from galien.kernel.errors import InvalidInput, did_you_mean
from galien.law import Cited, Law

POSITIVE, INTERMEDIATE, NEGATIVE, UNKNOWN = "positive", "intermediate", "negative", "unknown"
SETS = (POSITIVE, INTERMEDIATE, NEGATIVE, UNKNOWN)
LIBERAL, COMMERCIAL, MIXED = "liberal", "commercial", "mixed"
MODELS = (LIBERAL, MIXED, COMMERCIAL, UNKNOWN)
MAJORITY, PLURALITY = "majority-of-four", "plurality"
OLD_RULES = (MAJORITY, PLURALITY)

AMOUNTS = ("turnover", "ebe_restated", "global_gross_margin", "balance_margin")
INPUTS = (*AMOUNTS, "vat21_purchase_share", "prescription_counter_ratio", "pmo")
OLD_SET = (
    "turnover",
    "ebe_restated_rate",
    "ebe_restated",
    "global_margin_rate",
    "balance_margin",
    "global_gross_margin",
)
NEW_SET = ("vat21_purchase_share", "prescription_counter_ratio", "pmo")
INDICATORS = (*OLD_SET, *NEW_SET)
# Rates that are a ratio of two amounts of the panel.
RATES = {
    "ebe_restated_rate": ("ebe_restated", "turnover"),
    "global_margin_rate": ("global_gross_margin", "turnover"),
}
THRESHOLDS = (
    "old_majority",
    "new_majority",
    "liberal_pmo",
    "liberal_prescription_counter_ratio",
    "commercial_pmo",
    "commercial_prescription_counter_ratio",
)
YEAR = 12

Value = Decimal | None


@dataclass(frozen=True)
class Member:
    """A pharmacy of the panel: INPUTS by name (euros, ratios), None or absent when unknown.

    `months` is the length of its year of accounts.
    """

    id: str
    values: Mapping[str, Value]
    months: int = YEAR

    @property
    def annualised(self) -> bool:
        """Tell whether its amounts are brought to twelve months."""
        return self.months != YEAR

    def indicator(self, name: str) -> Value:
        """Return an indicator of either set, amounts brought to twelve months, unrounded.

        >>> Member("1", {"turnover": Decimal(750), "ebe_restated": Decimal(90)}, months=6).indicator(
        ...     "turnover")
        Decimal('1500')
        """
        if name in RATES:
            over, under = (self.values.get(part) for part in RATES[name])
            return None if over is None or not under else over / under
        value = self.values.get(name)
        if value is None or name not in AMOUNTS:
            return value
        return value * YEAR / self.months


@dataclass(frozen=True)
class UsualRange:
    """The usual range of an indicator; above and below are strict."""

    lower: Decimal
    upper: Decimal


@dataclass(frozen=True)
class Rules:
    """Bands of each indicator and thresholds of the day, with the values of the law they are."""

    bands: Mapping[str, UsualRange]
    thresholds: Mapping[str, Decimal]
    old_rule: str
    cited: tuple[Cited[Decimal], ...]


@dataclass(frozen=True)
class Verdict:
    """A set's class, and its indicators on each side of their bands."""

    outcome: str
    high: tuple[str, ...]
    within: tuple[str, ...]
    low: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def deciding(self) -> tuple[str, ...]:
        """Return the indicators that made the class: those on its side, or within their band."""
        return {POSITIVE: self.high, NEGATIVE: self.low}.get(self.outcome, self.within)


@dataclass(frozen=True)
class Classified:
    """A member, its two classes and its model."""

    member: Member
    old: Verdict
    new: Verdict
    model: str


def rules_of(law: Law, *, on: dt.date, old_rule: str = MAJORITY) -> Rules:
    """Read the bands and thresholds in force on a day.

    Raises InvalidInput for an unknown rule, NotAvailable where the law of the day has no band.
    """
    if old_rule not in OLD_RULES:
        raise InvalidInput(f"Règle inconnue : « {old_rule} ». {did_you_mean(old_rule, OLD_RULES)}")
    cited: dict[str, Cited[Decimal]] = {}

    def read(name: str) -> Decimal:
        cited[name] = law.number(f"class_{name}", on=on)
        return cited[name].value

    bands = {
        name: UsualRange(read(f"{which}_{name}_lower"), read(f"{which}_{name}_upper"))
        for which, names in (("old", OLD_SET), ("new", NEW_SET))
        for name in names
    }
    thresholds = {name: read(name) for name in THRESHOLDS}
    return Rules(bands, thresholds, old_rule, tuple(cited.values()))


def classify(member: Member, rules: Rules) -> Classified:
    """Class a pharmacy in both sets and name its model (see the module for the rules)."""
    old = _sides(member, OLD_SET, rules)
    new = _sides(member, NEW_SET, rules)
    return Classified(
        member,
        _decided(old, 1 if rules.old_rule == PLURALITY else rules.thresholds["old_majority"]),
        _decided(new, rules.thresholds["new_majority"]),
        model_of(member, rules),
    )


def _sides(member: Member, names: Iterable[str], rules: Rules) -> Verdict:
    sides: dict[str, list[str]] = {"high": [], "within": [], "low": [], "unknown": []}
    for name in names:
        value, band = member.indicator(name), rules.bands[name]
        if value is None:
            side = "unknown"
        elif value > band.upper:
            side = "high"
        else:
            side = "low" if value < band.lower else "within"
        sides[side].append(name)
    return Verdict(UNKNOWN, **{side: tuple(found) for side, found in sides.items()})


def _decided(sides: Verdict, needed: Decimal | int) -> Verdict:
    """Class by the side that has enough indicators and more than the other."""
    high, low = len(sides.high), len(sides.low)
    if not (high or low or sides.within):
        outcome = UNKNOWN
    elif high >= needed and high > low:
        outcome = POSITIVE
    elif low >= needed and low > high:
        outcome = NEGATIVE
    else:
        outcome = INTERMEDIATE
    return Verdict(outcome, sides.high, sides.within, sides.low, sides.unknown)


def model_of(member: Member, rules: Rules) -> str:
    """Name the model: liberal, commercial, else mixed; unknown when one of its figures is."""
    pmo, ratio = member.indicator("pmo"), member.indicator("prescription_counter_ratio")
    if pmo is None or ratio is None:
        return UNKNOWN
    at = rules.thresholds
    if pmo >= at["liberal_pmo"] and ratio >= at["liberal_prescription_counter_ratio"]:
        return LIBERAL
    whole = pmo.quantize(Decimal(1), rounding=ROUND_HALF_UP)
    if whole <= at["commercial_pmo"] and ratio <= at["commercial_prescription_counter_ratio"]:
        return COMMERCIAL
    return MIXED


def as_row(found: Classified) -> dict[str, Any]:
    """Return the class of a member under the keys of the commands."""
    return {
        "id": found.member.id,
        "old_set": found.old.outcome,
        "new_set": found.new.outcome,
        "model": found.model,
        "old_high": len(found.old.high),
        "old_low": len(found.old.low),
        "new_high": len(found.new.high),
        "new_low": len(found.new.low),
    }
