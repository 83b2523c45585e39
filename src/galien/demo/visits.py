"""Who comes and when: visits, the invoices each one makes, and the number of lines of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from galien.demo.days import Calendar, daily_visits, minute_weights
from galien.demo.members import Member
from galien.demo.public import Floats, Ints
from galien.demo.taste import Taste
from galien.model.enums import SALE_TYPES

THIRD, CASH, COUNTER, RENTAL_THIRD, RENTAL, COMMERCIAL, RESALE = range(len(SALE_TYPES))
_PRESCRIPTION_TYPES = (THIRD, CASH, RENTAL_THIRD)
_PRESCRIPTION_ODDS = (0.905, 0.085, 0.010)
_COUNTER_TYPES = (COUNTER, RENTAL, COMMERCIAL, RESALE)
_COUNTER_ODDS = (0.9965, 0.0015, 0.0012, 0.0008)


@dataclass(frozen=True)
class Invoices:
    """One entry per invoice in the order they were made: day and second, visit, type, lines."""

    day: Ints
    second: Ints
    visit: Ints
    sale_type: Ints
    operator: Ints
    lines: Ints
    refund: Ints

    def __len__(self) -> int:
        return len(self.day)


def make_invoices(
    calendar: Calendar, member: Member, taste: Taste, rng: np.random.Generator
) -> Invoices:
    """Draw the visits of the period and the one or two invoices each of them makes."""
    counter_share = 1 / (member.ratio + 1 - member.tied)
    yearly = member.invoices / (counter_share * (member.ratio + 1))
    per_day = daily_visits(calendar, yearly, member.growth, rng)
    day = np.repeat(np.arange(len(per_day)), per_day)
    second = _seconds(calendar, day, member, rng)
    order = np.argsort(day * 86_400 + second, kind="stable")
    second = second[order]
    visits = len(day)
    draw = rng.random(visits)
    mixed = draw < counter_share * member.tied
    alone = ~mixed & (draw < counter_share * member.ratio)
    kind = np.where(mixed, 2, np.where(alone, 0, 1))
    # A visit with both gives its prescription first, then what was bought besides.
    owner = np.repeat(np.arange(visits), np.where(kind == 2, 2, 1))
    second_one = np.zeros(len(owner), bool)
    second_one[1:] = owner[1:] == owner[:-1]
    prescription = (kind[owner] == 0) | ((kind[owner] == 2) & ~second_one)
    count = len(owner)
    types = np.where(
        prescription,
        np.array(_PRESCRIPTION_TYPES)[rng.choice(3, count, p=_PRESCRIPTION_ODDS)],
        np.array(_COUNTER_TYPES)[rng.choice(4, count, p=_COUNTER_ODDS)],
    )
    refund = (types == COUNTER) & (rng.random(count) < 0.007)
    odds = 1 / np.arange(1, member.operators + 1) ** 0.6
    return Invoices(
        day=day[owner],
        second=second[owner] + np.where(second_one, 40, 0),
        visit=owner,
        sale_type=types.astype(np.int64),
        operator=rng.choice(member.operators, visits, p=odds / odds.sum())[owner].astype(np.int64),
        lines=np.where(refund, 1, _lines(types, taste, rng)).astype(np.int64),
        refund=refund.astype(np.int64),
    )


def _seconds(calendar: Calendar, day: Ints, member: Member, rng: np.random.Generator) -> Ints:
    weekday = np.array([d.weekday() for d in calendar.days])[day]
    draw = rng.random(len(day))
    week = np.searchsorted(minute_weights(member.typology, saturday=False), draw)
    saturday = np.searchsorted(minute_weights(member.typology, saturday=True), draw)
    minute = np.where(weekday == 5, saturday, week)
    return np.asarray(minute * 60 + rng.integers(0, 60, len(day)), np.int64)


def _lines(types: Ints, taste: Taste, rng: np.random.Generator) -> Ints:
    count = len(types)
    prescribed = 1 + _binomial_like(taste.prescription_lines - 1, count, rng)
    bought = 1 + (rng.random(count) < 0.25) + (rng.random(count) < 0.13)
    lines = np.where((types == THIRD) | (types == CASH), prescribed, bought)
    lines = np.where(
        (types == RENTAL_THIRD) | (types == RENTAL), 1 + (rng.random(count) < 0.3), lines
    )
    return np.asarray(lines, np.int64)


def _binomial_like(mean: float, count: int, rng: np.random.Generator) -> Ints:
    """Draw line counts: many short prescriptions, a tail of long ones, with the mean asked for."""
    level: Floats = rng.gamma(1.6, mean / 1.6, count)
    return rng.poisson(level).clip(0, 13).astype(np.int64)
