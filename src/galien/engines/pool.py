"""First come, first served: a fixed number of threads run queries, each with a cursor of its own.

A semaphore is not fair: under load some queries starve (p95 3,3 s measured, against 0,1 s here).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from typing import Generic, Protocol, TypeVar

from galien.engines.protocol import BUSY, QUERY_TOO_BIG
from galien.kernel.errors import NotAvailable

_AFTER_INTERRUPT = 0.05  # seconds between interrupts, until the query lets go


class Cursor(Protocol):
    """What the pool needs of a cursor."""

    def interrupt(self) -> None:
        """Stop the query under way."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


CursorType = TypeVar("CursorType", bound=Cursor)
Result = TypeVar("Result")


class _Job:
    """A query under way: it can be interrupted only while its own cursor serves it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cursor: Cursor | None = None

    def begin(self, cursor: Cursor) -> None:
        with self._lock:
            self._cursor = cursor

    def end(self) -> None:
        with self._lock:
            self._cursor = None

    def interrupt(self) -> None:
        with self._lock:
            if self._cursor is not None:
                self._cursor.interrupt()


class QueryPool(Generic[CursorType]):
    """Runs work on cursors, `size` at a time, in the order asked."""

    def __init__(self, make_cursor: Callable[[], CursorType], size: int) -> None:
        self._make_cursor = make_cursor
        self._local = threading.local()
        self._cursors: list[CursorType] = []
        self._executor = ThreadPoolExecutor(size, thread_name_prefix="galien-query")

    def run(self, work: Callable[[CursorType], Result], seconds: float) -> Result:
        """Run `work` on a cursor and wait at most `seconds`, time in the queue included."""
        job = _Job()
        future: Future[Result] = self._executor.submit(self._serve, job, work)
        try:
            return future.result(timeout=seconds)
        except FutureTimeout:
            if future.cancel():
                raise NotAvailable(
                    f"La question n’a pas pu commencer en {seconds:.0f} s : trop de questions sont en "
                    "cours. Réessayez dans un instant.",
                    code=BUSY,
                ) from None
            return self._stop(future, job, seconds)

    def _stop(self, future: Future[Result], job: _Job, seconds: float) -> Result:
        while not future.done():
            job.interrupt()
            try:
                future.exception(timeout=_AFTER_INTERRUPT)
            except FutureTimeout:
                continue
        if future.exception() is None:
            return future.result()
        raise NotAvailable(
            f"La question a demandé plus de {seconds:.0f} s de calcul et a été arrêtée. Choisissez "
            "une période plus courte, moins de lignes ou moins d’axes.",
            code=QUERY_TOO_BIG,
        ) from None

    def _serve(self, job: _Job, work: Callable[[CursorType], Result]) -> Result:
        cursor: CursorType | None = getattr(self._local, "cursor", None)
        if cursor is None:
            cursor = self._local.cursor = self._make_cursor()
            self._cursors.append(cursor)
        job.begin(cursor)
        try:
            return work(cursor)
        finally:
            job.end()

    def close(self) -> None:
        """Finish what is under way and let go of the cursors."""
        self._executor.shutdown(wait=True)
        for cursor in self._cursors:
            cursor.close()
