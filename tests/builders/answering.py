"""Services that answer from one small file made by a builder, with nothing else in them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from galien.engines.duckdb import DuckDB
from galien.engines.protocol import Engine
from galien.kernel.clock import FixedClock
from galien.usecases.services import Services
from galien.warehouse.ledger import ReleaseRecord
from galien.warehouse.reader import Held
from tests.builders.derived import NOW, Group, build


class OneRelease:
    """A reader that always serves the same release."""

    def __init__(self, release: str, engine: Engine) -> None:
        record = ReleaseRecord(release, 1, None, "", NOW, (), 0, current=True)
        self.held = Held(record, cast("Any", None), engine)

    @contextmanager
    def hold(self) -> Iterator[Held]:
        """Yield the release."""
        yield self.held


def services(group: Group, folder: Path, *, release: str = "0123456789abcdef") -> Services:
    """Build a group's file in a folder and return services that answer from it."""
    path = folder / f"{release}.duckdb"
    build(group, path)
    return services_over(DuckDB(threads=2).open(path), release=release)


def services_over(engine: Engine, *, release: str = "0123456789abcdef") -> Services:
    """Return services that answer from an open file, with nothing else in them."""
    parts: dict[str, Any] = dict.fromkeys(
        ("workspace", "law", "ledger", "store", "vault", "engines")
    )
    return Services(**parts, clock=FixedClock(NOW), reader=cast("Any", OneRelease(release, engine)))
