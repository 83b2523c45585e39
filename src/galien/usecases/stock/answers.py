"""What suppliers last answered a pharmacy, and what an order must come to before it is worth sending."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from statistics import median

from galien.kernel import french
from galien.usecases.stock.flows import Bought

WHOLESALER = "wholesaler"
LATELY, RECENT = dt.timedelta(days=30), dt.timedelta(days=365)
PART = 0.25  # of a usual delivery, under which nobody sends an order
FEW, FEWEST = 100.0, 50.0  # euros under which nobody does: usually, and where deliveries are small
NEAR = 0.5  # of what an order must come to, from which it will soon
LATE = 2.0  # usual gaps between two deliveries, after which a small order goes all the same


@dataclass(frozen=True)
class Least:
    """What an order to a supplier must come to, in euros excl. tax, and what tells so.

    `habit` is what a delivery usually comes to; `last` the day of the last one; `gap` the days that
    usually part two of them (0: there was one only).
    """

    amount: float
    habit: float
    last: dt.date
    gap: float

    def late(self, on: dt.date) -> bool:
        """Tell whether so long went by since the last delivery that a small order is sent too."""
        return self.gap > 0 and (on - self.last).days > LATE * self.gap

    def far(self, amount: float) -> bool:
        """Tell whether an order is so far from being sent that its prices are not to be counted on."""
        return amount < NEAR * self.amount

    def sentence(self) -> str:
        """Say from what amount an order is sent (« on l'envoie dès 673 €, une livraison en faisant … »)."""
        said = f"on l’envoie dès {french.amount(self.amount, 0)}"
        if self.habit <= self.amount:
            return said
        return f"{said}, une livraison faisant d’ordinaire {french.amount(self.habit, 0)}"


@dataclass(frozen=True)
class Answers:
    """What suppliers answer.

    `refused`: by product, the suppliers that sent none of it when last asked, within a month, and that
    day. `least`: what an order must come to, for suppliers that are not wholesalers. `wholesalers`: those
    that delivered within a month, the one most bought from first.
    """

    refused: Mapping[str, Mapping[str, dt.date]] = field(default_factory=dict)
    least: Mapping[str, Least] = field(default_factory=dict)
    wholesalers: tuple[str, ...] = ()


def answers(bought: Iterable[Bought], on: dt.date) -> Answers:
    """Read what suppliers answered over the year before a day, from lines in order of day."""
    last: dict[str, dict[str, Bought]] = defaultdict(dict)
    days: dict[str, dict[dt.date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    bulk: dict[str, Decimal] = defaultdict(Decimal)
    for line in bought:
        if line.day < on - RECENT or not line.supplier:
            continue
        last[line.product_code][line.supplier] = line
        if line.channel != WHOLESALER:
            days[line.supplier][line.day] += line.net_amount
        elif line.day > on - LATELY:
            bulk[line.supplier] += line.net_amount
    refused = {
        code: none
        for code, lines in last.items()
        if (none := {name: each.day for name, each in lines.items() if _refused(each, on)})
    }
    least = {name: _least(each) for name, each in days.items()}
    return Answers(refused, least, tuple(sorted(bulk, key=lambda name: (-bulk[name], name))))


def _refused(line: Bought, on: dt.date) -> bool:
    """Tell whether a line, the last of a product and a supplier, is a demand of this month left unserved."""
    return line.ordered > 0 and line.delivered + line.free == 0 and line.day > on - LATELY


def _least(deliveries: Mapping[dt.date, Decimal]) -> Least:
    """Return what an order must come to, from what deliveries came to.

    Equation: the highest of a quarter of the median delivery m, of min(m, 100 €), and of 50 €.

    >>> day = dt.date(2026, 1, 1)
    >>> [_least({day: Decimal(n)}).amount for n in (1000, 200, 60, 12)]
    [250.0, 100.0, 60.0, 50.0]
    """
    habit = max(0.0, float(median(deliveries.values())))
    gaps = [(after - before).days for before, after in pairwise(sorted(deliveries))]
    amount = max(PART * habit, min(habit, FEW), FEWEST)
    return Least(amount, habit, max(deliveries), float(median(gaps)) if gaps else 0.0)
