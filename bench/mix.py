"""The questions of many people: drawn at random from the keys, periods, filters and rights they have."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from galien.analytics.question import Filter, Question
from galien.usecases.ask import ask
from galien.usecases.services import Services
from galien.usecases.viewer import WORKSPACE_VIEWER, Grant, Viewer

_PERIODS = ("last-12-months", "last-12-months", "last-month", "year-to-date")
_SALES = ("universe_1", "family_2", "lab", "brand", "product", "month", "pharmacy")
_PURCHASES = ("lab", "family_2", "supplier", "month", "product_type", "pharmacy")
_TOP = 1000


@dataclass(frozen=True)
class Asked:
    """A question and who asks it."""

    question: Question
    viewer: Viewer


@dataclass(frozen=True)
class Mix:
    """What questions are drawn from. `rights` are the numbers of pharmacies some viewers may see."""

    codes: tuple[str, ...]
    labs: tuple[str, ...]
    rights: tuple[int, ...] = (1, 10)
    subjects: tuple[str, ...] = ("sales", "sales", "purchases")
    periods: tuple[str, ...] = _PERIODS

    def draw(self, count: int, seed: int) -> list[Asked]:
        """Draw questions: three quarters by people who see the whole group, half without a filter."""
        chance = random.Random(seed)
        return [self._one(chance) for _ in range(count)]

    def _one(self, chance: random.Random) -> Asked:
        subject = chance.choice(self.subjects)
        key = chance.choice(_SALES if subject == "sales" else _PURCHASES)
        viewer = WORKSPACE_VIEWER
        if chance.random() < 0.25:
            mine = chance.sample(self.codes, min(chance.choice(self.rights), len(self.codes)))
            viewer = Viewer("bench", "bench", "owner", tuple(Grant(code) for code in mine))
        where: tuple[Filter, ...] = ()
        filtered = chance.random()
        if filtered < 0.3 and self.labs:
            where = (Filter("lab", (chance.choice(self.labs),)),)
        elif filtered < 0.5 and viewer is WORKSPACE_VIEWER:
            kept = chance.sample(self.codes, min(10, len(self.codes)))
            where = (Filter("pharmacy", tuple(kept)),)
        question = Question(
            subject=subject,
            by=(key,),
            period=chance.choice(self.periods),
            where=where,
            top=_TOP if key == "product" else None,
        )
        return Asked(question, viewer)


def closed_loop(services: Services, per_user: Sequence[Sequence[Asked]]) -> list[float]:
    """Have each user ask his questions one after the other, all users at once.

    Returns the milliseconds of every question; an error of one stops the measure.
    """
    start = threading.Barrier(len(per_user))

    def live(mine: Sequence[Asked]) -> list[float]:
        start.wait()
        taken = []
        for each in mine:
            began = time.perf_counter()
            ask(each.question, each.viewer, services=services)
            taken.append((time.perf_counter() - began) * 1000)
        return taken

    with ThreadPoolExecutor(len(per_user)) as users:
        return [each for taken in users.map(live, per_user) for each in taken]
