"""Services that only answer questions, from one analytical file: `ask()` and nothing around it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from galien.engines.duckdb import DuckDB
from galien.engines.protocol import Engine
from galien.kernel.clock import PARIS, FixedClock
from galien.usecases.reading import AnswerCache
from galien.usecases.services import Services
from galien.warehouse.ledger import ReleaseRecord
from galien.warehouse.reader import Held


class OneRelease:
    """A reader that always serves the same file."""

    def __init__(self, release: str, engine: Engine) -> None:
        published = dt.datetime.now(PARIS)
        record = ReleaseRecord(release, 1, None, "", published, (), 0, current=True)
        self._held = Held(record, cast("Any", None), engine)

    @contextmanager
    def hold(self) -> Iterator[Held]:
        """Yield the release."""
        yield self._held


@contextmanager
def open_file(path: Path, today: dt.date) -> Iterator[Services]:
    """Open an analytical file as the site does; the services keep no answer between questions."""
    engine = DuckDB().open(path)
    parts: dict[str, Any] = dict.fromkeys(
        ("workspace", "law", "ledger", "store", "vault", "engines")
    )
    reader = cast("Any", OneRelease(path.stem, engine))
    services = Services(**parts, clock=FixedClock.on(today), reader=reader)
    services.reading.answers = AnswerCache(limit=0)
    try:
        yield services
    finally:
        engine.close()
