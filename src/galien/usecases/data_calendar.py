"""The data calendar: which pharmacy sent which day of a feed, which is missing, late or held."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from galien.kernel.errors import InvalidInput, NotAvailable, did_you_mean
from galien.model.country import Country, country_of
from galien.model.feeds import FEEDS
from galien.model.viewer import Viewer
from galien.records.models import LiveDay, Pharmacy
from galien.records.scope import visible_to
from galien.usecases.holidays import public_holidays
from galien.usecases.services import Services
from galien.warehouse.ledger import ReceiptStatus

SHOWN_DAYS = 35
HABIT_WEEKS = 10


class State(StrEnum):
    """What is known of a pharmacy's day."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    LATE = "late"
    MISSING = "missing"
    HELD = "held"
    CLOSED = "closed"


@dataclass(frozen=True)
class PharmacyDays:
    """A pharmacy and the state of each day shown, in order; `last` is its last day received."""

    finess: str
    name: str
    states: tuple[State, ...]
    last: dt.date | None

    @property
    def lacking(self) -> int:
        """Count the expected days that were not received."""
        return sum(state in {State.LATE, State.MISSING} for state in self.states)


@dataclass(frozen=True)
class DataCalendar:
    """The last days of a feed, pharmacy by pharmacy, those lacking most days first.

    `days` end with the last day that any pharmacy sent, so that who is behind the others shows.
    """

    feed: str
    days: tuple[dt.date, ...]
    pharmacies: tuple[PharmacyDays, ...]

    @property
    def late(self) -> int:
        """Count the pharmacies that lack an expected day."""
        return sum(each.lacking > 0 for each in self.pharmacies)


def data_calendar(viewer: Viewer, feed: str, *, services: Services) -> DataCalendar:
    """Return the calendar of a feed for the pharmacies a viewer may read; InvalidInput otherwise.

    A weekday is expected of a pharmacy that sent at least half of them in the last ten weeks,
    public holidays apart. An expected day after the last one received is late, one before it is
    missing. A day received with under a fifth of the rows usual on its weekday, as the release judges
    it, is partial. Without any day received there are no days to show.
    """
    if feed not in FEEDS:
        raise InvalidInput(f"Flux « {feed} » inconnu. {did_you_mean(feed, FEEDS)}", code="FEED")
    horizon = _horizon(feed, services.clock.today())
    if horizon is None:
        return DataCalendar(feed, (), ())
    first = horizon - dt.timedelta(days=SHOWN_DAYS - 1)
    days = tuple(first + dt.timedelta(days=number) for number in range(SHOWN_DAYS))
    received = _received(viewer, feed, horizon)
    held = _held(viewer, feed, first)
    partial = _partial(feed, first, services)

    @cache
    def holidays(country: Country) -> frozenset[dt.date]:
        years = (first.year - 1, horizon.year)
        return frozenset(public_holidays(*years, country=country, law=services.law))

    shown = [
        _pharmacy_days(
            each,
            days,
            _Known(received[each.finess], held[each.finess], partial[each.finess]),
            holidays(country_of(each.finess)),
        )
        for each in _of_feed(viewer, feed)
    ]
    return DataCalendar(feed, days, tuple(sorted(shown, key=lambda each: -each.lacking)))


def _horizon(feed: str, today: dt.date) -> dt.date | None:
    """The last day any pharmacy sent: a date says nothing of who sent it."""
    return (
        LiveDay.objects.exclude(receipts=[])
        .filter(feed=feed, day__lte=today)
        .order_by("-day")
        .values_list("day", flat=True)
        .first()
    )


def _of_feed(viewer: Viewer, feed: str) -> list[Pharmacy]:
    opened = {grant.pharmacy for grant in viewer.grants if feed in grant.feeds}
    found = visible_to(viewer).pharmacies()
    return [each for each in found if viewer.everything or each.finess in opened]


def _received(viewer: Viewer, feed: str, horizon: dt.date) -> dict[str, set[dt.date]]:
    since = horizon - dt.timedelta(weeks=HABIT_WEEKS)
    rows = visible_to(viewer).calendar().filter(feed=feed, day__gt=since, day__lte=horizon)
    found: dict[str, set[dt.date]] = defaultdict(set)
    for pharmacy, day in rows.values_list("pharmacy", "day").iterator(chunk_size=5_000):
        found[pharmacy].add(day)
    return found


def _held(viewer: Viewer, feed: str, first: dt.date) -> dict[str, set[dt.date]]:
    rows = (
        visible_to(viewer)
        .receipts()
        .filter(feed=feed, status=ReceiptStatus.HELD, last_day__gte=first)
    )
    found: dict[str, set[dt.date]] = defaultdict(set)
    for pharmacy, days in rows.values_list("pharmacy", "days"):
        found[pharmacy].update(dt.date.fromisoformat(day) for day in days)
    return found


def _partial(feed: str, first: dt.date, services: Services) -> dict[str, set[dt.date]]:
    found: dict[str, set[dt.date]] = defaultdict(set)
    try:
        with services.reader.hold() as held:
            rows = held.engine.query(
                "select p.pharmacy, g.day from data_gap g join pharmacy p using (pharmacy_id) "
                "where g.problem = 'low' and g.feed = $feed and g.day >= $first",
                {"feed": feed, "first": first},
            )
    except NotAvailable:
        return found
    for row in rows.to_pylist():
        found[row["pharmacy"]].add(row["day"])
    return found


@dataclass(frozen=True)
class _Known:
    """The days of a pharmacy: received, held before they count, received in part."""

    received: set[dt.date]
    held: set[dt.date]
    partial: set[dt.date]


def _pharmacy_days(
    pharmacy: Pharmacy, days: tuple[dt.date, ...], known: _Known, holidays: frozenset[dt.date]
) -> PharmacyDays:
    habits = _habits(known.received)
    last = max(known.received, default=None)

    def state(day: dt.date) -> State:
        if day in known.received:
            return State.PARTIAL if day in known.partial else State.COMPLETE
        if day in known.held:
            return State.HELD
        if day in holidays or (last is not None and day.isoweekday() not in habits):
            return State.CLOSED
        if last is None:
            return State.CLOSED if day.isoweekday() == 7 else State.LATE
        return State.LATE if day > last else State.MISSING

    return PharmacyDays(pharmacy.finess, pharmacy.name, tuple(state(day) for day in days), last)


def _habits(received: Iterable[dt.date]) -> frozenset[int]:
    """Return the weekdays a pharmacy usually sends (1 is Monday).

    >>> mondays = [dt.date(2026, 10, day) for day in (5, 12, 19, 26)]
    >>> _habits([*mondays, dt.date(2026, 10, 11)])
    frozenset({1})
    """
    days = sorted(received)
    if not days:
        return frozenset()
    span = [days[0] + dt.timedelta(days=n) for n in range((days[-1] - days[0]).days + 1)]
    possible, sent = Counter(d.isoweekday() for d in span), Counter(d.isoweekday() for d in days)
    return frozenset(weekday for weekday in sent if 2 * sent[weekday] >= possible[weekday])
