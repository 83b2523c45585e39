"""Galien itself: the question through the one door, its answers forgotten each time."""

from __future__ import annotations

from dataclasses import dataclass

from bench.cases import Case
from bench.contenders.base import Bounds, Rows, common_form
from galien.analytics.answer import Answer
from galien.usecases.ask import ask
from galien.usecases.services import Services
from galien.usecases.viewer import Viewer


@dataclass(frozen=True)
class Galien:
    """`ask()`; the services it is given keep no answer."""

    services: Services
    viewer: Viewer
    bounds: Bounds
    name: str = "ask()"

    def run(self, case: Case) -> Answer:
        """Ask the question."""
        codes = tuple(self.bounds.codes[number] for number in self.bounds.ids)
        return ask(case.question(self.bounds.group, codes), self.viewer, services=self.services)

    def rows(self, case: Case, result: object) -> Rows:
        """Return the answer in the common form."""
        assert isinstance(result, Answer)
        names = [case.dimension, *_figures(case)]
        columns = [result.table.column(name).to_pylist() for name in names]
        return common_form(case, zip(*columns, strict=True), self.bounds, whole=False)


def _figures(case: Case) -> list[str]:
    measures, rate = case.subject.measures, case.subject.rate
    suffixed = [f"{name}{suffix}" for suffix in ("_previous", "_change") for name in measures]
    return [*measures, *suffixed, rate, f"{rate}_previous"]
