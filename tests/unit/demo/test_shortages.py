"""The shortages of the demonstration: nothing comes, shelves empty, nothing sells, everything adds up."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from galien.demo.generate import _LACKS, World, make_world, simulate
from galien.demo.members import make_members
from galien.demo.public import Ints
from galien.demo.records import Records
from galien.demo.scarcity import Lack, at_pharmacy
from tests.unit.demo.conftest import TODAY

SEED = 7


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(4, SEED, TODAY)


@pytest.fixture(scope="module")
def lived(world: World) -> dict[str, Records]:
    (member,) = make_members(1, np.random.default_rng(3))
    return simulate(world, member)[0]


def met(world: World) -> tuple[Lack, ...]:
    return at_pharmacy(world.lacks, np.random.default_rng([SEED, _LACKS, 0]))


def by_day(records: Records, world: World, product: int, *columns: str) -> Ints:
    """Sum boxes of a product by day."""
    rows = records.columns["product"] == product
    boxes = sum((records.columns[each][rows] for each in columns), np.zeros(int(rows.sum())))
    days = records.columns["day"][rows]
    return np.bincount(days, weights=boxes, minlength=len(world.calendar.days)).astype(np.int64)


def test_what_lacks_is_drawn_once_and_for_all(world: World) -> None:
    again = make_world(4, SEED, TODAY).lacks
    assert [each.product.tolist() for each in again] == [e.product.tolist() for e in world.lacks]
    assert [(each.first, each.end) for each in again] == [(e.first, e.end) for e in world.lacks]
    assert len(world.lacks) == 12
    last = len(world.calendar.days)
    assert sum(each.end > last for each in world.lacks) >= 4, "some go on at the end"


def test_a_group_keeps_packs_that_suppliers_have(world: World) -> None:
    catalogue = world.shop.catalogue
    for each in world.lacks:
        group = int(catalogue.pack_group[each.product[0]])
        if len(each.product) > 1:
            assert int((catalogue.pack_group == group).sum()) >= len(each.product) + 2


def test_stock_in_less_stock_out_is_its_change(lived: dict[str, Records], world: World) -> None:
    size = len(world.shop.catalogue)
    stock, bought, sold = (lived[name].columns for name in ("stock", "purchases", "sales"))
    ends = world.calendar.month_ends()

    def held(day: int) -> Ints:
        rows = stock["day"] == day
        return np.bincount(stock["product"][rows], weights=stock["quantity"][rows], minlength=size)

    for before, after in itertools.pairwise(ends):
        came = (bought["day"] > before) & (bought["day"] <= after)
        units = (bought["delivered"] + bought["free"])[came]
        entered = np.bincount(bought["product"][came], weights=units, minlength=size)
        went = (sold["day"] > before) & (sold["day"] <= after)
        left = np.bincount(sold["product"][went], weights=sold["quantity"][went], minlength=size)
        gap = held(after) - held(before) - entered + left
        assert not gap[~world.shop.catalogue.rental].any()


def test_shelves_empty_and_nothing_sells(lived: dict[str, Records], world: World) -> None:
    stock = lived["stock"].columns
    (first, *_), emptied = world.calendar.month_ends(), 0
    for lack in (each for each in met(world) if each.share == 0):
        for product in lack.product.tolist():
            came = by_day(lived["purchases"], world, product, "delivered", "free")
            asked = by_day(lived["purchases"], world, product, "ordered")
            sold = by_day(lived["sales"], world, product, "quantity")
            assert not came[max(lack.first, 0) : lack.end].any(), "nothing comes"
            counted = stock["quantity"][(stock["day"] == first) & (stock["product"] == product)]
            path = counted.sum() + np.cumsum(came - sold) - (came - sold)[: first + 1].sum()
            assert (path[first:] >= 0).all(), "no box is sold that is not there"
            emptied += bool(asked[max(lack.first, 0) : lack.end].any() and path.min() == 0)
    assert emptied >= 2


def test_lines_left_are_numbered_and_bear_their_fees(
    lived: dict[str, Records], world: World
) -> None:
    sold = lived["sales"].columns
    new = np.ones(len(sold["invoice"]), bool)
    new[1:] = sold["invoice"][1:] != sold["invoice"][:-1]
    assert (sold["line_no"][new] == 1).all()
    assert (np.diff(sold["line_no"])[~new[1:]] == 1).all()
    prescribed = np.isin(sold["sale_type"], (0, 1)) & (sold["quantity"] > 0)
    own = world.shop.catalogue.fee[sold["product"]] * sold["quantity"]
    assert (sold["fee"] >= own)[prescribed].all()
