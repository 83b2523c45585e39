"""Which database keeps the records: SQLite in the workspace, or PostgreSQL by one address."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

# Earlier versions may corrupt a database that two processes write in WAL mode.
WAL_IS_SAFE_SINCE = (3, 51, 3)


def database(url: str, sqlite_file: Path) -> dict[str, Any]:
    """Return Django's settings of the database.

    Args:
        url: `postgresql://user:password@host:port/name?host=/socket`, or "" for SQLite.
        sqlite_file: the file of SQLite.

    >>> database("postgresql://galien@/records?host=/run/pg", Path("x"))["HOST"]
    '/run/pg'
    """
    return _postgresql(url) if url else _sqlite(sqlite_file)


def journal_mode(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> str:
    """Return the journal this SQLite may use with several processes.

    >>> journal_mode((3, 40, 1)), journal_mode((3, 51, 3))
    ('DELETE', 'WAL')
    """
    return "WAL" if version >= WAL_IS_SAFE_SINCE else "DELETE"


def _sqlite(file: Path) -> dict[str, Any]:
    # EXTRA also syncs the folder once the journal is unlinked, which is what ends a transaction: with
    # FULL a power cut can bring the journal back, and undo what was acknowledged.
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 5,
            "init_command": (
                f"PRAGMA journal_mode={journal_mode()}; PRAGMA synchronous=EXTRA; "
                "PRAGMA foreign_keys=ON;"
            ),
        },
    }


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": options.pop("port", str(parts.port or "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
