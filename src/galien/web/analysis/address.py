"""The state of an analysis page, wholly in its address: read from it and written back to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from galien.analytics.question import Filter, Question
from galien.kernel.errors import InvalidInput
from galien.usecases.filter_texts import read_filters
from galien.web.analysis.declared import LAST_MONTH, Analysis

FIELDS = (
    "period", "from", "to", "compare", "where", "not", "order", "top", "columns",
    "level", "constant", "empty", "chart", "trail", "format",
)  # fmt: skip
MAX_LENGTH = 200


@dataclass(frozen=True)
class State:
    """Everything a viewer chose on an analysis page, apart from which page it is.

    `usual` is the period the page opens on when its address says none.
    """

    period: str = LAST_MONTH
    compare: str = "previous-year"
    where: tuple[Filter, ...] = ()
    order: str | None = None
    top: int | None = None
    columns: tuple[str, ...] = ()
    level: str = "invoice"
    constant: bool = False
    empty: bool = False
    chart: str = ""
    trail: tuple[str, ...] = ()
    usual: str = LAST_MONTH

    def pairs(self) -> list[tuple[str, str]]:
        """Return the address parameters, in a fixed order, defaults left out.

        The period is left out only where every page would read the same one again.
        """
        plain = State()
        found: list[tuple[str, str]] = []
        if (self.period, self.usual) != (LAST_MONTH, LAST_MONTH):
            found.append(("period", self.period))
        for name in ("compare", "order", "top", "level", "chart"):
            value = getattr(self, name)
            if value != getattr(plain, name):
                found.append((name, str(value)))
        for each in self.where:
            field = "not" if each.exclude else "where"
            found.extend((field, f"{each.dimension}={value}") for value in each.values)
        found.extend(("columns", name) for name in self.columns)
        found.extend((name, "1") for name in ("constant", "empty") if getattr(self, name))
        found.extend(("trail", step) for step in self.trail)
        return found

    def query(self) -> str:
        """Return the address parameters as text, with its `?`, empty for the plain page."""
        pairs = self.pairs()
        return f"?{urlencode(pairs)}" if pairs else ""

    def with_filter(self, dimension: str, value: str, *, exclude: bool = False) -> State:
        """Return the state narrowed to (or without) one more value of a dimension."""
        kept = tuple(f for f in self.where if f.dimension != dimension or f.exclude != exclude)
        same = [f for f in self.where if f.dimension == dimension and f.exclude == exclude]
        before = same[0].values if same and exclude else ()
        values = (*before, value) if value not in before else before
        return replace(self, where=(*kept, Filter(dimension, values, exclude)))

    def without_filter(self, dimension: str, *, exclude: bool = False) -> State:
        """Return the state without the filter on a dimension."""
        kept = tuple(f for f in self.where if f.dimension != dimension or f.exclude != exclude)
        return replace(self, where=kept)

    def chosen(self, dimension: str) -> tuple[str, ...]:
        """Return the values of a dimension that the state keeps."""
        return tuple(
            value
            for each in self.where
            if each.dimension == dimension and not each.exclude
            for value in each.values
        )

    def question(self, analysis: Analysis) -> Question:
        """Return the question that this state of the page asks."""
        return Question(
            subject=analysis.subject,
            measures=analysis.measures,
            by=analysis.by,
            period=self.period,
            compare=self.compare,
            where=self.where,
            level=self.level,
            order=self.order or analysis.order,
            top=self.top or analysis.top,
            constant_scope=self.constant,
        )


def read_state(parameters: Mapping[str, Sequence[str]], usual: str = LAST_MONTH) -> State:
    """Read a state from address parameters (each name with its list of values).

    `usual` is the period of the page when its address says none.
    `from` and `to` are the two date fields of the custom period; `format` is the export asked for and
    not part of the state. Raises InvalidInput for an unknown field or a value out of bounds.
    """
    unknown = sorted(set(parameters) - set(FIELDS))
    if unknown:
        raise InvalidInput(
            f"L’adresse porte un champ inconnu, « {unknown[0][:40]} » : reprenez la page par le menu."
        )
    one = {name: values[-1].strip() for name, values in parameters.items() if values}
    period = one.get("period") or usual
    if one.get("from") and one.get("to") and period in {"custom", usual}:
        period = f"{one['from']}..{one['to']}"
    return State(
        period=period[:MAX_LENGTH],
        compare=(one.get("compare") or State.compare)[:MAX_LENGTH],
        where=(
            *read_filters(parameters.get("where", ())),
            *read_filters(parameters.get("not", ()), exclude=True),
        ),
        order=one.get("order", "")[:MAX_LENGTH] or None,
        top=_whole(one.get("top"), 1, 10_000),
        columns=tuple(dict.fromkeys(c[:MAX_LENGTH] for c in parameters.get("columns", ()) if c)),
        level=one.get("level") or State.level,
        constant=one.get("constant") == "1",
        empty=one.get("empty") == "1",
        chart=one.get("chart", "")[:20],
        trail=tuple(step[:MAX_LENGTH] for step in parameters.get("trail", ()))[:8],
        usual=usual,
    )


def _whole(text: str | None, low: int, high: int) -> int | None:
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise InvalidInput(
            f"« {text[:20]} » n’est pas un nombre entre {low} et {high} : corrigez l’adresse."
        )
    return int(text)
