"""Whom each line goes to, once suppliers that send nothing and orders too small to be sent are set aside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from galien.calculators.stock.arrays import Floats
from galien.calculators.stock.orders.levels import whole_up
from galien.calculators.stock.orders.proposal import Proposal, propose
from galien.kernel import french
from galien.usecases.stock.answers import Least
from galien.usecases.stock.orderable import Sight, Under, shelf_of
from galien.usecases.stock.shared_lines import Shared, settled, share
from galien.usecases.stock.sources import Source, sources_of, wholesaler_of

ROUNDS = 4  # lines that leave a small order may make another one small


@dataclass(frozen=True)
class Placed:
    """Lines and their suppliers: the proposal, who could deliver each of its rows, and the split.

    `known` are the suppliers that sold each row's product, did not refuse it since, and may be sent an order
    soon; `notes` say by product who was set aside for it, and why.
    """

    sight: Sight
    final: Proposal
    sources: Sequence[tuple[Source, ...]]
    split: Shared | None
    known: Mapping[str, tuple[Source, ...]] = field(default_factory=dict)
    notes: Mapping[str, list[str]] = field(default_factory=dict)

    def cheapest(self, code: str) -> Source | None:
        """Return the cheapest of those known to sell a product; None without any."""
        every = self.known.get(code, ())
        return min(every, key=lambda each: (each.unit(1), each.supplier), default=None)

    def amount(self, supplier: str) -> float:
        """Return what the order to a supplier comes to, in euros; 0 without one."""
        if self.split is None or supplier not in self.split.names:
            return 0.0
        return float(self.split.supplied.split.amounts[self.split.names.index(supplier)])

    def of(self, suppliers: Iterable[str]) -> dict[str, tuple[int, int]]:
        """Return the lines that some suppliers have, by product: place in the split and row."""
        if self.split is None:
            return {}
        wanted, names = set(suppliers), self.split.names
        codes, chosen = self.sight.codes(), self.split.supplied.split.supplier
        return {
            codes[row]: (place, int(row))
            for place, row in enumerate(self.final.lines)
            if chosen[place] >= 0 and names[chosen[place]] in wanted
        }


@dataclass(frozen=True)
class Waiting:
    """A line that waits for its supplier's order to be worth sending, which it is from `least` euros.

    It is at `place` in the split of `placed` and at `row` of its rows; `note` is what is told of it.
    """

    placed: Placed
    split: Shared
    place: int
    row: int
    least: float
    note: str


def place_lines(sight: Sight, under: Under) -> tuple[Placed, tuple[Waiting, ...]]:
    """Give each row of a sight to who delivers it at the least cost, and name the lines that wait.

    A supplier that sent none of a product when last asked, within a month, is left out for it while
    another can deliver. An order below what is worth sending (`answers.Least`) is not made: its lines go to
    the next supplier, to a wholesaler for medicines, or wait.
    """
    codes = sight.codes()
    others = [wholesaler_of(sight.products[code], sight.trade) for code in codes]
    known, notes = _answering(sight)
    left = [
        each or ((other,) if other is not None and notes.get(code) else ())
        for code, each, other in zip(codes, known, others, strict=True)
    ]
    for row, code in enumerate(codes):
        if not left[row]:  # Nobody else has it: those that refused are asked again.
            left[row] = sources_of(sight.products[code], sight.trade, sight.on)
            notes.pop(code, None)
    placer = _Placer(
        under, dict(zip(codes, known, strict=True)), dict(zip(codes, others, strict=True))
    )
    found = placer.settled(sight, placer.in_time(sight, left))
    before: list[tuple[Placed, dict[str, tuple[Least, float]]]] = []
    closed: set[str] = set()
    for _ in range(ROUNDS):
        small = placer.small(found)
        if not small:
            break
        before.append((found, small))
        closed |= set(small)
        placer = placer.leaving(
            {name for name, (least, amount) in small.items() if least.far(amount)}
        )
        for code, told in _told(found, small).items():
            notes[code].append(told)
        found = placer.settled(*placer.without(found, closed))
    lines = {found.sight.codes()[row] for row in found.final.lines}
    return replace(found, notes=notes), _waiting(before, lines)


def _answering(sight: Sight) -> tuple[list[tuple[Source, ...]], dict[str, list[str]]]:
    """Return who sold each row and did not refuse it lately, and what is said of those that did."""
    kept: list[tuple[Source, ...]] = []
    notes: dict[str, list[str]] = defaultdict(list)
    for code in sight.codes():
        every = sources_of(sight.products[code], sight.trade, sight.on)
        refused = sight.trade.answers.refused.get(code, {})
        kept.append(tuple(each for each in every if each.supplier not in refused))
        notes[code] += [
            f"{each.supplier} écarté : rien reçu quand on le lui a demandé le "
            f"{french.day(refused[each.supplier])}."
            for each in every
            if each.supplier in refused
        ]
    return kept, notes


@dataclass(frozen=True)
class _Placer:
    """What lines are placed with: what is ordered already, who sold each product, who else may have it."""

    under: Under
    known: Mapping[str, tuple[Source, ...]]
    others: Mapping[str, Source | None]

    def leaving(self, far: set[str]) -> _Placer:
        """Return the same without the prices of suppliers whose orders are far from being sent."""
        known = {
            code: tuple(each for each in every if each.supplier not in far)
            for code, every in self.known.items()
        }
        return replace(self, known=known)

    def in_time(
        self, sight: Sight, sources: Sequence[tuple[Source, ...]]
    ) -> list[tuple[Source, ...]]:
        """Add a wholesaler where stock runs out before anybody that sold the product can deliver it."""
        first = propose(shelf_of(sight, self.under, sources))
        demand, there = first.shelf.demand, np.maximum(first.position, 0.0)
        cover = np.divide(there, demand, out=np.full(len(demand), np.inf), where=demand > 0)
        found = list(sources)
        for row, code in enumerate(sight.codes()):
            other, known = self.others[code], sources[row]
            fastest = min((sight.trade.rhythm(each.supplier).lead for each in known), default=0.0)
            if other is None or other in known or cover[row] >= fastest:
                continue
            if sight.trade.rhythm(other.supplier).lead < fastest:
                found[row] = (*known, other)
        return found

    def settled(self, sight: Sight, sources: Sequence[tuple[Source, ...]]) -> Placed:
        """Propose and share the lines, thresholds and quantities being those of who delivers each."""
        shelf = shelf_of(
            sight,
            self.under,
            settled(sight, propose(shelf_of(sight, self.under, sources)), sources),
        )
        final = propose(shelf)
        found = Placed(sight, final, sources, share(sight, final, sources), self.known)
        bridges = _bridges(found)
        if not bridges.any():
            return found
        final = propose(replace(shelf, bridge=bridges))
        return Placed(sight, final, sources, share(sight, final, sources), self.known)

    def without(self, found: Placed, closed: set[str]) -> tuple[Sight, list[tuple[Source, ...]]]:
        """Return the rows and who is left to deliver them; those that nobody is left for are taken out."""
        rows, left = [], []
        for row, (code, every) in enumerate(zip(found.sight.codes(), found.sources, strict=True)):
            some = tuple(each for each in every if each.supplier not in closed)
            other = self.others[code]
            if every and not some and other is not None:
                some = (other,)
            if some or not every:
                rows.append(row)
                left.append(some)
        return replace(found.sight, place=found.sight.place[rows]), left

    def small(self, found: Placed) -> dict[str, tuple[Least, float]]:
        """Return the suppliers whose order is not worth sending yet: what it must come to, what it does.

        A small order goes all the same when the last delivery is old and a shelf is empty that nobody else
        can fill.
        """
        if found.split is None:
            return {}
        names, amounts = found.split.names, found.split.supplied.split.amounts
        asked = found.sight.trade.answers.least
        return {
            name: (least, float(amount))
            for name, amount in zip(names, amounts, strict=True)
            if amount > 0
            and (least := asked.get(name)) is not None
            and amount < least.amount
            and not (least.late(found.sight.on) and self._stuck(found, name))
        }

    def _stuck(self, found: Placed, supplier: str) -> bool:
        return any(
            found.final.position[row] <= 0
            and len(found.sources[row]) == 1
            and self.others[code] is None
            for code, (_, row) in found.of([supplier]).items()
        )


def _bridges(found: Placed) -> Floats:
    """Tell (1 or 0) the rows of which the need alone is bought, as somebody else sells the rest for less.

    Rule: what the units beyond the need would save at the cheapest supplier of the year is more than the
    line that it takes to order them there.
    """
    final, split = found.final, found.split
    bridges = np.zeros(len(final.shelf))
    if split is None:
        return bridges
    codes, chosen = found.sight.codes(), split.supplied.split.supplier
    need = whole_up(final.need, final.shelf.multiple)
    for at, row in enumerate(final.lines):
        cheapest = found.cheapest(codes[row])
        if cheapest is not None and chosen[at] >= 0:
            gap = float(split.prices[at, chosen[at]]) - cheapest.unit(1)
            more = float(final.quantity[row] - need[row])
            bridges[row] = float(more * gap > final.settings.costs.line)
    return bridges


def _told(found: Placed, small: Mapping[str, tuple[Least, float]]) -> dict[str, str]:
    """Say, of each line of a small order, why it does not go to that supplier."""
    said = {}
    for name, (least, amount) in small.items():
        for code in found.of([name]):
            said[code] = (
                f"{name} écarté : la commande n’y ferait que {french.amount(amount)} en tout, et "
                f"{least.sentence()}."
            )
    return said


def _waiting(
    before: Sequence[tuple[Placed, Mapping[str, tuple[Least, float]]]], lines: set[str]
) -> tuple[Waiting, ...]:
    """Return the lines of small orders that nobody else is asked for today."""
    found: dict[str, Waiting] = {}
    for placed, small in before:
        if placed.split is None:
            continue
        names = {code: name for name in small for code in placed.of([name])}
        for code, (at, row) in placed.of(small).items():
            if code not in lines and code not in found:
                least, amount = small[names[code]]
                note = _wait(placed, row, least, amount)
                found[code] = Waiting(placed, placed.split, at, row, least.amount, note)
    return tuple(found.values())


def _wait(placed: Placed, row: int, least: Least, amount: float) -> str:
    """Say what a line waits for, and for how long the stock lasts."""
    demand, there = placed.final.shelf.demand[row], max(0.0, float(placed.final.position[row]))
    days = there / demand if demand > 0 else 0.0
    lasts = f" Le stock tient encore {french.number(days)} jours." if days >= 2 else ""
    return (
        f"En attente : la commande ne ferait que {french.amount(amount)} en tout, et "
        f"{least.sentence()}.{lasts}"
    )
