"""What requests keep between them: the current release's view, the answers used last, rights read."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

from galien.analytics.answer import Answer
from galien.analytics.release import ReleaseView
from galien.warehouse.reader import Held

_MEBIBYTE = 1 << 20
T = TypeVar("T")


class AnswerCache:
    """Keeps the answers used last, up to a number of bytes."""

    def __init__(self, limit: int = 64 * _MEBIBYTE) -> None:
        self._limit = limit
        self._size = 0
        self._answers: OrderedDict[Hashable, Answer] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> Answer | None:
        """Return the answer kept under a key, if any."""
        with self._lock:
            if key not in self._answers:
                return None
            self._answers.move_to_end(key)
            return self._answers[key]

    def put(self, key: Hashable, answer: Answer) -> None:
        """Keep an answer; those used longest ago go when room is short."""
        size = _size(answer)
        if size > self._limit // 4:
            return
        with self._lock:
            if key in self._answers:
                return
            self._answers[key] = answer
            self._size += size
            while self._size > self._limit:
                _, oldest = self._answers.popitem(last=False)
                self._size -= _size(oldest)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._answers.clear()
            self._size = 0


class RightsCache:
    """Keeps what was read of people's rights until any right changes: the epoch moves, all is forgotten."""

    def __init__(self, limit: int = 2_000) -> None:
        self._limit = limit
        self._epoch = -1
        self._known: dict[Hashable, Any] = {}
        self._lock = Lock()

    def get(self, key: Hashable, epoch: int, read: Callable[[], T]) -> T:
        """Return what was read under a key at this epoch, reading it when it was not.

        `epoch` is read before the rights are: what is kept is never older than it says.
        """
        with self._lock:
            if self._epoch != epoch or len(self._known) > self._limit:
                self._epoch, self._known = epoch, {}
            if key in self._known:
                found: T = self._known[key]
                return found
        made = read()
        with self._lock:
            if self._epoch == epoch:
                self._known[key] = made
        return made


class Reading:
    """Keeps the view of the release that serves, the answers given from it, and rights read."""

    def __init__(self) -> None:
        self.answers = AnswerCache()
        self.rights = RightsCache()
        self._view: ReleaseView | None = None
        self._lock = Lock()

    def view(self, held: Held) -> ReleaseView:
        """Return what is known of the release held, read again only when it changes."""
        with self._lock:
            if self._view is None or self._view.engine is not held.engine:
                self._view = ReleaseView(held.release.release, held.engine)
            return self._view


def _size(answer: Answer) -> int:
    return int(answer.table.nbytes) + 4096
