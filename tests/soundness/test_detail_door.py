"""The door of detail: a viewer reads no row, pharmacy, feed or day beyond what their rights open.

Groups are drawn at random; what may be seen is counted by hand over the lines themselves.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pytest

from galien.kernel.errors import GalienError, InternalError, NotAllowed
from galien.kernel.period import Period
from galien.model.invoices import Firm
from galien.model.viewer import WORKSPACE_VIEWER, Grant, Viewer
from galien.usecases import detail
from galien.usecases.contract_monitor import _last_days
from galien.usecases.detail import ALL_DAYS, Reading, read, read_products
from galien.usecases.invoices.deliveries import Matched, match
from galien.usecases.prices import reading as prices
from galien.usecases.prices.disclosure import Sight, sight
from galien.usecases.scope import open_days
from galien.usecases.services import Services
from galien.usecases.stock import flows as days_of
from galien.usecases.stock import reading as shelves
from galien.usecases.stock.valued import Count, value_of
from tests.builders.answering import services
from tests.builders.derived import Group, random_group
from tests.builders.derived_rows import Row
from tests.builders.invoices import invoice, line

MINE, OTHER = "750000000", "750000001"
TODAY = dt.date(2026, 11, 20)
SINCE = dt.date(2026, 3, 10)
WHOLE = {"sales": ("lines", "day"), "purchases": ("purchases", "delivered_on"),
         "stock": ("stock", "on_date")}  # fmt: skip
SALES = Reading("sales", ("sales_day",), """
select f.pharmacy, s.day, sum(s.quantity) as units from sales_day s join pharmacy f using (pharmacy_id)
group by all
""")  # fmt: skip
PURCHASES = Reading("purchases", ("purchase_line",), """
with lines as (select pharmacy_id, day, document_id from purchase_line)
select f.pharmacy, l.day, l.document_id from lines l join pharmacy f using (pharmacy_id)
""")  # fmt: skip
BOTH = Reading("both", ("purchase_line", "sales_day"), """
select f.pharmacy, day from (select pharmacy_id, day from purchase_line
  union all select pharmacy_id, day from sales_day) join pharmacy f using (pharmacy_id)
""")  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A group and services that answer from it."""

    group: Group
    services: Services

    def seen(self, viewer: Viewer, feed: str) -> list[Row]:
        """Return the rows of a feed that some right of a viewer opens, one at a time."""
        name, day = WHOLE[feed]
        return [
            row
            for row in getattr(self.group, name)
            if viewer.everything
            or any(
                grant.pharmacy == row["pharmacy"]
                and feed in grant.feeds
                and (grant.first_day is None or grant.first_day <= row[day])
                and (grant.last_day is None or row[day] <= grant.last_day)
                for grant in viewer.grants
            )
        ]


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    group = random_group(11, visits=900)
    made = services(group, tmp_path_factory.mktemp("detail"))
    yield Case(group, made)
    with made.reader.hold() as held:
        held.engine.close()


def viewer(*grants: Grant) -> Viewer:
    return Viewer("7", "Essai", "buyer", grants)


DATED = viewer(Grant(MINE, first_day=SINCE), Grant(OTHER, last_day=dt.date(2025, 12, 31)))
TORN = viewer(
    Grant(MINE, last_day=dt.date(2025, 6, 30)),
    Grant(MINE, first_day=dt.date(2026, 1, 1), last_day=dt.date(2026, 3, 31)),
    Grant(OTHER, frozenset({"sales"}), SINCE),
)
NO_PURCHASES = viewer(Grant(MINE, frozenset({"sales", "stock"})))
WITHDRAWN = viewer()
VIEWERS = {"dated": DATED, "torn": TORN, "no purchases": NO_PURCHASES, "all": WORKSPACE_VIEWER}


@pytest.mark.parametrize("name", VIEWERS)
def test_the_door_gives_the_rows_rights_open_and_no_other(case: Case, name: str) -> None:
    who = VIEWERS[name]
    sold = read(SALES, who, ALL_DAYS, services=case.services).to_pylist()
    expected = {(row["pharmacy"], row["day"]) for row in case.seen(who, "sales")}
    assert {(row["pharmacy"], row["day"]) for row in sold} == expected
    bought = sorted(row["document_id"] for row in case.seen(who, "purchases"))
    if not bought:
        with pytest.raises(NotAllowed, match="achats"):
            read(PURCHASES, who, ALL_DAYS, services=case.services)
        return
    found = read(PURCHASES, who, ALL_DAYS, services=case.services).to_pylist()
    assert sorted(row["document_id"] for row in found) == bought


def test_a_pharmacy_is_read_when_every_feed_has_open_days(case: Case) -> None:
    found = read(BOTH, TORN, ALL_DAYS, services=case.services).to_pylist()
    # OTHER opens its sales alone: it is left out of what needs purchases too.
    assert {row["pharmacy"] for row in found} == {MINE}
    days = {row["day"] for feed, day in (("sales", "day"), ("purchases", "delivered_on"))
            for each in case.seen(TORN, feed) if each["pharmacy"] == MINE
            for row in [{"day": each[day]}]}  # fmt: skip
    assert {row["day"] for row in found} == days


def test_naming_a_pharmacy_opens_nothing(case: Case) -> None:
    with pytest.raises(NotAllowed):
        read(SALES, NO_PURCHASES, ALL_DAYS, pharmacies=(OTHER,), services=case.services)
    named = read(SALES, NO_PURCHASES, ALL_DAYS, pharmacies=(OTHER, MINE), services=case.services)
    assert set(named.column("pharmacy").to_pylist()) == {MINE}


def test_a_withdrawn_authorisation_closes_everything(case: Case) -> None:
    for reading in (SALES, PURCHASES, BOTH):
        with pytest.raises(NotAllowed):
            read(reading, WITHDRAWN, ALL_DAYS, services=case.services)


def test_days_asked_and_days_open_are_both_kept(case: Case) -> None:
    days = Period(dt.date(2026, 2, 1), dt.date(2026, 4, 1))
    found: list[Any] = read(SALES, DATED, days, services=case.services).column("day").to_pylist()
    assert found
    assert min(found) >= SINCE
    assert max(found) <= days.last


@pytest.mark.parametrize(
    "sql",
    [
        "select * from sales_day",
        "select * from main.purchase_line",
        "select * from purchase_line join SALES_DAY using (pharmacy_id)",
        'select * from purchase_line join "sales_day" using (pharmacy_id)',
        "select * from purchase_line union all select * from purchases_month",
    ],
)
def test_a_reading_reads_what_it_declares_alone(sql: str) -> None:
    with pytest.raises(InternalError):
        Reading("slipped", ("purchase_line",), sql)


def test_a_reading_of_products_reads_no_fact(case: Case) -> None:
    assert read_products("select product_code from product", services=case.services).num_rows
    with pytest.raises(InternalError):
        read_products("select * from sales_day", services=case.services)


# The shelves.


def test_shelves_and_their_sales_stop_at_the_rights(case: Case) -> None:
    found = shelves.levels((MINE,), DATED, on=TODAY, services=case.services)
    counted = {row["on_date"] for row in case.seen(DATED, "stock") if row["pharmacy"] == MINE}
    assert found
    assert {each.counted_on for each in found} <= counted
    assert all(each.last_sold is None or each.last_sold >= SINCE for each in found)
    before = shelves.levels((MINE,), DATED, on=dt.date(2026, 3, 20), services=case.services)
    assert {each.counted_on for each in before} <= counted
    for who in (WITHDRAWN, viewer(Grant(OTHER)), viewer(Grant(MINE, frozenset({"purchases"})))):
        with pytest.raises(NotAllowed):
            shelves.levels((MINE,), who, on=TODAY, services=case.services)


def test_receipts_and_movements_stop_at_the_rights(case: Case) -> None:
    lines = [row for row in case.seen(DATED, "purchases") if row["pharmacy"] == MINE]
    days = {row["delivered_on"] for row in lines}
    received = shelves.receipts(MINE, DATED, on=TODAY, services=case.services)
    assert received
    assert {each.day for rows in received.values() for each in rows} <= days
    last = shelves.last_received(MINE, DATED, on=TODAY, services=case.services)
    assert {each.day for each in last.values()} <= days
    moved = shelves.movements(MINE, DATED, first=dt.date(2024, 10, 1), services=case.services)
    assert min(day for _, day, _, _ in moved) >= SINCE
    for ask in (shelves.receipts, shelves.last_received):
        with pytest.raises(NotAllowed):
            ask(MINE, NO_PURCHASES, on=TODAY, services=case.services)
    with pytest.raises(NotAllowed):
        shelves.movements(MINE, NO_PURCHASES, first=SINCE, services=case.services)


def test_flows_stop_at_the_rights(case: Case) -> None:
    found = days_of.flows(DATED, MINE, first=dt.date(2024, 11, 1), on=TODAY, services=case.services)
    assert found.first >= SINCE
    assert min(line.day for line in found.bought) >= SINCE
    with pytest.raises(NotAllowed):
        days_of.flows(NO_PURCHASES, MINE, first=SINCE, on=TODAY, services=case.services)
    since = dt.date(2024, 10, 1)
    come = days_of.received_since(DATED, MINE, since, services=case.services)
    seen = [row for row in case.seen(DATED, "purchases") if row["pharmacy"] == MINE]
    assert sum(come.values()) == sum(
        row["delivered_quantity"] + (row["free_quantity"] or 0) for row in seen
    )
    assert days_of.received_since(NO_PURCHASES, MINE, since, services=case.services) == {}


def test_a_count_of_before_the_rights_is_not_rolled(case: Case) -> None:
    count = Count({}, dt.date(2025, 1, 15))
    year = viewer(Grant(MINE, first_day=TODAY - dt.timedelta(days=400)))
    with pytest.raises(NotAllowed):
        value_of(year, MINE, on=TODAY, count=count, services=case.services)
    value_of(year, MINE, on=TODAY, services=case.services)
    with pytest.raises(GalienError):
        value_of(NO_PURCHASES, MINE, on=TODAY, services=case.services)


def test_every_table_of_detail_has_a_feed_and_a_day() -> None:
    assert {rows.feed for rows in detail.DETAIL.values()} == {"sales", "purchases", "stock"}


# Prices.


def test_prices_are_those_of_the_year_that_rights_open(case: Case) -> None:
    found = prices.sold((MINE, OTHER), DATED, on=TODAY, services=case.services)
    assert found
    assert {each.pharmacy for each in found} == {MINE, OTHER}
    for each in found:
        days = [row["day"] for row in case.seen(DATED, "sales")
                if (row["pharmacy"], row["product_code"]) == (each.pharmacy, each.product_code)]  # fmt: skip
        assert each.last_day in days
    for who in (WITHDRAWN, viewer(Grant(MINE, frozenset({"stock", "purchases"})))):
        with pytest.raises(NotAllowed):
            prices.sold((MINE,), who, on=TODAY, services=case.services)


def test_nobody_else_s_price_is_found_by_taking_off_what_is_known(case: Case) -> None:
    # Three others, closed to who asks: too few to be told, whatever calculators do with them.
    alone = prices.sold((MINE,), viewer(Grant(MINE)), on=TODAY, services=case.services)
    assert {each.others for each in alone} == {()}
    both = prices.sold((MINE,), viewer(Grant(MINE), Grant(OTHER)), on=TODAY, services=case.services)
    assert {len(each.others) for each in both} <= {0, 1}
    every = prices.sold((MINE,), WORKSPACE_VIEWER, on=TODAY, services=case.services)
    assert max(len(each.others) for each in every) > 1


def test_five_closed_pharmacies_are_told_together() -> None:
    told = {str(number): Decimal(number) for number in range(8)}
    assert len(prices.others_of("0", told, Sight(frozenset("012")))) == 7
    assert len(prices.others_of("0", told, Sight(frozenset("0123")))) == 3


def test_who_is_half_known_hides_nobody() -> None:
    told = {str(number): Decimal(number) for number in range(8)}
    # Five others are not wholly open, but two of them show some days: three are left to be found.
    seen = Sight(frozenset("012"), frozenset("01234"))
    assert len(prices.others_of("0", told, seen)) == 2
    grants = (Grant("A"), Grant("B", first_day=TODAY), Grant("C", frozenset({"stock"})))
    found = sight(viewer(*grants), TODAY - dt.timedelta(days=90), TODAY)
    assert found == Sight(frozenset("A"), frozenset("AB"))


# Invoices.


def test_an_invoice_is_matched_when_all_the_days_around_it_are_open(case: Case) -> None:
    bought = max(
        (row for row in case.group.purchases if row["pharmacy"] == MINE and
         row["delivered_on"] < dt.date(2026, 9, 1)), key=lambda row: row["delivered_on"],
    )  # fmt: skip
    made = replace(
        invoice([line(bought["product_code"], 1, "1.00", "1.00", name="Un produit")], number="F-1"),
        seller=Firm(bought["supplier"]),
        issued_on=bought["delivered_on"],
        references=(bought["document_id"],),
    )
    day = bought["delivered_on"]
    open_all = Grant(MINE, first_day=day - dt.timedelta(days=92))
    narrow = {
        "begins after": Grant(MINE, first_day=day - dt.timedelta(days=91)),
        "ends before": Grant(MINE, last_day=day + dt.timedelta(days=30)),
        "no purchases": Grant(MINE, frozenset({"sales", "stock"})),
        "another": Grant(OTHER),
    }
    [found] = match([(MINE, made)], viewer(open_all), services=case.services)
    assert found.documents == (bought["document_id"],)
    for grant in narrow.values():
        [closed] = match([(MINE, made)], viewer(grant), services=case.services)
        assert closed == Matched(closed=True)
    # One invoice whose days are closed takes nothing from the next.
    [found, closed] = match([(MINE, made), (OTHER, made)], viewer(open_all), services=case.services)
    assert (bool(found.documents), closed.closed) == (True, True)


def test_contracts_are_followed_up_to_the_last_day_open(case: Case) -> None:
    until = dt.date(2026, 5, 31)
    ended = viewer(Grant(MINE, last_day=until), Grant(OTHER, frozenset({"sales"})))
    with case.services.reader.hold() as held:
        view = case.services.reading.view(held)
        assert _last_days(view, open_days(ended, view, "purchases", ALL_DAYS)) == [until]
        assert _last_days(view, open_days(WITHDRAWN, view, "purchases", ALL_DAYS)) == []
        later = viewer(Grant(MINE, first_day=dt.date(2027, 1, 1)))
        assert _last_days(view, open_days(later, view, "purchases", ALL_DAYS)) == []
