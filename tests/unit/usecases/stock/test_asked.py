"""What a pharmacy is asked of products that came late, went for good, or were bought for one client."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import pytest

from galien.usecases.stock.asked import Asked, asked, daily_stock
from galien.usecases.stock.flows import Bought, Flows
from galien.usecases.stock.presence import is_usual

NONE = Decimal(0)
FIRST = dt.date(2024, 11, 1)
DAYS = 730
LAST = FIRST + dt.timedelta(days=DAYS - 1)


def seen(
    refused: dict[str, tuple[int, ...]] | None = None,
    **moves: tuple[dict[int, float], dict[int, float]],
) -> Asked:
    """Measure products from (boxes sold, boxes received) by day before the end, from empty shelves.

    `refused` are the days before the end on which a product was asked for and did not come.
    """
    sold, received = np.zeros((len(moves), DAYS)), np.zeros((len(moves), DAYS))
    for row, (out, into) in enumerate(moves.values()):
        for back, units in out.items():
            sold[row, DAYS - 1 - back] = units
        for back, units in into.items():
            received[row, DAYS - 1 - back] = units
    left = (received - sold).sum(axis=1)
    lines = tuple(
        Bought(code, LAST - dt.timedelta(days=back), "Grossiste", "wholesaler", 5, 0, 0, NONE, NONE)
        for code, days in (refused or {}).items()
        for back in days
    )
    flows = Flows(tuple(moves), FIRST, LAST, sold, sold, received, lines)
    counts = dict(zip(moves, left.tolist(), strict=True))
    return asked(flows, daily_stock(flows, counts, LAST), families=dict.fromkeys(moves, "toux"))


KIN = (dict.fromkeys(range(0, DAYS, 2), 2.0), {DAYS - 1: 800.0})


def test_a_box_bought_for_one_client_is_no_new_product_of_its_family() -> None:
    found = seen(kin=KIN, once=({40: 1.0}, {40: 1.0}))
    assert found.daily[0] == pytest.approx(1, abs=0.1)
    assert found.daily[1] < 1 / 180
    assert not found.usual[1]
    assert found.raw[1] * found.known[1] == pytest.approx(1)


def test_a_product_of_three_weeks_is_known_since_its_first_box() -> None:
    sales = dict.fromkeys(range(21), 1.0)
    found = seen(kin=KIN, new=(sales, {20: 60.0}))
    assert found.usual[1]
    assert found.known[1] <= 31
    assert found.daily[1] > 0.5


def test_what_left_the_shelves_for_most_of_a_year_is_not_corrected_for_it() -> None:
    sales = dict.fromkeys(range(300, 700), 1.0)
    found = seen(gone=(sales, {729: 400.0}))
    assert not found.usual[0]
    assert found.corrected[0] == found.raw[0]
    assert found.daily[0] < 0.3


def test_a_month_of_boxes_that_came_as_clients_asked_had_no_shortage() -> None:
    on_demand = dict.fromkeys((340, 333, 325, 320, 312), 1.0)
    held = dict.fromkeys(range(0, 300, 30), 1.0)
    found = seen(both=(on_demand | held, {**on_demand, 305: 20.0}))
    assert found.usual[0]
    # Half a box a day on the days it was there would be fifteen a month.
    assert found.deviation[0] < 0.5
    assert found.daily[0] < 0.1


def test_kept_on_shelves_is_most_days_and_a_fortnight() -> None:
    there = np.zeros((3, 400), dtype=bool)
    there[0, -13:] = True
    there[1, -14:] = True
    there[2, :210] = True
    assert is_usual(there).tolist() == [False, True, False]


def in_a_row(
    *stays: tuple[int, int], daily: float = 5.0
) -> tuple[dict[int, float], dict[int, float]]:
    """Return boxes sold and received of what sells out: stays are (first, last) days before the end."""
    sold = {back: daily for first, last in stays for back in range(last, first + 1)}
    received = {first: daily * (first - last + 1) for first, last in stays}
    return sold, received


def test_what_sells_out_each_time_it_comes_is_corrected_for_two_days_out_of_three() -> None:
    # Of 90 days, 30 with boxes and 150 sold: 5 a day, and not 1,67.
    found = seen(short=in_a_row((89, 80), (59, 50), (29, 20)))
    assert found.usual[0]
    assert found.corrected[0] == pytest.approx(5)
    assert found.raw[0] * found.known[0] == pytest.approx(150)
    assert found.days_out[0] >= 60


def test_a_shortage_of_nine_months_is_corrected_when_suppliers_were_asked() -> None:
    stays = in_a_row((699, 300), (20, 0), daily=1.0)
    tried = {"short": tuple(range(30, 290, 20))}
    found = seen(refused=tried, short=stays)
    assert found.usual[0]
    assert found.corrected[0] == pytest.approx(1, rel=0.05)
    assert found.days_out[0] > 250
    left = seen(short=stays)
    assert not left.usual[0]
    assert left.corrected[0] == left.raw[0]


def test_a_shortage_that_lasts_still_is_one_while_suppliers_are_asked() -> None:
    stays = in_a_row((699, 300), daily=1.0)
    found = seen(refused={"short": tuple(range(10, 290, 20))}, short=stays)
    assert found.usual[0]
    assert found.daily[0] == pytest.approx(1, rel=0.1)
    assert not seen(refused={"short": (280,)}, short=stays).usual[0]


def test_boxes_that_pass_by_for_a_client_make_no_product_held() -> None:
    days = dict.fromkeys(range(5, 365, 20), 1.0)
    found = seen(once=(days, {back + 2: 1.0 for back in days}))
    assert not found.usual[0]
    assert found.corrected[0] == found.raw[0]
