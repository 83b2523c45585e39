"""ABC classes and rotation of the published data, beside sums made line by line in Python."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from galien.law import Law
from galien.model.viewer import WORKSPACE_VIEWER
from galien.usecases.services import Services
from galien.usecases.stock.classes import abc_of, read_abc
from galien.usecases.stock.reading import levels
from galien.usecases.stock.rotations import rotations, vat_shares
from tests.builders.answering import services
from tests.builders.derived import Group, random_group

FIRST, LAST = dt.date(2025, 11, 1), dt.date(2026, 10, 31)
ZERO = Decimal(0)


@pytest.fixture(scope="module")
def group() -> Group:
    found = random_group(7, visits=200)
    for version in found.products[::2]:
        version["prescription_status"] = "narcotic"
    return found


@pytest.fixture(scope="module")
def made(group: Group, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    found = replace(services(group, tmp_path_factory.mktemp("derived")), law=Law.load())
    yield found
    with found.reader.hold() as held:
        held.engine.close()


def _cost(group: Group, key: str) -> dict[Any, Decimal]:
    found: dict[Any, Decimal] = defaultdict(Decimal)
    for row in group.lines:
        if FIRST <= row["day"] <= LAST:
            found[row[key]] += row["cost_excl"] or ZERO
    return found


def _last_counts(group: Group, first: dt.date, last: dt.date) -> list[dict[str, Any]]:
    """Return the rows of the last count of each pharmacy between two days."""
    rows = [row for row in group.stock if first <= row["on_date"] <= last]
    days: dict[str, dt.date] = {}
    for row in rows:
        days[row["pharmacy"]] = max(row["on_date"], days.get(row["pharmacy"], row["on_date"]))
    return [row for row in rows if row["on_date"] == days[row["pharmacy"]]]


def _worth(row: dict[str, Any]) -> Decimal:
    return Decimal(row["quantity"]) * (row["weighted_average_cost"] or ZERO)


def test_abc_takes_the_cost_of_what_went_out_and_the_last_count(
    group: Group, made: Services
) -> None:
    found = abc_of(WORKSPACE_VIEWER, period="2025-11-01..2026-10-31", services=made)
    going = {row.item.product_code: row.item.outgoing_value for row in found.rows}
    lying = {row.item.product_code: row.item.stock_value for row in found.rows}
    expected: dict[str, Decimal] = defaultdict(Decimal)
    for row in _last_counts(group, FIRST, LAST):
        expected[row["product_code"]] += _worth(row)
    assert {code: value for code, value in going.items() if value} == {
        code: value for code, value in _cost(group, "product_code").items() if value
    }
    assert sum(lying.values()) == sum(expected.values())


def test_a_narcotic_is_known_on_the_shelves(group: Group, made: Services) -> None:
    everyone = tuple(row["pharmacy"] for row in group.pharmacies)
    shelves = levels(everyone, WORKSPACE_VIEWER, on=LAST, services=made)
    status = {level.product_code: level.narcotic for level in shelves}
    assert set(status.values()) == {True, False}
    for code, narcotic in status.items():
        assert narcotic == (group.product(code, LAST)["prescription_status"] == "narcotic")


def test_moves_compare_with_the_year_before(made: Services) -> None:
    found = read_abc(WORKSPACE_VIEWER, period="2025-11-01..2026-10-31", services=made)
    before = abc_of(WORKSPACE_VIEWER, period="2024-11-01..2025-10-31", services=made)
    then = {row.item.product_code: row.class_outgoing for row in before.rows}
    for row in found.found.rows:
        move = found.moves.get(row.item.product_code)
        assert (move is None) == (then.get(row.item.product_code) is row.class_outgoing)


def test_rotation_takes_the_mean_of_the_last_counts_of_months(group: Group, made: Services) -> None:
    found = rotations(WORKSPACE_VIEWER, period="2025-11-01..2026-10-31", services=made)
    levels: dict[str, Decimal] = defaultdict(Decimal)
    month = FIRST
    while month <= LAST:
        end = (month + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
        for row in _last_counts(group, month, end):
            levels[row["pharmacy"]] += _worth(row)
        month = end + dt.timedelta(days=1)
    cost = _cost(group, "pharmacy")
    assert found.counts == 12
    for line in found.lines:
        assert line.key is not None
        assert line.found.average_stock == levels[line.key] / 12
        assert line.found.cost_of_goods == cost[line.key]
    assert found.total.found.cost_of_goods == sum(cost.values())


def test_rotation_by_vat_rate_adds_up_to_the_whole(made: Services) -> None:
    period = "2025-11-01..2026-10-31"
    whole = rotations(WORKSPACE_VIEWER, period=period, services=made).total.found
    lines = rotations(WORKSPACE_VIEWER, by="vat_rate", period=period, services=made).lines
    assert sum(line.found.cost_of_goods for line in lines) == whole.cost_of_goods
    spread = sum(line.found.average_stock for line in lines) - whole.average_stock
    assert abs(spread) < Decimal("0.0001")


def test_a_typology_has_its_reference(made: Services) -> None:
    found = rotations(
        WORKSPACE_VIEWER, by="typology", period="2025-11-01..2026-10-31", services=made
    )
    told = {line.key: line.reference for line in found.lines}
    assert told.get("rural") in {None, Decimal(33)}
    assert {told.get("rural"), told.get("city")} & {Decimal(33), Decimal(46)}


def test_shares_by_rate_are_shares_of_one_whole(made: Services) -> None:
    lines = vat_shares(WORKSPACE_VIEWER, period="2025-11-01..2026-10-31", services=made)
    assert round(sum(line.turnover_share or ZERO for line in lines), 20) == 1
    assert round(sum(line.stock_share or ZERO for line in lines), 20) == 1
