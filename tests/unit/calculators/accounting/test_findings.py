"""Strengths and points to watch: the largest gaps, one by theme, warnings before gaps."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from galien.calculators.accounting.benchmarks import Benchmark, Position
from galien.calculators.accounting.findings import Findings, findings
from galien.calculators.accounting.indicators import Indicator
from galien.calculators.accounting.references import Reference
from galien.calculators.accounting.rules import rules_for
from galien.calculators.accounting.statement import Statement, statement
from galien.calculators.accounting.warnings import EarlyWarning, State
from galien.kernel.units import Unit
from galien.law import Law
from galien.model.accounts import AccountTotal, Ledger

FIRST, LAST = dt.date(2024, 1, 1), dt.date(2024, 12, 31)


def position(
    figure: str, value: str, reference: str, *, better: str, unit: Unit = Unit.RATIO
) -> Position:
    held = Reference(figure, figure, Decimal(reference), 2006, "Fédération", "")
    return Position(Benchmark(figure, unit, (figure,), better), Decimal(value), (held,))


def alert(code: str, value: str, threshold: str, unit: Unit = Unit.DAYS) -> EarlyWarning:
    limit = Reference(code, code, Decimal(threshold), 2006, "Usage", "")
    return EarlyWarning(code, code, unit, State.ALERT, Decimal(value), limit, f"{code} !")


def balances(sales: int, sales_before: int) -> Statement:
    def ledger(amount: int) -> Ledger:
        totals = (AccountTotal("707000", "Ventes", Decimal(0), Decimal(amount)),)
        return Ledger("", FIRST, LAST, totals)

    return statement(ledger(sales), rules_for(FIRST), ledger(sales_before))


def found(*positions: Position, warnings: tuple[EarlyWarning, ...] = ()) -> Findings:
    return findings(positions, warnings, {}, {}, None)


def test_the_largest_gaps_come_first_and_three_are_kept() -> None:
    kept = found(
        position("staff_rate", "0.09", "0.11", better="down"),
        position("cash_rate", "0.10", "0.04", better="up"),
        position("taxes_rate", "0.004", "0.011", better="down"),
        position("ebe_rate", "0.13", "0.096", better="up"),
        position("investment_rate", "0.2", "0.01", better=""),
    )
    assert [each.code for each in kept.strengths] == ["cash_rate", "ebe_rate", "staff_rate"]
    assert kept.cautions == ()


def test_an_alert_comes_before_a_gap_and_a_theme_is_told_once() -> None:
    kept = found(
        position("debt_rate", "0.60", "0.13", better="down"),
        position("stock_days", "80", "41", better="down", unit=Unit.DAYS),
        warnings=(alert("stock_days", "80", "40"), alert("third_party", "20", "9")),
    )
    assert [(each.code, each.kind) for each in kept.cautions] == [
        ("stock_days", "warning"),
        ("third_party", "warning"),
        ("debt_rate", "reference"),
    ]


def test_a_gap_too_small_to_tell_is_no_news() -> None:
    assert found(position("ebe_rate", "0.097", "0.096", better="up")) == Findings((), ())


def test_a_rise_and_a_fall_of_turnover_are_told_with_the_year_before() -> None:
    up = findings((), (), {}, {}, balances(1_100, 1_000)).strengths[0]
    down = findings((), (), {}, {}, balances(900, 1_000)).cautions[0]
    assert (up.code, up.value, up.against) == ("turnover", Decimal(1_100), Decimal(1_000))
    assert (down.value, down.good) == (Decimal(900), False)


def test_indicators_are_held_against_the_national_reference() -> None:
    law = Law.load()
    cited = law.number("reference_staff_ratio", on=LAST)
    ratio = Indicator("staff_ratio", cited.value + Decimal("0.03"))
    kept = findings((), (), {"staff_ratio": ratio}, {"staff_ratio": cited}, None)
    assert [(each.code, each.good) for each in kept.cautions] == [("staff_ratio", False)]
    assert cited.source.title in kept.cautions[0].origin
