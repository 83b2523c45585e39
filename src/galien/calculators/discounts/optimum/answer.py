"""The labs to sign with, what each takes, the proof, and the best other set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal

from galien.calculators.discounts.market import Offer
from galien.calculators.discounts.optimum.choices import Choice
from galien.calculators.discounts.optimum.problem import NONE, Bought, Problem
from galien.calculators.discounts.optimum.rules import ZERO, Rules
from galien.calculators.discounts.optimum.search import ROUNDS, Search
from galien.kernel.errors import InvalidInput
from galien.kernel.money import round_amount

CENT = Decimal("0.01")
SMALL = 2_000  # couples of a product and a lab, up to which the optimum is proved without any gap
TOLERANCE = 0.001
FLOATS = 1e-9  # what the solver's sums may miss, beside the purchases


@dataclass(frozen=True)
class Assigned:
    """Where a product goes: a lab, or None for the remainder; its rate and its discount in euros."""

    equivalence: str
    lab: str | None
    list_amount: Decimal
    rate: Decimal
    discount: Decimal


@dataclass(frozen=True)
class Part:
    """What a lab is given: products, euros at list price, discount in euros, threshold met or not."""

    lab: str
    products: int
    list_amount: Decimal
    discount: Decimal
    tier_rate: Decimal
    billed_back: bool


@dataclass(frozen=True)
class Found:
    """A set of labs: its total (discounts less costs, exact), and the bound that no other passes."""

    labs: tuple[str, ...]
    total: Decimal
    bound: Decimal

    @property
    def gap(self) -> Decimal:
        """Return how far the bound stands over the total, as a ratio of the total."""
        return (self.bound - self.total) / max(abs(self.total), CENT)


@dataclass(frozen=True)
class Optimum:
    """The best set, where each product goes, what each lab is given, and the best different set."""

    best: Found
    assignment: tuple[Assigned, ...]
    parts: tuple[Part, ...]
    runner_up: Found | None


def optimise(
    bought: Sequence[Bought],
    offers: Sequence[Offer],
    rules: Rules,
    *,
    tolerance: float | None = None,
    rounds: int = ROUNDS,
) -> Optimum:
    """Find the labs and the assignment of products that gain most: total discount less costs.

    `tolerance` is the gap allowed, a ratio of the total: none by default on a small choice, 0,1 % on
    others. `rounds` (one at least) bounds how many sets of labs are looked at: with few, the answer comes
    soon, and its gap may be wider than asked. Raises InvalidInput when the rules contradict each other,
    or name what does not exist.

    >>> bought = [Bought("a", Decimal(1), Decimal(100), Decimal("0.1"))]
    >>> found = optimise(bought, [Offer("Zeta", "a", Decimal("0.3"))], Rules())
    >>> found.best.labs, str(found.best.total), found.runner_up.labs, str(found.runner_up.total)
    (('Zeta',), '30.00', (), '10.00')
    """
    problem = Problem(bought, offers, rules)
    near = _tolerance(problem) if tolerance is None else tolerance
    search = Search(problem, near, rounds=rounds)
    bound = search.run()
    if search.choice is None or search.total is None:
        raise InvalidInput(_contradiction(rules))
    other = Search(problem, near, problem.taken(search.choice), search.cuts, rounds)
    other_bound = other.run()
    second = None if other.choice is None else _found(problem, other, other_bound)
    best, choice = _found(problem, search, bound), search.choice
    if second is not None and other.choice is not None and second.total > best.total:
        # A search cut short may be overtaken by the next one: the better is the answer.
        choice = other.choice
        best, second = replace(second, bound=max(best.bound, second.total)), best
    return Optimum(
        best=best,
        assignment=tuple(_assigned(problem, choice)),
        parts=tuple(_parts(problem, choice)),
        runner_up=second,
    )


def best_total(
    bought: Sequence[Bought],
    offers: Sequence[Offer],
    rules: Rules,
    *,
    tolerance: float | None = None,
    rounds: int = ROUNDS,
) -> tuple[Found, Choice, Problem] | None:
    """Find the best set alone; None when no set is allowed by the rules."""
    problem = Problem(bought, offers, rules)
    near = _tolerance(problem) if tolerance is None else tolerance
    search = Search(problem, near, rounds=rounds)
    bound = search.run()
    if search.choice is None:
        return None
    return _found(problem, search, bound), search.choice, problem


def given_to(problem: Problem, choice: Choice, lab: str) -> Decimal:
    """Return what a choice gives a lab, in euros at list price; one at least, to divide by."""
    return max(_volumes(problem, choice).get(problem.place[lab], ZERO), Decimal(1))


def _tolerance(problem: Problem) -> float:
    return 0.0 if int(problem.covered.sum()) <= SMALL else TOLERANCE


def _found(problem: Problem, search: Search, bound: float) -> Found:
    """Return a set found; the bound is rounded outwards, never under the total."""
    if search.choice is None or search.total is None:
        raise InvalidInput(_contradiction(problem.rules))
    labs = tuple(problem.labs[j] for j in sorted(problem.taken(search.choice)))
    outwards = bound + FLOATS * float(problem.amount.sum())
    total = round_amount(search.total)
    over = Decimal(outwards).quantize(CENT, rounding=ROUND_CEILING)
    # A bound within the solver's own sums of the total is the total: nothing stands between.
    if outwards - float(search.total) <= 2 * FLOATS * float(problem.amount.sum()):
        over = total
    return Found(labs, total, max(over, total))


def _contradiction(rules: Rules) -> str:
    always = sorted(lab for lab, asked in rules.labs.items() if asked.always)
    named = f" Toujours pris : {', '.join(always)}." if always else ""
    return (
        f"Aucun ensemble de laboratoires ne respecte ces règles.{named} Assouplissez un minimum, une "
        "exclusivité, le nombre de laboratoires ou un laboratoire imposé."
    )


def _assigned(problem: Problem, choice: Choice) -> list[Assigned]:
    volumes = _volumes(problem, choice)
    found = []
    for product, j in zip(problem.bought, choice.tolist(), strict=True):
        rate = problem.kept_rate(product)
        if j != NONE:
            level = problem.level(j, volumes[j])
            rate = ZERO if level is None else problem.rate(product, level)
        lab = None if j == NONE else problem.labs[j]
        discount = round_amount(product.list_amount * rate)
        found.append(Assigned(product.equivalence, lab, product.list_amount, rate, discount))
    return found


def _volumes(problem: Problem, choice: Choice) -> dict[int, Decimal]:
    volumes = dict.fromkeys(sorted(problem.taken(choice)), ZERO)
    for product, j in zip(problem.bought, choice.tolist(), strict=True):
        if j != NONE:
            volumes[j] += product.list_amount
    return volumes


def _parts(problem: Problem, choice: Choice) -> list[Part]:
    found = []
    for j, volume in _volumes(problem, choice).items():
        level = problem.level(j, volume)
        given = [b for b, place in zip(problem.bought, choice.tolist(), strict=True) if place == j]
        rates = [ZERO if level is None else problem.rate(each, level) for each in given]
        discount = sum((b.list_amount * r for b, r in zip(given, rates, strict=True)), ZERO)
        found.append(
            Part(
                lab=problem.labs[j],
                products=len(given),
                list_amount=round_amount(volume),
                discount=round_amount(discount),
                tier_rate=ZERO if level is None else level.rate,
                billed_back=level is not None and level.billed_back,
            )
        )
    return found
