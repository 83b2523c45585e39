"""A question as people ask it: measures by dimensions, over a period, compared, filtered."""

from __future__ import annotations

from dataclasses import dataclass

UNKNOWN = "null"
OTHER = "other"


@dataclass(frozen=True)
class Filter:
    """Keep (or exclude) the rows of a dimension having one of these keys; `null` is the unknown."""

    dimension: str
    values: tuple[str, ...]
    exclude: bool = False


@dataclass(frozen=True)
class Question:
    """What is asked. Empty `measures` means all those of the subject, empty `by` the total alone."""

    subject: str
    measures: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    period: str = "last-12-months"
    compare: str = "previous-year"
    where: tuple[Filter, ...] = ()
    level: str = "invoice"
    order: str | None = None
    top: int | None = None
    constant_scope: bool = False
