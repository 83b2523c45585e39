"""Kinds of measures: the class says how it adds up, so that no wrong sum can be written."""

from __future__ import annotations

import re
from dataclasses import dataclass

from galien.analytics.measures.formulas import names_of
from galien.analytics.tables import Source, columns_of
from galien.kernel import glossary
from galien.kernel.errors import InternalError
from galien.kernel.units import Unit

_EXPRESSION = re.compile(r"[a-z_]+( [+-] [a-z_]+)*")


@dataclass(frozen=True)
class Measure:
    """A figure people ask for; its label, unit and definition are those of the glossary."""

    name: str

    @property
    def label(self) -> str:
        """French label."""
        return glossary.label(self.name)

    @property
    def unit(self) -> Unit:
        """Unit of its figures."""
        return glossary.unit(self.name)

    @property
    def definition(self) -> str:
        """What it means, in a French sentence."""
        return glossary.definition(self.name)


@dataclass(frozen=True)
class Summed(Measure):
    """A measure read from tables: `sql` adds and subtracts sums of columns of its source."""

    source: Source
    sql: str

    def __post_init__(self) -> None:
        unknown = set(self.columns) - columns_of(self.source)
        if unknown or not _EXPRESSION.fullmatch(self.sql):
            raise InternalError(
                f"Mesure « {self.name} » : « {self.sql} » n’est pas une somme de colonnes de "
                f"« {self.source} » ({', '.join(sorted(unknown)) or 'écriture'})."
            )

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns whose sums it is made of."""
        return tuple(re.findall(r"[a-z_]+", self.sql))

    def over(self, prefix: str) -> str:
        """Return the SQL over folded sums, each column's name carrying `prefix`.

        >>> Summed("adjusted_margin", Source.SALES, "net_excl - cost_excl").over("c_")
        'c_net_excl - c_cost_excl'
        """
        return re.sub(r"[a-z_]+", lambda found: prefix + found[0], self.sql)


@dataclass(frozen=True)
class Total(Summed):
    """Adds up over everything."""


@dataclass(frozen=True)
class Level(Summed):
    """A state: adds up over pharmacies and products, and takes the last day over time."""


@dataclass(frozen=True)
class Distinct(Summed):
    """A count of things that belong to several sale types at once: adds up over all but those."""


@dataclass(frozen=True)
class Whole(Measure):
    """The total of a measure over all rows of the question, the same on each row."""

    of: Total


@dataclass(frozen=True)
class Ratio(Measure):
    """One aggregate divided by another, computed again at every row and total, never averaged."""

    of: Summed
    to: Summed | Whole


@dataclass(frozen=True)
class Formula(Measure):
    """Aggregates combined by + − × ÷, computed again at every row and total, never averaged."""

    parts: tuple[Summed, ...]
    text: str

    def __post_init__(self) -> None:
        if names_of(self.text) != {part.name for part in self.parts}:
            raise InternalError(
                f"Mesure « {self.name} » : « {self.text} » ne combine pas exactement "
                f"{', '.join(part.name for part in self.parts)}."
            )
