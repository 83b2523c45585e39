"""Rebates as months go: tiers reached and projected, payments, commitments; and what is followed of them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from galien.calculators.discounts.accrual import Bought, due, reached, spans
from galien.calculators.discounts.monitor import Standing, follow
from galien.calculators.discounts.owed import DISCOUNT_GIVEN, Agreement, owed
from galien.kernel.period import Period
from galien.model.contracts import (
    Base,
    Clause,
    ClauseKind,
    Commitment,
    Consequence,
    Contract,
    Counted,
    Measured,
    Payment,
    Span,
    Tier,
)
from galien.model.net_net import Source

D = Decimal
YEAR = Period(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
TIERS = (Tier(D(1000), D("0.01")), Tier(D(12000), D("0.03")))
RFA = Clause(
    "RFA", ClauseKind.REBATE, tiers=TIERS, measured=Measured.NET_AMOUNT, span=Span.YEAR,
    base=Base.INVOICE,
)  # fmt: skip


def months(first: int, last: int, amount: int, year: int = 2026) -> dict[dt.date, Bought]:
    """The same net amount in each of some months."""
    return {
        dt.date(year, m, 1): Bought(D(1), D(2 * amount), D(amount)) for m in range(first, last + 1)
    }


def agreement(contract: Contract, **bought: dict[dt.date, Bought]) -> Agreement:
    """A contract of pharmacies A and B that bought the same of everything in it."""
    parts = [each.reference for each in contract.clauses]
    parts += [each.reference for each in contract.commitments]
    return Agreement(
        contract, "Groupe", tuple(sorted(bought)), (), dict.fromkeys(parts, bought), {}
    )


def contract(*clauses: Clause, **more: object) -> Contract:
    return Contract("C", "Grossiste", "", dt.date(2026, 1, 1), clauses=clauses, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (
            Span.MONTH,
            ["2026-03-15..2026-03-31", "2026-04-01..2026-04-30", "2026-05-01..2026-05-20"],
        ),
        (Span.QUARTER, ["2026-03-15..2026-05-20"]),
        (Span.YEAR, ["2026-03-15..2026-05-20"]),
    ],
)
def test_spans_run_from_the_contract_and_end_with_it(span: Span, expected: list[str]) -> None:
    short = Contract("C", "G", "", dt.date(2026, 3, 15), until=dt.date(2026, 5, 20))
    assert [each.iso() for each in spans(short, span, dt.date(2026, 12, 1))] == expected
    assert spans(short, span, dt.date(2026, 3, 14)) == []


def test_a_second_year_is_counted_by_itself() -> None:
    long = Contract("C", "G", "", dt.date(2025, 6, 1))
    found = spans(long, Span.YEAR, dt.date(2026, 6, 2))
    assert [each.iso() for each in found] == ["2025-06-01..2026-05-31", "2026-06-01..2027-05-31"]


def test_without_a_year_before_the_days_give_the_pace() -> None:
    found = reached(months(1, 6, 1000), YEAR, Measured.NET_AMOUNT, until=dt.date(2026, 6, 30))
    assert found.counted == 6000
    assert found.projected == (D(6000) * 365 / 181).quantize(D("0.01"))


def test_a_whole_year_before_gives_its_seasons() -> None:
    before = months(1, 6, 1000, 2025) | months(7, 12, 3000, 2025)
    found = reached(
        before | months(1, 6, 1100), YEAR, Measured.NET_AMOUNT, until=dt.date(2026, 6, 30)
    )
    assert found.projected == 6600 * 4


@given(st.integers(0, 40_000), st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31)))
def test_a_projection_is_never_under_what_is_bought(amount: int, until: dt.date) -> None:
    found = reached(months(1, until.month, amount), YEAR, Measured.NET_AMOUNT, until=until)
    assert found.projected >= found.counted
    assert found.over is (until == YEAR.last)


@pytest.mark.parametrize(
    ("monthly", "until", "rate", "source"),
    [
        (1100, dt.date(2026, 6, 30), "0.03", Source.ESTIMATE),  # 6 600 so far, heading for 13 309
        (
            600,
            dt.date(2026, 6, 30),
            "0.01",
            Source.CONTRACT,
        ),  # the first tier is passed, the second is far
        (3000, dt.date(2026, 6, 30), "0.03", Source.CONTRACT),  # the last tier is passed
        (900, dt.date(2026, 12, 31), "0.01", Source.CONTRACT),  # the year is over at 10 800
        (10, dt.date(2026, 12, 31), "0", Source.CONTRACT),
    ],
)
def test_a_rebate_accrues_at_the_tier_the_year_is_heading_for(
    monthly: int, until: dt.date, rate: str, source: Source
) -> None:
    bought = months(1, until.month, monthly)
    found = due(RFA, reached(bought, YEAR, Measured.NET_AMOUNT, until=until))
    assert (found.rate, found.source) == (D(rate), source)
    terms = list(owed(agreement(contract(RFA), A=bought), until))
    assert [each.month.month for each in terms] == (list(bought_months(bought)) if D(rate) else [])
    assert {(each.rate, each.source) for each in terms} <= {(D(rate), source)}


def bought_months(bought: dict[dt.date, Bought]) -> list[int]:
    return [month.month for month in bought]


def test_a_group_reaches_a_tier_together() -> None:
    together = Clause(
        "RFA", ClauseKind.REBATE, tiers=TIERS, measured=Measured.NET_AMOUNT, span=Span.YEAR,
        counted=Counted.GROUP,
    )  # fmt: skip
    each = months(1, 12, 600)
    end = dt.date(2026, 12, 31)
    alone = {t.rate for t in owed(agreement(contract(RFA), A=each, B=each), end)}
    grouped = {t.rate for t in owed(agreement(contract(together), A=each, B=each), end)}
    assert (alone, grouped) == ({D("0.01")}, {D("0.03")})


def test_a_payment_settles_its_months_and_the_others_go_on() -> None:
    paid = Payment("RFA", dt.date(2026, 1, 1), dt.date(2026, 3, 31), D("100"), "AV-7")
    terms = list(
        owed(
            agreement(contract(RFA, payments=(paid,)), A=months(1, 6, 1000), B=months(1, 6, 3000)),
            dt.date(2026, 6, 30),
        )
    )
    settled = [each for each in terms if each.source is Source.INVOICE]
    assert {(each.pharmacy, each.month.month) for each in settled} == {
        (pharmacy, month) for pharmacy in "AB" for month in (1, 2, 3)
    }
    assert {each.proof for each in settled} == {"AV-7"}
    given = sum((each.rate * (1000 if each.pharmacy == "A" else 3000) for each in settled), D(0))
    assert abs(given - 100) < D("0.000001")
    assert {each.month.month for each in terms if each not in settled} == {4, 5, 6}


@pytest.mark.parametrize(("monthly", "billed"), [(90, [1, 2, 3]), (100, [])])
def test_under_a_monthly_threshold_the_discount_is_billed_back(
    monthly: int, billed: list[int]
) -> None:
    least = Commitment("Seuil", D(100), span=Span.MONTH)
    bought = agreement(contract(commitments=(least,)), A=months(1, 3, monthly))
    terms = list(owed(bought, dt.date(2026, 3, 31)))
    assert [each.month.month for each in terms] == billed
    assert {(t.kind, t.base, t.rate, t.source) for t in terms} <= {
        (ClauseKind.REBATE, DISCOUNT_GIVEN, D(-1), Source.CONTRACT)
    }


def test_a_rebate_hangs_on_the_commitment_that_loses_it() -> None:
    plain = Clause("RFA", ClauseKind.REBATE, rate=D("0.02"))
    promise = Commitment("Promesse", D(12000), consequence=Consequence.REBATE_LOST)
    signed = contract(plain, commitments=(promise,))
    kept = list(owed(agreement(signed, A=months(1, 6, 1000)), dt.date(2026, 6, 30)))
    assert {(each.rate, each.source) for each in kept} == {(D("0.02"), Source.ESTIMATE)}
    assert list(owed(agreement(signed, A=months(1, 6, 900)), dt.date(2026, 6, 30))) == []


def test_what_is_on_the_invoice_owes_nothing_more() -> None:
    on_invoice = Clause("R", ClauseKind.INVOICE_DISCOUNT, rate=D("0.3"))
    free = Clause("UG", ClauseKind.FREE_UNITS, paid=10, free=2)
    found = agreement(contract(on_invoice, free), A=months(1, 3, 100))
    assert list(owed(found, dt.date(2026, 3, 31))) == []


@pytest.mark.parametrize(
    ("monthly", "until", "standing"),
    [
        (1000, dt.date(2026, 6, 30), Standing.ON_COURSE),
        (900, dt.date(2026, 6, 30), Standing.AT_RISK),
        (900, dt.date(2026, 12, 31), Standing.MISSED),
        (2000, dt.date(2026, 6, 30), Standing.REACHED),
    ],
)
def test_a_target_is_followed_to_the_end_of_its_span(
    monthly: int, until: dt.date, standing: Standing
) -> None:
    found = follow(
        months(1, until.month, monthly), YEAR, D(12000), Measured.NET_AMOUNT, until=until
    )
    assert found.standing is standing
    assert found.missing == max(12000 - monthly * until.month, 0)
    assert (found.a_month is None) == (standing in {Standing.MISSED, Standing.REACHED})
    assert found.share == D(monthly * until.month) / 12000


def test_what_is_missing_a_month_makes_the_target_up() -> None:
    found = follow(
        months(1, 9, 500), YEAR, D(12000), Measured.NET_AMOUNT, until=dt.date(2026, 9, 30)
    )
    assert found.a_month is not None
    left = D((YEAR.last - dt.date(2026, 9, 30)).days) / D("30.4375")
    assert abs(found.a_month * left - found.missing) < D("0.01")
