"""The Python package's own door: the same questions and figures, as Arrow tables or data frames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from galien.analytics.answer import Answer, Figure
from galien.analytics.question import Filter, Question
from galien.model.viewer import WORKSPACE_VIEWER, Viewer
from galien.usecases.ask import ask
from galien.usecases.services import Services

if TYPE_CHECKING:
    import pandas as pd  # noqa: TID251 - named for the type of what a caller asks for

Where = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True)
class Result:
    """An answer as people read it in a notebook."""

    answer: Answer

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Rows, each a dictionary by column name."""
        return self.answer.table.to_pylist()

    @property
    def totals(self) -> Mapping[str, Figure]:
        """Totals by measure."""
        return self.answer.totals

    @property
    def labels(self) -> dict[str, str]:
        """French label of each column."""
        return {column.name: column.label for column in self.answer.columns}

    def to_arrow(self) -> pa.Table:
        """Return the rows as an Arrow table: amounts are exact decimals."""
        return self.answer.table

    def to_pandas(self) -> pd.DataFrame:
        """Return the rows as a pandas frame (pandas must be installed)."""
        return self.answer.table.to_pandas()


class OpenWorkspace:
    """A workspace opened from Python, with the rights of a viewer or its whole content."""

    def __init__(self, services: Services, viewer: Viewer = WORKSPACE_VIEWER) -> None:
        self.services = services
        self.viewer = viewer

    def ask(
        self,
        subject: str,
        measures: Sequence[str] = (),
        *,
        by: Sequence[str] = (),
        where: Where | None = None,
        **options: Any,
    ) -> Result:
        """Ask a question; the words are those of `galien ask`.

        `where` gives the values kept of each dimension. `options` are `period`, `compare`, `level`,
        `order`, `top`, `constant_scope`. Raises what `galien.usecases.ask.ask` does.
        """
        filters = tuple(
            Filter(name, (kept,) if isinstance(kept, str) else tuple(kept))
            for name, kept in (where or {}).items()
        )
        question = Question(subject, tuple(measures), tuple(by), where=filters, **options)
        return Result(ask(question, self.viewer, services=self.services))
