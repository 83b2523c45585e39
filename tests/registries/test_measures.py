"""Every declared measure and dimension: named in the glossary, compiled, and read by two dialects."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlglot

from galien.analytics.dimensions import DIMENSIONS, FILTERS, MARKET
from galien.analytics.dimensions.kinds import Dimension
from galien.analytics.measures import MEASURES
from galien.analytics.measures.kinds import Measure, Ratio, Summed, Total
from galien.analytics.planner import Plan, plan, understand
from galien.analytics.question import UNKNOWN, Filter, Question
from galien.analytics.sql import compile_plan
from galien.analytics.tables import RUN_TABLES, TABLES, Holdings, Source
from galien.kernel import glossary
from galien.kernel.errors import InternalError, InvalidInput
from galien.kernel.period import Period, parse_comparison
from galien.kernel.units import Unit

TODAY = dt.date(2026, 11, 21)
YEAR = Period(dt.date(2025, 11, 1), dt.date(2026, 10, 31))
CUT = Period(dt.date(2026, 1, 1), dt.date(2026, 11, 20))
SIZES = {table.name: 1000 * table.cost for table in TABLES}
SUBJECT_MEASURES = [(s, m) for s, measures in MEASURES.items() for m in measures.values()]
SUBJECT_DIMENSIONS = [(s, d) for s, dimensions in DIMENSIONS.items() for d in dimensions.values()]


def planned(
    question: Question, *, period: Period = YEAR, ids: tuple[int, ...] | None = None
) -> Plan:
    comparison = parse_comparison(question.compare, period, TODAY)
    asked = understand(question)
    return plan(asked, period=period, comparison=comparison, ids=ids, holdings=Holdings(SIZES))


@pytest.mark.parametrize(("subject", "measure"), SUBJECT_MEASURES)
def test_a_measure_is_in_the_glossary(subject: str, measure: Measure) -> None:
    assert measure.label and measure.definition, subject
    assert isinstance(measure.unit, Unit)


@pytest.mark.parametrize(("subject", "dimension"), SUBJECT_DIMENSIONS)
def test_a_dimension_is_in_the_glossary(subject: str, dimension: Dimension) -> None:
    assert dimension.label and dimension.definition, subject


@pytest.mark.parametrize("name", [*FILTERS, MARKET])
def test_what_only_narrows_is_in_the_glossary_and_cuts_nothing(name: str) -> None:
    assert glossary.label(name) and glossary.definition(name)
    for subject, dimensions in DIMENSIONS.items():
        assert name not in dimensions, subject


@pytest.mark.parametrize(("subject", "dimension"), SUBJECT_DIMENSIONS)
@pytest.mark.parametrize(("ids", "top"), [(None, None), ((1, 2), 5)])
def test_every_dimension_compiles_in_both_dialects(
    subject: str, dimension: Dimension, ids: tuple[int, ...] | None, top: int | None
) -> None:
    try:
        statement = compile_plan(planned(Question(subject, by=(dimension.name,), top=top), ids=ids))
    except InvalidInput as refused:
        assert "retirez" in refused.message  # noqa: PT017
        return
    for dialect in ("duckdb", "spark"):
        assert len(sqlglot.parse(statement.text, dialect=dialect)) == 1
    assert statement.text.count("$") >= 4


@pytest.mark.parametrize(("subject", "dimension"), SUBJECT_DIMENSIONS)
def test_every_filter_compiles_and_binds_its_values(subject: str, dimension: Dimension) -> None:
    value = "2026-03" if dimension.name == "month" else "1"
    for values, exclude in (((value,), False), ((value, UNKNOWN), True)):
        where = (Filter(dimension.name, values, exclude=exclude),)
        measures = ("sales_incl",) if dimension.name == "hour_band" else ()
        plan_ = planned(Question(subject, measures, where=where), ids=(1,))
        sqlglot.parse_one(compile_plan(plan_).text, dialect="duckdb")


@pytest.mark.parametrize("subject", sorted(MEASURES))
def test_no_text_of_a_user_enters_the_sql(subject: str) -> None:
    nasty = "x'; drop table product; --"
    for name in DIMENSIONS[subject]:
        if name in {"hour_band", "vat_rate"}:
            continue
        question = Question(subject, where=(Filter(name, (nasty,)),))
        assert "drop" not in compile_plan(planned(question, ids=(1,))).text


@pytest.mark.parametrize("period", [YEAR, CUT])
def test_every_measure_alone_compiles(period: Period) -> None:
    for subject, measure in SUBJECT_MEASURES:
        text = compile_plan(planned(Question(subject, (measure.name,)), period=period)).text
        assert "cross join p" in text


def test_whole_scope_reads_the_group_cube_and_a_part_reads_the_rollup() -> None:
    whole = planned(Question("sales", by=("family_1",)))
    assert whole.tables == "sales_group_month"
    part = planned(Question("sales", by=("family_1",)), ids=(1, 2))
    assert part.tables == "sales_month"


def test_cut_months_come_from_days_and_the_rest_from_months() -> None:
    made = planned(Question("sales", by=("lab",), compare="none"), period=CUT)
    read = [(scan.table.name, scan.period.iso()) for scan in made.scans]
    assert read == [
        ("sales_group_month", "2026-01-01..2026-10-31"),
        ("sales_day", "2026-11-01..2026-11-20"),
    ]


RUNS = (
    YEAR,
    Period(dt.date(2024, 11, 1), dt.date(2025, 10, 31)),
    Period(dt.date(2026, 1, 1), dt.date(2026, 10, 31)),
)


def ranges(
    question: Question, period: Period, ids: tuple[int, ...] | None, *, added_up: int = 1
) -> list[tuple[str, str]]:
    """Read what a plan scans; in a run, rows are as many as in its months, or `added_up` times less."""
    runs = {t.name: len(RUNS) * 1000 * t.cost // added_up for t in RUN_TABLES.values()}
    asked = understand(question)
    holdings = Holdings(SIZES | runs, RUNS)
    made = plan(asked, period=period, comparison=None, ids=ids, holdings=holdings)
    for dialect in ("duckdb", "spark"):
        assert len(sqlglot.parse(compile_plan(made).text, dialect=dialect)) == 1
    return [(scan.table.name, scan.period.iso()) for scan in made.scans]


def test_whole_months_kept_added_up_are_read_so_the_longest_run_first() -> None:
    by_lab = Question("sales", by=("lab",))
    assert ranges(by_lab, YEAR, None) == [("sales_group_run", YEAR.iso())]
    assert ranges(by_lab, YEAR, (1, 2)) == [("sales_run", YEAR.iso())]
    assert ranges(by_lab, CUT, (1, 2)) == [
        ("sales_run", "2026-01-01..2026-10-31"),
        ("sales_day", "2026-11-01..2026-11-20"),
    ]
    longer = Period(dt.date(2024, 9, 1), dt.date(2026, 10, 31))
    assert ranges(Question("purchases", by=("lab",)), longer, None) == [
        ("purchases_product_month", "2024-09-01..2024-10-31"),
        ("purchases_product_run", "2024-11-01..2025-10-31"),
        ("purchases_product_run", "2025-11-01..2026-10-31"),
    ]


def test_what_runs_do_not_keep_is_read_month_by_month() -> None:
    assert ranges(Question("sales", by=("month",)), YEAR, None)[0][0] == "sales_group_month"
    assert ranges(Question("sales", by=("lab", "sale_type")), YEAR, (1,)) == [
        ("sales_month_type", YEAR.iso())
    ]
    assert ranges(Question("sales", by=("pharmacy",)), YEAR, None) == [
        ("sales_day_pharmacy", YEAR.iso())
    ]


def test_what_has_the_fewest_rows_to_read_is_read_runs_counted_as_they_are() -> None:
    by_channel = Question("purchases", by=("channel",))
    assert ranges(by_channel, YEAR, None) == [("purchases_day_pharmacy", YEAR.iso())]
    assert ranges(by_channel, YEAR, None, added_up=3) == [("purchases_group_run", YEAR.iso())]
    assert ranges(by_channel, CUT, None, added_up=3) == [
        ("purchases_group_run", "2026-01-01..2026-10-31"),
        ("purchases_day_pharmacy", "2026-11-01..2026-11-20"),
    ]
    one_month = Period(dt.date(2025, 12, 1), dt.date(2025, 12, 31))
    assert ranges(by_channel, one_month, None, added_up=3) == [
        ("purchases_day_pharmacy", one_month.iso())
    ]


def test_a_table_that_is_missing_changes_time_and_no_question() -> None:
    asked = understand(Question("sales", by=("lab",)))
    sizes = {"sales_day": 1}
    made = plan(asked, period=YEAR, comparison=None, ids=None, holdings=Holdings(sizes))
    assert made.tables == "sales_day"


def test_a_ratio_is_made_of_what_adds_up() -> None:
    for _, measure in SUBJECT_MEASURES:
        if isinstance(measure, Ratio):
            assert isinstance(measure.of, Summed)


def test_a_misspelt_column_fails_at_once() -> None:
    with pytest.raises(InternalError, match="net_exkl"):
        Total("sales_excl", Source.SALES, "net_exkl")


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (Question("sale"), "sales"),
        (Question("sales", ("quantty",)), "quantity"),
        (Question("sales", by=("famly_1",)), "family_1"),
        (Question("sales", ("quantity",), by=("hour_band",)), "sales_incl"),
        (Question("sales", by=("hour_band", "lab")), "« lab »"),
        (Question("sales", by=("operator", "product")), "« product »"),
        (Question("sales", by=("lab", "brand", "month")), "deux dimensions"),
        (Question("sales", by=("lab",), order="-potential"), "colonne demandée"),
        (Question("sales", by=("lab",), order="quantity_change", compare="none"), "comparaison"),
        (Question("sales", level="list"), "achats"),
        (Question("purchases", level="wholesale"), "invoice"),
        (Question("purchases", by=("lab",), top=0), "au moins 1"),
        (Question("purchases", where=(Filter("vat_rate", ("beaucoup",)),)), "nombre"),
    ],
)
def test_what_is_wrong_is_said_in_french(question: Question, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        compile_plan(planned(question))
