"""On which days each product was on the shelves, which of the others it was missed, which it was not kept."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from galien.calculators.stock.arrays import Flags, Floats, Integers
from galien.usecases.stock.flows import Flows

# Out of stock more than half of the time, a product is not held: it is ordered when somebody asks.
HELD_SHARE = 0.5
WHOLE_YEAR = 365
FORTNIGHT = 14  # days on shelves under which a product was passing by
OCCASIONS = 3  # days with a sale from which a product was taken up, on shelves or not
GIVEN_UP = 60  # days of absence after which a product that nobody asked suppliers for was given up


def on_shelves(found: Flows, stock: Floats) -> Flags:
    """Tell on which days boxes of each product were there, in the morning, in the evening or sold."""
    return np.asarray(stayed(stock) | (found.sold > 0) | (found.received > 0))


def stayed(stock: Floats) -> Flags:
    """Tell on which days there were boxes in the morning or in the evening."""
    morning = np.concatenate([stock[:, :1], stock[:, :-1]], axis=1)
    return np.asarray((stock > 0) | (morning > 0))


def in_stock(found: Flows, stock: Floats) -> Flags:
    """Tell on which days each product could be sold; every day for one that is not held."""
    return kept(found, on_shelves(found, stock))[0]


def kept(found: Flows, there: Flags) -> tuple[Flags, Flags]:
    """Tell the days that lack nothing (products, days), and the products usually held.

    A product that was there most of the last year, or since its first box, lacks every day it was not
    there. One that was there less is held too if the days it was missed explain it: those that follow a
    stay on the shelves (a fortnight, or three sales), when suppliers sent nothing of what they were asked,
    or when it was back, if it is to be, within 60 days. It lacks those days alone.
    """
    usual = is_usual(there)
    lacks = ~there & usual[:, None]
    refused = _refused(found)
    selling = found.asked > 0
    for row in np.flatnonzero(~usual & (there.sum(axis=1) >= FORTNIGHT)):
        missed = _missed(there[row], selling[row], refused.get(int(row), _NEVER))
        if missed.any() and is_usual(there[row, ~missed][None])[0]:
            usual[row], lacks[row] = True, missed
    return ~lacks, usual


def is_usual(there: Flags) -> Flags:
    """Tell which products are kept on shelves: a fortnight, and most days of a year or since their first box.

    >>> is_usual(np.arange(90)[None] >= np.array([[60], [80], [0]])).tolist()
    [True, False, True]
    """
    there = there[:, -WHOLE_YEAR:]
    days = there.shape[1]
    since = np.where(there.any(axis=1), days - there.argmax(axis=1), days)
    seen = there.sum(axis=1)
    return np.asarray((seen >= HELD_SHARE * since) & (seen >= min(FORTNIGHT, days)))


def passing(there: Flags, selling: Flags) -> Flags:
    """Tell the days of one product whose boxes only passed by: neither a fortnight's stay, nor three sales.

    >>> there = np.array([1, 0, 1, 1, 1, 0], dtype=bool)
    >>> passing(there, there).astype(int)
    array([1, 0, 0, 0, 0, 0])
    """
    found = there.copy()
    for start, end, real in zip(*_stays(there, selling), strict=True):
        if real:
            found[start:end] = False
    return found


_NEVER = np.zeros(0, dtype=np.int64)


def _refused(found: Flows) -> Mapping[int, Integers]:
    """Return the days on which a supplier sent none of a product it was asked for, by row."""
    place = {code: row for row, code in enumerate(found.codes)}
    days: dict[int, list[int]] = {}
    for line in found.bought:
        if line.ordered > 0 and line.delivered + line.free <= 0:
            days.setdefault(place[line.product_code], []).append((line.day - found.first).days)
    return {row: np.array(each) for row, each in days.items()}


def _missed(there: Flags, selling: Flags, refused: Integers) -> Flags:
    """Tell the days of one product on which it was missed, or not there yet."""
    starts, ends, real = _stays(there, selling)
    back = [*starts[1:], len(there)]
    found = np.zeros(len(there), dtype=bool)
    found[: starts[0]] = True
    for stay, (left, again) in enumerate(zip(ends, back, strict=True)):
        if not real[stay]:
            continue
        comes_back = again < len(there)
        asked = refused[(refused >= left) & (refused < again)]
        if asked.size:
            last = again if comes_back else min(again, int(asked.max()) + GIVEN_UP)
            found[left:last] = True
        elif again - left <= GIVEN_UP and (not comes_back or real[stay + 1]):
            found[left:again] = True
    return found


def _stays(there: Flags, selling: Flags) -> tuple[Integers, Integers, Flags]:
    """Return where the stays of one product on the shelves begin and end, and which are more than passing."""
    turns = np.flatnonzero(np.diff(np.concatenate([[False], there, [False]]).astype(np.int8)))
    starts, ends = turns[::2], turns[1::2]
    if not len(starts):
        return starts, ends, np.zeros(0, dtype=bool)
    sold = np.concatenate([[0], np.cumsum(selling)])
    return starts, ends, (ends - starts >= FORTNIGHT) | (sold[ends] - sold[starts] >= OCCASIONS)
