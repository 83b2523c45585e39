"""DuckDB: reads a derived file locked down, and builds derived files on a workbench."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import pyarrow as pa

from galien.engines.pool import QueryPool
from galien.engines.protocol import DAMAGED, QUERY_TOO_BIG, Parameters
from galien.kernel.errors import InternalError, NotAvailable

_BATCH = 65_536  # rows of an Arrow batch
_TEXTS_KEPT = 500  # questions differ by their bound values more than by their text

# DuckDB 2 advises its relations, which take 1,5 times as long as an executed statement.
_COPY_ADVICE = "Arrow output on a DB-API result makes an extra copy"
warnings.filterwarnings("ignore", message=_COPY_ADVICE, category=UserWarning)

# Looking for what two branches of a question share takes 3 to 6 ms, and its two periods share nothing.
_NO_USE = ("common_subplan",)

# Nothing outside the file can be read, written, attached or installed, and none of this can be
# changed once the connection is locked.
_LOCKED = {
    "access_mode": "READ_ONLY",
    "enable_external_access": "false",
    "allow_community_extensions": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "temp_directory": "",
    "lock_configuration": "true",
}


@dataclass(frozen=True)
class DuckDB:
    """Opens files and workbenches. `memory` is DuckDB's own notation; `seconds` limits a query.

    As many questions run at once as there are cores, each on `threads` of its own; a workbench takes
    `build_threads`.
    """

    threads: int = 1
    build_threads: int = os.cpu_count() or 2
    memory: str = "2GB"
    pool: int = 2
    seconds: float = 15.0
    build_memory: str = "4GB"

    def open(self, path: Path) -> DuckDBEngine:
        """Open a derived file for reading, locked down; InternalError when it is damaged."""
        limits = {"threads": str(self.threads), "memory_limit": self.memory}
        limits["disabled_optimizers"] = ",".join(_known_optimizers().intersection(_NO_USE))
        try:
            connection = duckdb.connect(str(path), config={**_LOCKED, **limits})
        except duckdb.Error as error:
            raise _damaged(path.name, error) from error
        return DuckDBEngine(connection, name=path.name, pool=self.pool, seconds=self.seconds)

    def build(self, path: Path | None = None) -> DuckDBBuilder:
        """Open a workbench on a file, new or copied, or in memory."""
        config: dict[str, str | bool | int | float | list[str]] = {
            "threads": str(self.build_threads),
            "memory_limit": self.build_memory,
            "allow_community_extensions": "false",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
        connection = duckdb.connect(str(path or ":memory:"), config=config)
        # Checkpoints are asked for: one after each statement would write the same blocks again.
        connection.execute("set wal_autocheckpoint = '1TB'")
        connection.execute("set enable_progress_bar = false")
        return DuckDBBuilder(connection, on_file=path is not None)


class DuckDBEngine:
    """A derived file opened for reading."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, *, name: str, pool: int, seconds: float
    ) -> None:
        self._connection = connection
        self._name = name
        self._seconds = seconds
        self._pool = QueryPool(connection.cursor, pool)
        self._parsed: dict[str, duckdb.Statement] = {}

    def query(
        self, sql: str, parameters: Parameters | None = None, *, seconds: float | None = None
    ) -> pa.Table:
        """Run one SELECT with bound `$name` parameters (see `Engine.query`)."""
        limit = min(seconds or self._seconds, self._seconds)

        def work(cursor: duckdb.DuckDBPyConnection) -> pa.Table:
            return _read(cursor, self._statement(cursor, sql), parameters)

        try:
            return self._pool.run(work, limit)
        except duckdb.OutOfMemoryException as error:
            raise NotAvailable(
                "La question a demandé plus de mémoire que permis. Choisissez une période plus "
                "courte, moins de lignes ou moins d’axes.",
                code=QUERY_TOO_BIG,
            ) from error
        except (duckdb.IOException, duckdb.FatalException, duckdb.InternalException) as error:
            raise _damaged(self._name, error) from error
        except duckdb.Error as error:
            raise InternalError(
                f"Une question interne est mal écrite ({type(error).__name__}) : {error}"
            ) from error

    def _statement(self, cursor: duckdb.DuckDBPyConnection, sql: str) -> duckdb.Statement:
        """Return a text parsed: 2 to 5 ms of each question when it is not kept."""
        found = self._parsed.get(sql)
        if found is None:
            found = _parse(cursor, sql)
            if len(self._parsed) >= _TEXTS_KEPT:
                self._parsed.clear()
            self._parsed[sql] = found
        return found

    def close(self) -> None:
        """Let the queries under way finish, then let go of the file."""
        self._pool.close()
        self._connection.close()


class DuckDBBuilder:
    """A workbench; its tables are seen by nobody until the file takes its final name."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, *, on_file: bool) -> None:
        self._connection = connection
        self._on_file = on_file
        self._open = True

    def run(self, sql: str, parameters: Parameters | None = None) -> None:
        """Execute statements that return nothing."""
        with _building():
            self._connection.execute(sql, _bound(parameters))

    def table(self, sql: str, parameters: Parameters | None = None) -> pa.Table:
        """Run a SELECT and return its rows."""
        with _building():
            return _read(self._connection, _parse(self._connection, sql), parameters)

    def register(self, name: str, table: pa.Table) -> None:
        """Make an Arrow table readable under a name."""
        self._connection.register(name, table)

    def unregister(self, name: str) -> None:
        """Forget a registered table."""
        self._connection.unregister(name)

    def fold(self) -> None:
        """Fold the write-ahead log into the one file."""
        if self._on_file:
            with _building():
                self._connection.execute("checkpoint")

    def finish(self) -> None:
        """Fold the write-ahead log into the one file and close it."""
        self.fold()
        with _building():
            self._close()

    def _close(self) -> None:
        if self._open:
            self._open = False
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()


@cache
def _known_optimizers() -> frozenset[str]:
    """Return the names of this version's optimizers: asking to do without an unknown one is an error."""
    with duckdb.connect() as connection:
        rows = connection.execute("select name from duckdb_optimizers()").fetchall()
    return frozenset(name for (name,) in rows)


@contextmanager
def _building() -> Iterator[None]:
    """Say what stops a workbench: the disk, or a mistake of ours."""
    try:
        yield
    except duckdb.IOException as error:
        full = "No space left" in str(error)
        raise InternalError(
            f"Le disque a refusé l’écriture d’un fichier d’analyse : {error}",
            code="NO_SPACE" if full else "STORAGE",
        ) from error
    except duckdb.Error as error:
        raise InternalError(
            f"La fabrication d’un fichier d’analyse a échoué ({type(error).__name__}) : {error}"
        ) from error


def _bound(parameters: Parameters | None) -> dict[str, Any]:
    return dict(parameters) if isinstance(parameters, Mapping) else {}


def _parse(cursor: duckdb.DuckDBPyConnection, sql: str) -> duckdb.Statement:
    statements = cursor.extract_statements(sql)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise InternalError("Une question interne doit être une seule lecture (SELECT).")
    return statements[0]


def _read(
    cursor: duckdb.DuckDBPyConnection, statement: duckdb.Statement, parameters: Parameters | None
) -> pa.Table:
    done = cursor.execute(statement, _bound(parameters))
    reader = done.to_arrow_reader(_BATCH)
    if reader is None:
        raise InternalError("Une question interne n’a pas rendu de lignes.")
    return _plain(reader.read_all())


def _plain(table: pa.Table) -> pa.Table:
    """Return the table with enumerations as text, which is what every other engine answers."""
    for index, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            column = table.column(index).cast(field.type.value_type)
            table = table.set_column(index, field.name, column)
    return table


def _damaged(name: str, error: Exception) -> InternalError:
    return InternalError(
        f"Le fichier d’analyse {name} est illisible ({type(error).__name__}) : il sera reconstruit "
        "depuis les fichiers de la publication.",
        code=DAMAGED,
    )
