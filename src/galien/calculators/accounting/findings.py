"""What a report puts first: the strengths and the points to watch of a year, weighed and sourced."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from galien.calculators.accounting.benchmarks import Position
from galien.calculators.accounting.indicators import Indicator
from galien.calculators.accounting.statement import Statement
from galien.calculators.accounting.warnings import EarlyWarning, State
from galien.kernel.units import Unit
from galien.law import Cited

SHOWN = 3
# Gaps are brought to one measure: ten points of turnover, a month, or the whole of a reference.
_POINTS, _DAYS = Decimal("0.10"), Decimal(30)
# Under this weight (half a point, a day and a half), a figure is neither good nor bad news.
_TELLING = Decimal("0.05")
# Indicators of the activity whose rise is good news, or whose fall is.
_BETTER_UP = ("pmvc", "value_added_per_sale", "turnover_per_fte")
_BETTER_DOWN = ("staff_ratio",)
_FOLLOWED = ("turnover", "global_gross_margin", "ebe_restated")
# Figures that say the same thing: only the most telling of a theme is kept.
_THEMES = {
    "staff_ratio": "staff", "staff_rate": "staff", "turnover_per_head": "staff", "turnover_per_fte": "staff",
    "stock_days": "stock", "stock_over_suppliers": "stock", "stock_days_vat_2_1": "stock",
    "stock_days_vat_20": "stock", "working_capital": "cash", "working_capital_days": "cash",
    "third_party": "clients", "client_days": "clients", "debt": "debt", "debt_rate": "debt",
    "ebe_rate": "result", "operating_result_rate": "result", "current_result_rate": "result",
    "cash_flow_rate": "result", "ebe_restated": "result", "margin_low": "margin",
    "margin_high": "margin", "gross_margin_rate": "margin", "global_gross_margin": "margin",
    "value_added_rate": "margin",
}  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """A strength or a point to watch: a figure, what it is held against, and where that comes from.

    `against` and `value` are in the unit; `kind` is `reference`, `change` (from the year before) or
    `warning`, whose label and sentence are already written. `weight` ranks findings (a ratio).
    """

    code: str
    kind: str
    unit: Unit
    value: Decimal
    against: Decimal
    origin: str
    good: bool
    weight: Decimal
    label: str = ""
    sentence: str = ""

    @property
    def theme(self) -> str:
        """Return what the figure is about, its own code when nothing else says the same."""
        return _THEMES.get(self.code, self.code)


@dataclass(frozen=True)
class Findings:
    """The strengths and the points to watch of a year, the most telling first."""

    strengths: tuple[Finding, ...]
    cautions: tuple[Finding, ...]


def findings(
    positions: Sequence[Position],
    warnings: Sequence[EarlyWarning],
    indicators: Mapping[str, Indicator],
    references: Mapping[str, Cited[Decimal]],
    statement: Statement | None,
) -> Findings:
    """Weigh every figure that has something to be held against, and keep three on each side.

    A gap is weighed in points of turnover, in days, or by its share of what it is held against; an
    early warning that is raised comes before gaps. One figure is kept of those that say the same thing.
    """
    found = [
        *_from_positions(positions),
        *_from_indicators(indicators, references),
        *_from_warnings(warnings),
        *(_from_changes(statement) if statement else ()),
    ]
    return Findings(
        _first(each for each in found if each.good),
        _first(each for each in found if not each.good),
    )


def _first(found: Iterable[Finding]) -> tuple[Finding, ...]:
    kept: dict[str, Finding] = {}
    for each in sorted(found, key=lambda finding: (finding.kind != "warning", -finding.weight)):
        kept.setdefault(each.theme, each)
    return tuple(kept.values())[:SHOWN]


def _from_positions(positions: Iterable[Position]) -> Iterator[Finding]:
    for each in positions:
        if each.value is None or each.good is None or not each.references:
            continue
        reference = each.references[0]
        weight = _weight(each.benchmark.unit, each.value, reference.value)
        if weight > _TELLING:
            origin = f"{reference.source}, chiffres de {reference.year}"
            yield Finding(
                each.benchmark.figure, "reference", each.benchmark.unit, each.value,
                reference.value, origin, each.good, weight,
            )  # fmt: skip


def _from_indicators(
    indicators: Mapping[str, Indicator], references: Mapping[str, Cited[Decimal]]
) -> Iterator[Finding]:
    for name in (*_BETTER_UP, *_BETTER_DOWN):
        found, reference = indicators.get(name), references.get(name)
        if found is None or found.value is None or reference is None:
            continue
        weight = _weight(reference.unit, found.value, reference.value)
        if weight > _TELLING:
            good = (found.value > reference.value) == (name in _BETTER_UP)
            origin = f"{reference.source.title}, chiffres de {reference.since.year}"
            yield Finding(
                name,
                "reference",
                reference.unit,
                found.value,
                reference.value,
                origin,
                good,
                weight,
            )


def _from_warnings(warnings: Iterable[EarlyWarning]) -> Iterator[Finding]:
    for each in warnings:
        if each.state is not State.ALERT or each.value is None or each.threshold is None:
            continue
        origin = f"{each.threshold.source}, seuil de {each.threshold.year}"
        weight = _weight(each.unit, each.value, each.threshold.value)
        yield Finding(
            each.code, "warning", each.unit, each.value, each.threshold.value, origin,
            good=False, weight=weight, label=each.label, sentence=each.sentence,
        )  # fmt: skip


def _from_changes(statement: Statement) -> Iterator[Finding]:
    for code in _FOLLOWED:
        now, before = statement.amount(code), statement.previous(code)
        if not before or before < 0:
            continue
        weight = _weight(Unit.EUR_EXCL, now, before)
        if weight > _TELLING:
            origin = "comptes de l’exercice et du précédent"
            yield Finding(code, "change", Unit.EUR_EXCL, now, before, origin, now > before, weight)


def _weight(unit: Unit, value: Decimal, against: Decimal) -> Decimal:
    gap = abs(value - against)
    if unit is Unit.RATIO:
        return gap / _POINTS
    if unit is Unit.DAYS:
        return gap / _DAYS
    return gap / abs(against) if against else Decimal(0)
