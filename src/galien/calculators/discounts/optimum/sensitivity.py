"""What each clause is worth, and what a lab left out would have to add to its offers to enter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal

from galien.calculators.discounts.market import Offer
from galien.calculators.discounts.optimum.answer import Found, best_total, given_to
from galien.calculators.discounts.optimum.choices import Choice
from galien.calculators.discounts.optimum.problem import Bought, Problem
from galien.calculators.discounts.optimum.rules import ZERO, LabRules, Rules
from galien.calculators.discounts.optimum.search import ROUNDS

STEPS = 12
POINT = Decimal("0.0001")
ONE = Decimal(1)
TENTH = Decimal("0.001")
Told = Callable[[float, str], None]
Solved = tuple[Found, Choice, Problem]


def _quiet(_done: float, _what: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Effort:
    """How hard each problem is solved (as for the choice itself), and who is told how far the work is."""

    tolerance: float | None = None
    rounds: int = ROUNDS
    told: Told = _quiet

    def solve(
        self, bought: Sequence[Bought], offers: Sequence[Offer], rules: Rules
    ) -> Solved | None:
        """Return the best set found; None when no set is allowed."""
        return best_total(bought, offers, rules, tolerance=self.tolerance, rounds=self.rounds)


@dataclass(frozen=True)
class Clause:
    """A clause of the rules: its key, the best set without it, and what lifting it would bring."""

    key: str
    without: Found
    worth: Decimal


@dataclass(frozen=True)
class Entry:
    """A lab left out: the rate it must add to all its offers to be taken, None when none would do."""

    lab: str
    rate: Decimal | None


def clauses(
    bought: Sequence[Bought],
    offers: Sequence[Offer],
    rules: Rules,
    best: Found,
    effort: Effort | None = None,
) -> tuple[Clause, ...]:
    """Solve again without each clause in turn; the dearest first.

    The worth of a clause is the total without it less the total with it: what a negotiation that
    lifts it is worth in euros. Both totals are exact; each set is best to its own gap. The choice stays
    allowed without the clause, unless it is a tier that it enjoys: a clause is never worth less than
    nothing.
    """
    effort = effort or Effort()
    found = []
    every = tuple(without_each(rules))
    for place, (key, lifted) in enumerate(every):
        effort.told(place / len(every), key)
        solved = effort.solve(bought, offers, lifted)
        if solved is not None:
            worth = solved[0].total - best.total
            if worth < 0 and not key.endswith(".tiers"):
                solved, worth = (best, *solved[1:]), ZERO
            found.append(Clause(key, solved[0], worth))
    return tuple(sorted(found, key=lambda clause: (-clause.worth, clause.key)))


def without_each(rules: Rules) -> Iterator[tuple[str, Rules]]:
    """Yield each clause that is set, by its key in the file, and the rules without it.

    >>> [key for key, _ in without_each(Rules(maximum_labs=2, labs={"Zeta": LabRules(never=True)}))]
    ['maximum_labs', 'labs.Zeta.never']
    """
    free = Rules()
    for name in ("maximum_labs", "minimum_service", "switching_cost", "keep", "ceilings"):
        if getattr(rules, name) != getattr(free, name):
            yield name, replace(rules, **{name: getattr(free, name)})
    if rules.switching_costs:
        yield "switching_costs", replace(rules, switching_costs={})
    for i, group in enumerate(rules.exclusive):
        left = rules.exclusive[:i] + rules.exclusive[i + 1 :]
        yield f"exclusive: {', '.join(sorted(group))}", replace(rules, exclusive=left)
    for lab, asked in rules.labs.items():
        for name in vars(LabRules()):
            asks = getattr(LabRules(), name)
            if name != "service" and getattr(asked, name) != asks:
                lifted = replace(asked, **{name: asks})
                yield f"labs.{lab}.{name}", replace(rules, labs={**rules.labs, lab: lifted})


def entries(
    bought: Sequence[Bought],
    offers: Sequence[Offer],
    rules: Rules,
    best: Found,
    effort: Effort | None = None,
) -> tuple[Entry, ...]:
    """Find, for each lab left out, the rate to add to all its offers that makes it worth taking.

    Without ceilings the best total is convex in that rate, being the highest of totals linear in it:
    from a rate that is too high, the tangent's root comes down to the one sought and never under it
    (Newton). A ceiling bends totals the other way: the rate is then halved in on, to a tenth of a
    percent. At the rate, rounded up, the lab is at least as good as being left out.
    """
    effort = effort or Effort()
    labs = sorted({each.lab for each in offers} - set(best.labs))
    open_ = [
        lab
        for lab in labs
        if not rules.lab(lab).never and rules.lab(lab).service >= rules.minimum_service
    ]
    found = []
    for place, lab in enumerate(open_):
        effort.told(place / len(open_), lab)
        taken = replace(rules.lab(lab), always=True)
        asked = replace(rules, labs={**rules.labs, lab: taken}) if rules.ceilings else rules

        def solve(rate: Decimal, lab: str = lab, asked: Rules = asked) -> Solved | None:
            return effort.solve(bought, _raised(offers, lab, rate), asked)

        search = _by_halves if rules.ceilings else _by_tangents
        found.append(Entry(lab, search(lab, best, solve)))
    return tuple(found)


def _by_tangents(
    lab: str, best: Found, solve: Callable[[Decimal], Solved | None]
) -> Decimal | None:
    rate, found = ONE, None
    for _ in range(STEPS):
        solved = solve(rate)
        if solved is None or lab not in solved[0].labs:
            break
        over = (solved[0].total - best.total) / given_to(solved[2], solved[1], lab)
        found = rate = max(rate - over, ZERO)
        if over < POINT:
            break
    return None if found is None else min(found, ONE).quantize(POINT, rounding=ROUND_CEILING)


def _by_halves(lab: str, best: Found, solve: Callable[[Decimal], Solved | None]) -> Decimal | None:
    def enters(rate: Decimal) -> bool:
        solved = solve(rate)
        if solved is None or solved[0].total < best.total:
            return False
        return bool((solved[1] == solved[2].place[lab]).any())

    if not enters(ONE):
        return None
    low, high = ZERO, ONE
    while high - low > TENTH:
        middle = (low + high) / 2
        low, high = (low, middle) if enters(middle) else (middle, high)
    return high.quantize(POINT, rounding=ROUND_CEILING)


def _raised(offers: Sequence[Offer], lab: str, rate: Decimal) -> list[Offer]:
    return [
        replace(each, discount_rate=each.discount_rate + rate) if each.lab == lab else each
        for each in offers
    ]
