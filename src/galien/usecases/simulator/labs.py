"""The labs to sign with, in any number: at once to a known gap, then proved, each clause weighed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from galien.calculators.discounts.optimum.answer import Optimum, Part, optimise
from galien.calculators.discounts.optimum.rules import ZERO, Rules
from galien.calculators.discounts.optimum.sensitivity import Clause, Effort, Entry, clauses, entries
from galien.kernel.errors import InvalidInput
from galien.usecases.simulator.asked import Asked
from galien.usecases.simulator.ground import Ground, rules_of

# What is answered at once: couples of a product and a lab, sets of labs looked at, gap allowed.
AT_ONCE, ROUNDS, GAP = 15_000, 1, 0.005
PROVED = 0.001


@dataclass(frozen=True)
class Study:
    """A choice proved to the gap, what each clause is worth, what each lab left out must add."""

    optimum: Optimum
    clauses: tuple[Clause, ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Chosen:
    """The labs to sign with on these purchases. `study` is None until the long work was done."""

    ground: Ground
    asked: Asked
    rules: Rules
    optimum: Optimum
    study: Study | None = None

    @property
    def gain(self) -> Decimal:
        """Return what the choice brings beside today, in euros of the period, costs taken off."""
        return self.optimum.best.total - self.ground.today

    @cached_property
    def given(self) -> Mapping[str, str | None]:
        """Return the lab of each equivalence, None for the remainder."""
        return {each.equivalence: each.lab for each in self.optimum.assignment}

    @cached_property
    def rates(self) -> Mapping[str, Decimal]:
        """Return the rate each equivalence is given, its tier with it."""
        return {each.equivalence: each.rate for each in self.optimum.assignment}

    @property
    def proved(self) -> bool:
        """Tell whether no other choice can do better by more than a thousandth."""
        return self.optimum.best.gap <= Decimal(str(PROVED))

    def part(self, lab: str) -> Part | None:
        """Return what a lab is given; None when it is not chosen."""
        return next((each for each in self.optimum.parts if each.lab == lab), None)


def light(ground: Ground) -> bool:
    """Tell whether a choice can be answered at once."""
    return len(ground.offers) <= AT_ONCE


def choose(ground: Ground, asked: Asked, study: Study | None = None) -> Chosen:
    """Choose the labs; from a study already made when there is one.

    Raises InvalidInput when the rules contradict each other, or when nothing is offered.
    """
    rules = _rules(ground, asked)
    if study is not None:
        return Chosen(ground, asked, rules, study.optimum, study)
    found = optimise(ground.bought, ground.offers, rules, tolerance=GAP, rounds=ROUNDS)
    return Chosen(ground, asked, rules, found)


def study_of(ground: Ground, asked: Asked, told: Callable[[float, str], None]) -> Study:
    """Prove the choice, then weigh each clause and each lab left out; `told` is given the progress.

    Clauses and labs left out are weighed to the gap of a choice answered at once.
    """
    rules = _rules(ground, asked)
    told(0.02, "Choix des laboratoires")
    found = optimise(ground.bought, ground.offers, rules, tolerance=PROVED)
    near = Effort(GAP, ROUNDS, lambda done, _: told(0.2 + 0.3 * done, "Ce que vaut chaque clause"))
    worth = clauses(ground.bought, ground.offers, rules, found.best, near)
    each = replace(
        near, told=lambda done, lab: told(0.5 + 0.5 * done, f"Ce que {lab} devrait offrir")
    )
    absent = entries(ground.bought, ground.offers, rules, found.best, each)
    return Study(found, worth, absent)


def digest(ground: Ground, asked: Asked) -> str:
    """Return a short name of a choice: the same as long as purchases, offers and rules are."""
    told = (ground.fingerprint, rules_of(ground, asked))
    return hashlib.sha256(_stable(told).encode()).hexdigest()[:24]


def _stable(told: tuple[str, Rules]) -> str:
    fingerprint, rules = told
    parts = [
        f"{name}={sorted(value.items()) if isinstance(value, Mapping) else value!r}"
        for name, value in vars(rules).items()
    ]
    return "\n".join([fingerprint, *parts])


def _rules(ground: Ground, asked: Asked) -> Rules:
    if not ground.offers:
        raise InvalidInput(
            "Aucun laboratoire n’a d’offre sur ce qui est acheté : enregistrez des offres dans Achats, "
            "Contrats."
        )
    strangers = sorted({*asked.excluded, *asked.imposed} - set(ground.names))
    if strangers:
        raise InvalidInput(
            f"« {strangers[0]} » n’offre rien sur ces achats : retirez-le des laboratoires imposés ou "
            "écartés."
        )
    return rules_of(ground, asked)


def left_out(chosen: Chosen) -> tuple[str, ...]:
    """Return the labs that offer something and are not chosen, in order of name."""
    return tuple(lab for lab in chosen.ground.names if lab not in chosen.optimum.best.labs)


def switched(chosen: Chosen) -> int:
    """Return how many products change lab."""
    today = {each.equivalence: each.lab for each in chosen.ground.bought}
    return sum(lab is not None and lab != today[key] for key, lab in chosen.given.items())


def costs(chosen: Chosen) -> Decimal:
    """Return what the choice costs: labs taken and products switched, in euros."""
    labs = sum((chosen.rules.lab(lab).cost for lab in chosen.optimum.best.labs), ZERO)
    return labs + chosen.rules.switching_cost * switched(chosen)


def largest_first(chosen: Chosen) -> tuple[str, ...]:
    """Return the labs chosen, those that most is bought of first."""
    parts = sorted(chosen.optimum.parts, key=lambda each: (-each.list_amount, each.lab))
    return tuple(each.lab for each in parts)
