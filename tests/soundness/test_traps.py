"""Traps in which a query is wrong without a word: each one in a question of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from galien.analytics.answer import Answer
from galien.analytics.dimensions import DIMENSIONS
from galien.analytics.measures import MEASURES
from galien.analytics.measures.kinds import Total
from galien.analytics.question import Filter, Question
from galien.kernel.errors import NotAllowed
from galien.model.viewer import WORKSPACE_VIEWER, Grant, Viewer
from galien.usecases.ask import ask
from galien.usecases.services import Services
from galien.usecases.values import values
from tests.builders.answering import services
from tests.builders.derived import Group, random_group

ADDITIVE = {
    subject: [m.name for m in measures.values() if isinstance(m, Total)]
    for subject, measures in MEASURES.items()
}


@pytest.fixture(scope="module")
def group() -> Group:
    made = random_group(11)
    late, last = made.pharmacies[1]["pharmacy"], dt.date(2026, 10, 1)
    made.late.add((late, "purchases", last))
    return made


@pytest.fixture(scope="module")
def here(group: Group, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    made = services(group, tmp_path_factory.mktemp("derived"))
    yield made
    with made.reader.hold() as held:
        held.engine.close()


def everything(question: Question, here: Services) -> Answer:
    return ask(question, WORKSPACE_VIEWER, services=here)


def owner(*pharmacies: str, own: bool = True, **bounds: Any) -> Viewer:
    return Viewer("u", "Titulaire", "owner", tuple(Grant(p, own=own, **bounds) for p in pharmacies))


def column(answer: Answer, name: str) -> list[Any]:
    return list(answer.table.column(name).to_pylist())


@pytest.mark.parametrize(
    ("subject", "name"), [(s, d) for s in ("purchases", "sales", "traffic") for d in DIMENSIONS[s]]
)
def test_any_breakdown_adds_up_to_the_total(here: Services, subject: str, name: str) -> None:
    alone = everything(Question(subject), here)
    answer = everything(Question(subject, by=(name,)), here)
    for measure in set(ADDITIVE[subject]) & {c.name for c in answer.columns}:
        for each in (measure, f"{measure}_previous"):
            rows = sum(column(answer, each), Decimal(0))
            # Each row is rounded once, and so is the total: less than a cent a row apart.
            apart = abs(rows - Decimal(answer.totals[each] or 0))
            assert apart <= Decimal("0.005") * (answer.table.num_rows + 1), each
            assert answer.totals[each] == alone.totals[each], each


@pytest.mark.parametrize("top", [1, 3, 1000])
def test_the_rest_of_a_top_is_one_last_row(here: Services, top: int) -> None:
    whole = everything(Question("sales", by=("product",)), here)
    answer = everything(Question("sales", by=("product",), top=top), here)
    keys = column(answer, "product")
    assert len(keys) == min(top + 1, whole.table.num_rows)
    assert ("other" in keys) is (top < whole.table.num_rows)
    assert answer.totals == whole.totals
    assert sum(column(answer, "quantity")) == whole.totals["quantity"]
    if top < whole.table.num_rows:
        assert keys[-1] == "other" and column(answer, "product_label")[-1] == "Autres"


@pytest.mark.parametrize("name", ["lab", "vat_rate", "sale_type", "pharmacy", "month", "product"])
def test_what_a_filter_keeps_and_leaves_is_everything(here: Services, name: str) -> None:
    keys = [
        str(key or "null") for key in column(everything(Question("sales", by=(name,)), here), name)
    ]
    kept = Filter(name, tuple(keys[:2]))
    whole = everything(Question("sales"), here).totals
    parts = [
        everything(Question("sales", where=(Filter(name, kept.values, exclude=out),)), here).totals
        for out in (False, True)
    ]
    for measure in ("quantity", "sales_incl", "quantity_previous"):
        assert sum(Decimal(part[measure] or 0) for part in parts) == whole[measure]


def test_the_unknown_is_a_row_like_others(here: Services) -> None:
    answer = everything(Question("sales", by=("brand",)), here)
    rows = {row["brand"]: row for row in answer.table.to_pylist()}
    assert rows[None]["brand_label"] == "Non renseigné"
    alone = everything(Question("sales", where=(Filter("brand", ("null",)),)), here)
    assert alone.totals["quantity"] == rows[None]["quantity"]


def test_a_visit_of_several_types_counts_once_in_the_total(here: Services) -> None:
    answer = everything(Question("traffic", ("visits",), by=("sale_type",)), here)
    assert sum(column(answer, "visits")) > answer.totals["visits"]
    alone = everything(Question("traffic", ("visits",)), here)
    assert answer.totals["visits"] == alone.totals["visits"]


def test_the_rest_of_visits_is_counted_again(here: Services) -> None:
    answer = everything(Question("traffic", ("visits",), by=("sale_type",), top=2), here)
    shown = tuple(column(answer, "sale_type")[:2])
    rest = Question("traffic", ("visits",), where=(Filter("sale_type", shown, exclude=True),))
    assert column(answer, "visits")[2] == everything(rest, here).totals["visits"]


def test_a_rate_of_the_total_is_not_the_mean_of_rates(here: Services) -> None:
    answer = everything(Question("sales", by=("lab",)), here)
    margin, sales = answer.totals["adjusted_margin"], answer.totals["sales_excl"]
    assert answer.totals["margin_rate"] == pytest.approx(
        float(margin or 0) / float(sales or 1), abs=1e-6
    )
    assert answer.totals["margin_rate"] != pytest.approx(
        sum(column(answer, "margin_rate")) / answer.table.num_rows
    )


def test_a_stock_is_that_of_the_last_count_not_the_sum_of_counts(here: Services) -> None:
    answer = everything(Question("stock", by=("month",)), here)
    assert answer.totals["quantity"] == column(answer, "quantity")[-1]


def test_the_day_of_a_leap_year_is_counted_in_both_comparisons(here: Services) -> None:
    question = Question("sales", period="2025-02", compare="previous-year")
    assert everything(question, here).meta.comparison.last == dt.date(2024, 2, 29)  # type: ignore[union-attr]


def test_months_stand_beside_the_same_months_a_year_before(here: Services) -> None:
    by_month = everything(Question("sales", ("quantity",), by=("month",)), here)
    assert by_month.table.num_rows == 12
    for row in by_month.table.to_pylist():
        year, month = row["month"].split("-")
        alone = everything(
            Question("sales", ("quantity",), period=f"{int(year) - 1}-{month}"), here
        )
        assert row["quantity_previous"] == alone.totals["quantity"]


def test_a_change_from_nothing_is_undefined(here: Services) -> None:
    answer = everything(Question("sales", by=("product", "month")), here)
    for row in answer.table.to_pylist():
        if row["quantity_previous"] == 0:
            assert row["quantity_change"] is None
        else:
            change = (row["quantity"] - row["quantity_previous"]) / abs(row["quantity_previous"])
            assert row["quantity_change"] == pytest.approx(change)


def test_no_row_is_empty_in_both_periods(here: Services) -> None:
    rows = everything(
        Question("sales", ("quantity",), by=("product", "day")), here
    ).table.to_pylist()
    assert all(row["quantity"] or row["quantity_previous"] for row in rows)


def test_ties_are_broken_by_key(here: Services) -> None:
    question = Question("sales", ("quantity",), by=("product", "day"), compare="none")
    rows = everything(question, here).table.to_pylist()
    order = [(row["day"], -row["quantity"], row["product"]) for row in rows]
    assert order == sorted(order)


def test_amounts_read_at_list_price_have_no_discount(here: Services) -> None:
    answer = everything(Question("purchases", by=("supplier",), level="list"), here)
    assert column(answer, "net_amount") == column(answer, "list_amount")
    assert not any(column(answer, "discount_amount"))


def test_a_foreign_pharmacy_is_an_unknown_one(group: Group, here: Services) -> None:
    mine, foreign = (row["pharmacy"] for row in group.pharmacies[:2])
    said = []
    for asked in (foreign, "999999999"):
        question = Question("sales", where=(Filter("pharmacy", (asked,)),))
        with pytest.raises(NotAllowed) as refused:
            ask(question, owner(mine), services=here)
        said.append(refused.value.message)
    assert said[0] == said[1]
    both = Question("sales", where=(Filter("pharmacy", (mine, foreign)),))
    alone = ask(Question("sales"), owner(mine), services=here)
    assert ask(both, owner(mine), services=here).totals == alone.totals
    assert alone.meta.scope == (mine,)


def test_viewers_never_share_a_cached_answer(group: Group, here: Services) -> None:
    codes = [row["pharmacy"] for row in group.pharmacies]
    question = Question("purchases", by=("pharmacy",))
    for mine in codes:
        answer = ask(question, owner(mine), services=here)
        assert set(column(answer, "pharmacy")) <= {mine}


def test_rights_must_open_both_periods(group: Group, here: Services) -> None:
    codes = [row["pharmacy"] for row in group.pharmacies[:2]]
    since = owner(codes[0]).grants + owner(codes[1], first_day=dt.date(2026, 1, 1)).grants
    viewer = Viewer("u", "Réseau", "manager", since)
    compared = ask(Question("sales", period="2026-03"), viewer, services=here)
    assert compared.meta.scope == (codes[0],)
    assert any("autorisation" in note for note in compared.state.notes)
    alone = ask(Question("sales", period="2026-03", compare="none"), viewer, services=here)
    assert alone.meta.scope == tuple(codes)


def test_a_product_without_a_label_is_read_by_its_code(group: Group, here: Services) -> None:
    nameless = {p["product_code"] for p in group.products if p["label"] is None}
    answer = everything(Question("sales", by=("product",), period="2025-01-01..2026-11-21"), here)
    shown = dict(zip(column(answer, "product"), column(answer, "product_label"), strict=True))
    found = nameless & set(shown)
    assert max(group.products, key=lambda p: p["product_id"])["product_code"] in found
    assert {code: shown[code] for code in found} == {code: code for code in found}


def test_operators_are_for_the_owner_alone(group: Group, here: Services) -> None:
    mine = group.pharmacies[0]["pharmacy"]
    question = Question("sales", by=("operator",))
    assert column(ask(question, owner(mine), services=here), "operator")
    with pytest.raises(NotAllowed):
        ask(question, owner(mine, own=False), services=here)
    with pytest.raises(NotAllowed):
        values("sales", "operator", "", owner(mine, own=False), services=here)


def test_constant_scope_keeps_pharmacies_complete_in_both_periods(
    group: Group, here: Services
) -> None:
    late = group.pharmacies[0]["pharmacy"]
    whole = everything(Question("sales"), here)
    constant = everything(Question("sales", constant_scope=True), here)
    assert set(whole.meta.scope) - set(constant.meta.scope) == {late}
    assert not whole.state.complete and constant.state.complete
    assert group.pharmacies[0]["name"] in whole.state.late


def test_the_same_question_again_is_the_same_answer(here: Services) -> None:
    question = Question("sales", by=("lab",))
    first, again = everything(question, here), everything(question, here)
    assert again.table is first.table


def test_filter_values_forgive_case_and_accents(here: Services) -> None:
    found = values("purchases", "supplier", "beta", WORKSPACE_VIEWER, services=here)
    assert [value.label for value in found] == ["Bêta"]
    pharmacies = values("sales", "pharmacy", "", owner("750000001"), services=here)
    assert {value.key for value in pharmacies} == {"750000001"}
