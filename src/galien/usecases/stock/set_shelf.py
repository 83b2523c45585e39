"""Rows of an order held to what is set by hand: levels, duty stock, what must be held, known events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from galien.calculators.stock.arrays import Floats
from galien.calculators.stock.demand.events import Event, lift
from galien.calculators.stock.orders.proposal import HOSPITAL, Shelf
from galien.usecases.stock.by_hand import ByHand


@dataclass(frozen=True)
class Hands:
    """What is set by hand, and its events on the products known; `day` is that of the order."""

    by_hand: ByHand = field(default_factory=ByHand)
    events: tuple[Event, ...] = ()
    day: dt.date = dt.date.min

    def wants(self, code: str) -> bool:
        """Tell whether a product is to be looked at even when it does not sell."""
        return (
            self.by_hand.level(code, "minimum", 0) > 0
            or self.by_hand.level(code, "duty", 0) > 0
            or self.by_hand.flag(code, "must_hold", usual=False)
        )


def set_by_hand(shelf: Shelf, codes: Sequence[str], hands: Hands) -> Shelf:
    """Return rows with what is set in place of what was read, and demand moved by events to come.

    What must be held is ordered when none is left; duty stock counts on duty days and in the week before.
    """
    by_hand, events = hands.by_hand, hands.events
    if not by_hand.products and not events:
        return shelf

    def levels(name: str, usual: Floats) -> Floats:
        told = zip(codes, usual.tolist(), strict=True)
        return np.array([by_hand.level(code, name, value) for code, value in told])

    minimum = levels("minimum", shelf.minimum)
    must = np.array([by_hand.flag(code, "must_hold", usual=False) for code in codes])
    held = [
        by_hand.flag(code, "must_hold", usual=usual > 0 or least >= 0)
        for code, usual, least in zip(codes, shelf.held, minimum, strict=True)
    ]
    apart = [
        float(HOSPITAL) if by_hand.flag(code, "hospital", usual=kind == HOSPITAL)
        else kind if kind != HOSPITAL else 0.0
        for code, kind in zip(codes, shelf.apart.tolist(), strict=True)
    ]  # fmt: skip
    duty = levels("duty", shelf.duty) * float(by_hand.on_duty(hands.day))
    return replace(
        shelf,
        demand=shelf.demand * _ahead(shelf, codes, hands),
        minimum=np.where(must, np.maximum(minimum, 0.0), minimum),
        maximum=levels("maximum", shelf.maximum),
        duty=duty,
        multiple=levels("multiple", shelf.multiple),
        held=np.array(held, dtype=np.float64),
        apart=np.array(apart, dtype=np.float64),
    )


def _ahead(shelf: Shelf, codes: Sequence[str], hands: Hands) -> Floats:
    """Return by how much events multiply demand while each product is waited for."""
    found = np.ones(len(codes))
    wait = np.maximum(1, np.ceil(shelf.lead + shelf.review)).astype(np.int64)
    for days in np.unique(wait) if hands.events else ():
        rows = np.flatnonzero(wait == days)
        span = (hands.day, hands.day + dt.timedelta(days=int(days) - 1))
        found[rows] = lift(span, [codes[int(row)] for row in rows], (), hands.events)
    return found
