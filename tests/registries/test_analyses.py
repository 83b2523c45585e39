"""Every declared analysis page: its words exist, its address is its own, its row leads somewhere."""

from __future__ import annotations

import pytest

from galien.analytics.dimensions import check_combination, find_dimension
from galien.analytics.measures import find_measure, find_measures
from galien.web.analysis.columns import AT_FIRST, MAIN_MEASURE
from galien.web.analysis.declared import (
    ANALYSES,
    NEXT_DIMENSION,
    Analysis,
    next_page,
    page_of,
)
from galien.web.components.pictures import ChartKind

# Handbook, 20-analyses: the sixteen breakdowns of purchases.
SIXTEEN = {
    "family_1", "family_2", "vat_rate", "indication", "segment_1", "generic_status",
    "generic_group", "reimbursed", "lab", "brand", "product", "product_type", "month", "channel",
    "supplier", "pharmacy",
}  # fmt: skip

every_analysis = pytest.mark.parametrize("analysis", ANALYSES, ids=lambda a: a.path)


@every_analysis
def test_its_measures_and_dimensions_exist(analysis: Analysis) -> None:
    for name in (*analysis.measures, *analysis.headlines):
        find_measure(analysis.subject, name)
    for name in analysis.by:
        find_dimension(analysis.subject, name)
    check_combination(analysis.by)


@every_analysis
def test_its_charts_are_known(analysis: Analysis) -> None:
    assert analysis.charts
    assert set(analysis.charts) <= set(ChartKind)


@every_analysis
def test_a_row_leads_to_a_page_of_the_same_subject(analysis: Analysis) -> None:
    target = next_page(analysis)
    assert target is None or target.subject == analysis.subject
    assert target is None or target.by != analysis.by


@every_analysis
def test_a_breakdown_in_time_alone_comes_in_order_of_time(analysis: Analysis) -> None:
    if len(analysis.by) == 1 and find_dimension(analysis.subject, analysis.by[0]).in_time:
        assert analysis.order == analysis.by[0]


@every_analysis
def test_months_and_weeks_open_on_a_year(analysis: Analysis) -> None:
    assert (analysis.period == "last-12-months") == (analysis.by[0] in {"month", "week"})


def test_addresses_are_their_own() -> None:
    paths = [analysis.path for analysis in ANALYSES]
    assert len(set(paths)) == len(paths)


def test_the_sixteen_breakdowns_of_purchases_each_have_a_page() -> None:
    assert {a.by[0] for a in ANALYSES if a.subject == "purchases"} == SIXTEEN


def test_columns_shown_at_first_are_measures_or_their_changes() -> None:
    for subject, columns in AT_FIRST.items():
        known = set(find_measures(subject)) | {"weight"}
        assert {name.removesuffix("_change") for name in columns} <= known
        assert MAIN_MEASURE[subject] in known


@every_analysis
def test_going_down_always_ends(analysis: Analysis) -> None:
    taken: list[str] = []
    step: Analysis | None = analysis
    while step is not None:
        assert step.by[0] not in taken
        taken.append(step.by[0])
        step = next_page(step, taken)
    assert len(taken) <= len(NEXT_DIMENSION) + 1


def test_a_lab_leads_to_its_products_then_to_pharmacies() -> None:
    lab = page_of("purchases", "lab")
    assert lab is not None
    product = next_page(lab)
    assert product is not None
    assert product is page_of("purchases", "product")
    assert next_page(product, ["lab"]) is page_of("purchases", "pharmacy")
