"""Boxes sold or bought, by what the reader wants and by product, as whole-number arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from galien.analytics.answer import Answer
from galien.analytics.question import Filter, Question
from galien.kernel.period import Period
from galien.model.viewer import Viewer
from galien.usecases.ask import ask
from galien.usecases.services import Services

PRESCRIPTION = ("prescription_third_party", "prescription_cash")
COUNTER = ("counter",)
WHOLE = "all"


@dataclass(frozen=True)
class Asking:
    """Who asks, over which pharmacies (those of the whole period, kept for each part of it)."""

    viewer: Viewer
    services: Services
    pharmacies: tuple[str, ...]
    by: str | None = None

    def ask(
        self,
        subject: str,
        measures: tuple[str, ...],
        period: Period,
        *where: Filter,
        also: str = "",
    ) -> Answer:
        """Ask by what the reader wants, and by a second dimension when `also` names it."""
        by = tuple(name for name in (self.by, also) if name)
        kept = (*where, Filter("pharmacy", self.pharmacies)) if self.pharmacies else where
        question = Question(
            subject, measures=measures, by=by, period=period.iso(), compare="none", where=kept
        )
        return ask(question, self.viewer, services=self.services)


@dataclass(frozen=True)
class Lines:
    """Rows of an answer as arrays: the place of each row's key and product, and its figures."""

    keys: tuple[str, ...]
    labels: Mapping[str, str]
    codes: tuple[str, ...]
    group: NDArray[np.int64]
    code: NDArray[np.int64]
    figures: Mapping[str, NDArray[Any]]


def lines(answer: Answer, by: str | None, *measures: str) -> Lines:
    """Return the rows of an answer by product; without `by`, all of one group."""
    codes, code = _encoded(answer, "product")
    if by is None:
        whole: tuple[str, ...] = (WHOLE,)
        keys, group, labels = whole, np.zeros(len(code), np.int64), {WHOLE: "Total"}
    else:
        keys, group = _encoded(answer, by)
        labels = named(answer, by)
    figures = {
        name: np.asarray(answer.table.column(name).combine_chunks().to_numpy(zero_copy_only=False))
        for name in measures
    }
    return Lines(keys, labels, codes, group, code, figures)


def named(answer: Answer, by: str) -> dict[str, str]:
    """Return the label of each key of an answer."""
    rows = answer.table.select([by, f"{by}_label"]).group_by([by, f"{by}_label"]).aggregate([])
    return {str(row[by]): row[f"{by}_label"] for row in rows.to_pylist()}


def _encoded(answer: Answer, column: str) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    encoded: Any = answer.table.column(column).combine_chunks().dictionary_encode("encode")
    keys = tuple(str(key) for key in encoded.dictionary.to_pylist())
    return keys, encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
