"""Rights that share the days of a period between them open it; a day left out closes it."""

from __future__ import annotations

import datetime as dt

from hypothesis import example, given
from hypothesis import strategies as st

from galien.model.viewer import Grant, Viewer

PHARMACY, OTHER = "750100042", "690000005"
FEEDS = ("sales", "purchases")
FIRST = dt.date(2026, 1, 1)
DAYS = 40


def day(number: int) -> dt.date:
    return FIRST + dt.timedelta(days=number)


bounds = st.none() | st.integers(0, DAYS).map(day)
grants = st.builds(
    Grant,
    pharmacy=st.sampled_from((PHARMACY, OTHER)),
    feeds=st.frozensets(st.sampled_from(FEEDS), min_size=1),
    first_day=bounds,
    last_day=bounds,
)
periods = st.tuples(st.integers(0, DAYS), st.integers(0, DAYS)).map(sorted)


def opens(grant: Grant, feed: str, on: dt.date) -> bool:
    """Tell whether a right opens a feed on one day: the oracle, day by day."""
    after = grant.first_day is None or grant.first_day <= on
    before = grant.last_day is None or on <= grant.last_day
    return feed in grant.feeds and after and before


def viewer(*rights: Grant) -> Viewer:
    return Viewer("1", "Camille", "buyer", rights)


def test_two_rights_that_touch_open_the_days_of_both() -> None:
    winter = Grant(PHARMACY, frozenset({"sales"}), last_day=dt.date(2026, 3, 31))
    spring = Grant(PHARMACY, first_day=dt.date(2026, 4, 1))
    whole = (dt.date(2026, 1, 1), dt.date(2026, 6, 30))
    assert viewer(winter, spring).pharmacies("sales", *whole) == {PHARMACY}
    assert viewer(winter, spring).pharmacies("purchases", *whole) == frozenset()


def test_a_day_left_out_closes_the_period() -> None:
    until = Grant(PHARMACY, last_day=dt.date(2026, 3, 30))
    since = Grant(PHARMACY, first_day=dt.date(2026, 4, 1))
    both = viewer(until, since)
    assert both.pharmacies("sales", dt.date(2026, 3, 1), dt.date(2026, 4, 30)) == frozenset()
    assert both.pharmacies("sales", dt.date(2026, 4, 1), dt.date(2026, 4, 30)) == {PHARMACY}


@given(rights=st.lists(grants, max_size=6), feed=st.sampled_from(FEEDS), period=periods)
@example(
    rights=[Grant(PHARMACY, first_day=day(9), last_day=day(2)), Grant(PHARMACY, last_day=day(2))],
    feed="sales",
    period=[0, 9],
)
def test_a_period_is_open_when_every_one_of_its_days_is(
    rights: list[Grant], feed: str, period: list[int]
) -> None:
    first, last = period
    expected = {
        pharmacy
        for pharmacy in (PHARMACY, OTHER)
        if all(
            any(right.pharmacy == pharmacy and opens(right, feed, day(n)) for right in rights)
            for n in range(first, last + 1)
        )
    }
    assert viewer(*rights).pharmacies(feed, day(first), day(last)) == expected
