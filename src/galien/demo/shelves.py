"""The shelves of one pharmacy: boxes on hand and on order, weighted cost, what was bought."""

from __future__ import annotations

import numpy as np

from galien.demo.catalogue import Catalogue
from galien.demo.public import Bools, Floats, Ints
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
        self.share = np.ones(len(catalogue))  # of an order, delivered: less while a product lacks

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
        """Put on the shelf what comes of the boxes asked, at the price of the day; free ones dilute cost."""
        if not len(product):
            return
        came = np.floor(boxes * self.share[product]).astype(np.int64)
        price = quote(self.catalogue, self.terms, day=day, product=product, channel=channel)
        every = self.terms.free_every[product]
        extra = np.where((every > 0) & (channel == DIRECT), came // np.maximum(every, 1), 0)
        held = self.stock[product].clip(0)
        total = held + came + extra
        worth = self.cost[product] * held + price.net * came
        self.cost[product] = np.where(total > 0, worth / np.maximum(total, 1), self.cost[product])
        self.stock[product] += came + extra
        self.bought.append(
            (
                np.full(len(product), day),
                product,
                channel,
                boxes,
                came,
                extra,
                price.list,
                price.net,
            )
        )

    def served(self, product: Ints, quantity: Ints) -> Bools:
        """Say which lines of a day can be sold: of what lacks, only while boxes are left."""
        kept = np.ones(len(product), bool)
        left: dict[int, int] = {}
        for line in np.flatnonzero((self.share[product] < 1) & (quantity > 0)).tolist():
            rank = int(product[line])
            there = left.setdefault(rank, int(self.stock[rank]))
            kept[line] = quantity[line] <= there
            left[rank] -= int(quantity[line]) * int(kept[line])
        return kept

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
