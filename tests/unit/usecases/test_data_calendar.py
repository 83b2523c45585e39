"""What the data calendar says of a pharmacy's day."""

from __future__ import annotations

import datetime as dt

from galien.records.models import Pharmacy
from galien.usecases.data_calendar import State, _Known, _pharmacy_days

OCTOBER = [dt.date(2026, 10, day) for day in range(1, 32)]
OPEN = {day for day in OCTOBER if day.isoweekday() < 7}


def test_each_day_is_received_partial_held_missing_late_or_closed() -> None:
    lacking, late, held, low = (dt.date(2026, 10, day) for day in (14, 31, 15, 16))
    known = _Known(received=OPEN - {lacking, late, held}, held={held}, partial={low})
    found = _pharmacy_days(Pharmacy(finess="1"), tuple(OCTOBER), known, frozenset())
    told = dict(zip(OCTOBER, found.states, strict=True))
    assert {day: told[day] for day in (lacking, late, held, low)} == {
        lacking: State.MISSING,
        late: State.LATE,
        held: State.HELD,
        low: State.PARTIAL,
    }
    assert {told[day] for day in OCTOBER if day.isoweekday() == 7} == {State.CLOSED}
    assert {told[day] for day in OPEN - {lacking, late, held, low}} == {State.COMPLETE}
    # A day received in part is not one that lacks: the sender has something to look at, not to send.
    assert found.lacking == 2


def test_a_day_not_received_is_never_partial() -> None:
    day = dt.date(2026, 10, 14)
    known = _Known(received=OPEN - {day}, held=set(), partial={day})
    found = _pharmacy_days(Pharmacy(finess="1"), (day,), known, frozenset())
    assert found.states == (State.MISSING,)
