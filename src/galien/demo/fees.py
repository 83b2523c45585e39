"""The fees of a prescription as a whole: per prescription, age, specific medicines, long ones."""

from __future__ import annotations

import datetime as dt

import numpy as np

from galien.demo import regulated
from galien.demo.days import Calendar
from galien.demo.public import Ints
from galien.demo.visits import Invoices

_ELDERLY_OR_CHILD, _SPECIFIC = 0.42, 0.06


def prescription_fees(calendar: Calendar, invoices: Invoices, rng: np.random.Generator) -> Ints:
    """Give in cents, for each invoice, the fees that it would bear were it a prescription."""
    days = calendar.days
    each, age, specific, long = (_by_day(name, days)[invoices.day] for name in _FEES)
    draws = rng.random((2, len(invoices)))
    total = each + np.where(draws[0] < _ELDERLY_OR_CHILD, age, 0)
    total += np.where(draws[1] < _SPECIFIC, specific, 0)
    lines = int(regulated.number("fee_hc_min_lines", days[0]))
    return np.asarray(total + np.where(invoices.lines >= lines, long, 0), np.int64)


_FEES = ("fee_hdr_incl", "fee_hda_incl", "fee_hde_incl", "fee_hc_incl")


def _by_day(name: str, days: tuple[dt.date, ...]) -> Ints:
    changes = [day for day in regulated.law().changes(name) if days[0] < day <= days[-1]]
    steps = [days[0], *changes]
    amounts = np.array([regulated.fee_cents(name, step) for step in steps])
    ordinals = [step.toordinal() for step in steps]
    place = np.searchsorted(ordinals, [day.toordinal() for day in days], side="right") - 1
    return np.asarray(amounts[place], np.int64)
