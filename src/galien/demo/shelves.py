"""The shelves of one pharmacy: boxes on hand and on order, weighted cost, what was bought."""

from __future__ import annotations

import numpy as np

from galien.demo.catalogue import Catalogue
from galien.demo.public import Floats, Ints
from galien.demo.terms import DIRECT, DISTRIBUTOR, WHOLESALER, Terms, quote

# Days between two orders to a lab or to a distributor.
CYCLE = {DIRECT: 36, DISTRIBUTOR: 14}


class Shelves:
    """The running state of the stock: boxes, weighted cost, orders under way, purchases made."""

    def __init__(self, catalogue: Catalogue, terms: Terms, opening: Ints, turn: Ints) -> None:
        """Open the stock at the given boxes and first prices; `turn` sets each supplier's order day."""
        self.catalogue, self.terms = catalogue, terms
        self.stock = opening.copy()
        everything = np.arange(len(catalogue))
        first = quote(catalogue, terms, day=0, product=everything, channel=terms.channel)
        self.cost = first.net.astype(np.float64)
        self.coming = np.zeros(len(catalogue), np.int64)
        self.pending: dict[int, list[tuple[Ints, Ints, Ints]]] = {}
        self.bought: list[tuple[Ints, ...]] = []
        self.by_turn = {way: _by_turn(terms, way, turn) for way in CYCLE}

    def order(self, due: int, product: Ints, boxes: Ints, channel: Ints) -> None:
        """Place an order to be delivered on a day."""
        self.coming[product] += boxes
        self.pending.setdefault(due, []).append((product, boxes, channel))

    def position(self, product: Ints) -> Ints:
        """Give the boxes on hand and on order."""
        return self.stock[product] + self.coming[product]

    def receive(self, day: int) -> None:
        """Take in what was due on the day."""
        for product, boxes, channel in self.pending.pop(day, []):
            self.coming[product] -= boxes
            self.deliver(day, product, boxes, channel)

    def deliver(self, day: int, product: Ints, boxes: Ints, channel: Ints) -> None:
        """Put boxes on the shelf at their price of the day; free ones come on top and dilute cost."""
        if not len(product):
            return
        price = quote(self.catalogue, self.terms, day=day, product=product, channel=channel)
        every = self.terms.free_every[product]
        extra = np.where((every > 0) & (channel == DIRECT), boxes // np.maximum(every, 1), 0)
        held = self.stock[product].clip(0)
        total = held + boxes + extra
        self.cost[product] = (self.cost[product] * held + price.net * boxes) / total
        self.stock[product] += boxes + extra
        self.bought.append(
            (
                np.full(len(product), day),
                product,
                channel,
                boxes,
                boxes,
                extra,
                price.list,
                price.net,
            )
        )

    def sell(self, day: int, product: Ints, quantity: Ints) -> Floats:
        """Take the day's sales out; what lacks comes the same day from the wholesaler's second round.

        Returns the unit cost of each line.
        """
        sold = np.bincount(product, weights=quantity, minlength=len(self.stock)).astype(np.int64)
        lacking = np.flatnonzero(sold > self.stock)
        lacking = lacking[~self.catalogue.rental[lacking]]
        need = sold[lacking] - self.stock[lacking]
        channel = np.where(self.terms.channel[lacking] == DISTRIBUTOR, DISTRIBUTOR, WHOLESALER)
        self.deliver(day, lacking, need, channel)
        self.stock -= sold
        self.stock[self.catalogue.rental] = 0
        return self.cost[product]


def _by_turn(terms: Terms, way: int, turn: Ints) -> list[Ints]:
    """List, for each day of a channel's cycle, the products whose supplier is ordered that day."""
    cycle = CYCLE[way]
    mine = np.flatnonzero(terms.channel == way)
    phase = -turn[mine] % cycle
    return [mine[phase == day] for day in range(cycle)]
