"""Columns finished all at once say what plain Python says row by row, to the cent and to the label."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from galien.analytics.dimensions.kinds import Dimension
from galien.analytics.finish import finish
from galien.analytics.naming import Labels, at_numbers
from galien.analytics.planner import Plan, plan, understand
from galien.analytics.question import Question
from galien.analytics.tables import TABLES, Holdings
from galien.kernel.errors import InternalError
from galien.kernel.period import Period

YEAR = Period(dt.date(2025, 11, 1), dt.date(2026, 10, 31))
BEFORE = Period(dt.date(2024, 11, 1), dt.date(2025, 10, 31))
HUGE = 10**25  # past what a machine word holds, in ten-thousandths of a euro
CODES = ["3400930000014", "3400930000021", "3400930000038"]

amounts = st.one_of(
    st.integers(-(10**7), 10**7),
    st.integers(-(10**17), 10**17),
    st.integers(-HUGE, HUGE),
    st.sampled_from((0, 50, -50, 49, 51, 150, -150, 2**61, -(2**61), 2**63 - 1, -(2**63))),
)
counts = st.integers(-(10**6), 10**6)


def planned(question: Question) -> Plan:
    sizes = {table.name: 1000 * table.cost for table in TABLES}
    comparison = BEFORE if question.compare != "none" else None
    return plan(
        understand(question), period=YEAR, comparison=comparison, ids=None, holdings=Holdings(sizes)
    )  # fmt: skip


def money(units: list[int], scale: int = 4) -> Any:
    values = [None if u is None else Decimal(f"{u}e-{scale}") for u in units]
    return pa.array(values, pa.decimal128(38, scale))


def no_labels(_: Dimension) -> None:
    return None


def to_the_cent(value: Fraction) -> Decimal:
    """Round half away from zero, with whole numbers alone."""
    doubled = abs(value) * 200 + 1
    whole = doubled.numerator // (2 * doubled.denominator)
    return Decimal(whole if value >= 0 else -whole).scaleb(-2)


def ratio(over: Fraction, under: Fraction) -> float | None:
    return float(Fraction(float(over)) / Fraction(float(under))) if under else None


def near(found: Any, expected: Any) -> bool:
    if found is None or expected is None:
        return found is expected
    return bool(abs(found - expected) <= 1e-12 * max(1.0, abs(expected)))


rows_of_purchases = st.lists(st.tuples(amounts, amounts, amounts, amounts), max_size=6)


@given(rows_of_purchases)
def test_amounts_changes_and_rates_are_those_of_each_row(
    rows: list[tuple[int, int, int, int]],
) -> None:
    names = ("list_amount", "discount_amount", "list_amount_previous", "discount_amount_previous")
    exact = pa.table(
        {"k1": pa.array([f"lab {n}" for n in range(len(rows))], pa.string())}
        | {name: money([row[at] for row in rows]) for at, name in enumerate(names)}
    )
    question = Question("purchases", ("list_amount", "discount_rate", "potential"), ("lab",))
    made = finish(planned(question), exact, labels=no_labels)
    totals = tuple(sum(row[at] for row in rows) for at in range(4))
    found = [*made.table.to_pylist(), made.totals]
    for row, units in zip(found, [*rows, totals], strict=True):
        now, off, before, off_before = (Fraction(unit, 10**4) for unit in units)
        assert row["list_amount"] == to_the_cent(now)
        assert row["list_amount_previous"] == to_the_cent(before)
        assert row["potential"] == to_the_cent(Fraction(totals[0], 10**4))
        assert near(row["discount_rate"], ratio(off, now))
        assert near(row["discount_rate_previous"], ratio(off_before, before))
        change = ratio(Fraction(float(now) - float(before)), abs(before))
        assert near(row["list_amount_change"], change)


@given(st.lists(st.tuples(amounts, counts), min_size=1, max_size=6), st.sampled_from((4, 8)))
def test_a_price_is_the_amount_over_the_count_rounded_once(
    rows: list[tuple[int, int]], scale: int
) -> None:
    exact = pa.table(
        {
            "k1": pa.array([f"supplier {n}" for n in range(len(rows))], pa.string()),
            "net_amount": money([amount for amount, _ in rows], scale),
            "priced_units": pa.array([count for _, count in rows], pa.int64()),
        }
    )
    question = Question("purchases", ("unit_net_price",), ("supplier",), compare="none")
    made = finish(planned(question), exact, labels=no_labels)
    total = (sum(amount for amount, _ in rows), sum(count for _, count in rows))
    found = [*made.table.column("unit_net_price").to_pylist(), made.totals["unit_net_price"]]
    for price, (amount, count) in zip(found, [*rows, total], strict=True):
        expected = to_the_cent(Fraction(amount, 10**scale) / count) if count else None
        assert price == expected


def test_products_are_named_by_their_number_and_those_no_table_names_by_their_code() -> None:
    named = at_numbers(pa.array([1, 2, 4]), pa.array(["Un", "Deux", "Deux"]))
    labels = Labels(pa.array(CODES[:2]), pa.array(["Un", "Deux"]), named)
    exact = pa.table(
        {
            "k1": pa.array([CODES[1], None, CODES[0], CODES[2], None], pa.string()),
            "n1": pa.array([4, None, 1, 3, None], pa.int32()),
            "rest": pa.array([0, 0, 0, 0, 1], pa.int32()),
            "delivered_quantity": pa.array([5, 4, 3, 2, 9], pa.int64()),
        }
    )
    question = Question("purchases", ("delivered_quantity",), ("product",), compare="none", top=4)
    made = finish(planned(question), exact, labels=lambda _: labels).table
    assert made.column("product").to_pylist() == [CODES[1], None, CODES[0], CODES[2], "other"]
    assert made.column("product_label").to_pylist() == [
        "Deux", "Non renseigné", "Un", CODES[2], "Autres",
    ]  # fmt: skip


def test_keys_are_named_by_the_release_then_by_what_is_declared() -> None:
    labels = Labels(pa.array(["A"]), pa.array(["Groupe A"]))
    exact = pa.table(
        {
            "k1": pa.array(["A", None, "B", "A"], pa.string()),
            "k2": pa.array(["generic", "generic", None, "hors"], pa.string()),
            "list_amount": money([1, 2, 3, 4]),
        }
    )
    by = ("generic_group", "generic_status")
    question = Question("purchases", ("list_amount",), by, compare="none")
    found = finish(
        planned(question), exact, labels=lambda d: labels if d.name == by[0] else None
    ).table
    assert found.column("generic_group").to_pylist() == ["A", None, "B", "A"]
    assert found.column("generic_group_label").to_pylist() == [
        "Groupe A", "Non renseigné", "B", "Groupe A",
    ]  # fmt: skip
    assert found.column("generic_status_label").to_pylist() == [
        "Générique", "Générique", "Non renseigné", "hors",
    ]  # fmt: skip


def test_keys_that_are_dates_and_numbers_are_written_as_people_filter_on_them() -> None:
    exact = pa.table(
        {
            "k1": pa.array([dt.date(2026, 3, 1), dt.date(2026, 3, 1), None]),
            "k2": pa.array([Decimal("0.055000"), None, Decimal("0.200000")]),
            "list_amount": money([1, 2, 3]),
        }
    )
    question = Question("purchases", ("list_amount",), ("month", "vat_rate"), compare="none")
    found = finish(planned(question), exact, labels=no_labels).table
    assert found.column("month").to_pylist() == ["2026-03", "2026-03", None]
    assert found.column("vat_rate").to_pylist() == ["0.055", None, "0.2"]
    assert found.column("vat_rate_label").to_pylist() == [
        "5,5\u202f%", "Non renseigné", "20\u202f%",
    ]  # fmt: skip


def test_totals_that_rows_do_not_add_up_to_are_those_given() -> None:
    exact = pa.table(
        {
            "k1": pa.array(["counter", "resale"]),
            "visits": pa.array([3, 4], pa.int64()),
            "sales_incl": money([70_000, 80_000]),
        }
    )
    whole = pa.table({"visits": pa.array([5], pa.int64()), "sales_incl": money([150_000])})
    question = Question("traffic", ("visits", "average_basket"), ("sale_type",), compare="none")
    made = finish(planned(question), exact, labels=no_labels, whole=whole)
    assert made.totals == {"visits": 5, "average_basket": Decimal("3.00")}
    assert made.table.column("average_basket").to_pylist() == [
        (Decimal(7) / 3).quantize(Decimal("0.01"), ROUND_HALF_UP), Decimal("2.00"),
    ]  # fmt: skip


def test_no_row_has_totals_all_the_same() -> None:
    exact = pa.table({"k1": pa.array([], pa.string()), "list_amount": money([])})
    question = Question("purchases", ("list_amount",), ("lab",), compare="none")
    made = finish(planned(question), exact, labels=no_labels)
    assert made.table.num_rows == 0
    assert made.totals == {"list_amount": Decimal("0.00")}


def test_a_figure_that_is_missing_is_our_mistake() -> None:
    exact = pa.table({"k1": pa.array(["A"]), "list_amount": money([None])})  # type: ignore[list-item]
    question = Question("purchases", ("list_amount",), ("lab",), compare="none")
    with pytest.raises(InternalError):
        finish(planned(question), exact, labels=no_labels)
