"""DuckDB as the benchmark's own tool: no progress bar between the lines of a report."""

from __future__ import annotations

from pathlib import Path

import duckdb


def open_duckdb(path: Path | None = None, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Open a file, or DuckDB in memory, with its usual settings but for the progress bar."""
    connection = duckdb.connect(str(path or ":memory:"), read_only=read_only)
    connection.execute("set enable_progress_bar = false")
    return connection
