"""A database held by another process longer than we wait: a sentence says so, and nothing is lost."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from galien.site.trouble import database_trouble
from tests.builders.commands import Workplace
from tests.builders.deliveries import sales, text


@contextlib.contextmanager
def held(base: Path) -> Iterator[None]:
    """Hold the records' database as a long backup would."""
    with contextlib.closing(sqlite3.connect(base, isolation_level=None)) as connection:
        connection.execute("begin exclusive")
        yield
        connection.execute("rollback")


@pytest.mark.timeout(120)
def test_a_command_says_that_the_database_is_busy_and_works_after(tmp_path: Path) -> None:
    place = Workplace(tmp_path / "w")
    assert place.load(text(sales(1))).code == 0
    with held(place.path / "galien.sqlite3"):
        refused = place.load(text(sales(2)), name="autres.csv")
    assert refused.code == 1
    assert refused.stdout == ""
    assert "occupée" in refused.stderr
    assert "relancez" in refused.stderr
    assert "incident" not in refused.stderr
    again = place.load(text(sales(2)), name="autres.csv")
    assert again.code == 0, again.stderr
    assert again.answer["status"] == "accepted"


def refusal_of(action: str, base: Path) -> sqlite3.Error:
    """Return SQLite's own error for an action that it refuses."""
    with contextlib.closing(sqlite3.connect(f"file:{base}{action}", uri=True)) as connection:
        with pytest.raises(sqlite3.Error) as refused:
            connection.execute("create table more (x)")
        return refused.value


@pytest.mark.parametrize(
    ("action", "code", "words"),
    [("?mode=ro", "STORAGE", "droits"), ("-text", "DAMAGED", "galien restore")],
)
def test_each_refusal_says_what_to_do(tmp_path: Path, action: str, code: str, words: str) -> None:
    base = tmp_path / "base"
    with contextlib.closing(sqlite3.connect(base)) as connection:
        connection.execute("create table one (x)")
    Path(f"{base}-text").write_text("no database at all " * 100, encoding="ascii")
    told = database_trouble(refusal_of(action, base))
    assert told is not None
    assert told.code == code
    assert words in told.message


def test_a_full_database_is_told_through_the_error_that_wraps_it(tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / "base")) as connection:
        connection.execute("create table one (x)")
        connection.execute("pragma max_page_count = 2")
        try:
            connection.execute("insert into one values (zeroblob(100000))")
        except sqlite3.Error as error:
            wrapped = RuntimeError("the framework's own")
            wrapped.__cause__ = error
    told = database_trouble(wrapped)
    assert told is not None
    assert told.code == "NO_SPACE"
