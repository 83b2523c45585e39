"""What an analytical engine must do, whoever makes it: answer one question, or build one file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import pyarrow as pa

Parameters = Mapping[str, object]

QUERY_TOO_BIG = "QUERY_TOO_BIG"
BUSY = "BUSY"
DAMAGED = "DAMAGED"


class Engine(Protocol):
    """A published file opened for reading: nothing can be written, reached or installed from it."""

    def query(
        self, sql: str, parameters: Parameters | None = None, *, seconds: float | None = None
    ) -> pa.Table:
        """Run one SELECT with bound `$name` parameters; columns come back as plain Arrow types.

        `seconds` shortens the engine's own time limit. Raises NotAvailable (QUERY_TOO_BIG, BUSY) when
        time or memory runs out, InternalError when the text is wrong or the file damaged.
        """
        ...

    def close(self) -> None:
        """Let the queries under way finish, then let go of the file."""
        ...


class Builder(Protocol):
    """A workbench: an engine that writes, used only to make files that are not yet visible."""

    def run(self, sql: str, parameters: Parameters | None = None) -> None:
        """Execute statements that return nothing."""
        ...

    def table(self, sql: str, parameters: Parameters | None = None) -> pa.Table:
        """Run a SELECT and return its rows."""
        ...

    def register(self, name: str, table: pa.Table) -> None:
        """Make an Arrow table readable under a name."""
        ...

    def unregister(self, name: str) -> None:
        """Forget a registered table."""
        ...

    def fold(self) -> None:
        """Fold what is written so far into the file, so that the log beside it stays small."""
        ...

    def finish(self) -> None:
        """Fold everything into the one file and close it."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class Engines(Protocol):
    """The maker of engines that the site chooses."""

    def open(self, path: Path) -> Engine:
        """Open a derived file for reading, locked down; InternalError (DAMAGED) when it cannot be."""
        ...

    def build(self, path: Path | None = None) -> Builder:
        """Open a workbench on a new or copied file, or in memory."""
        ...
