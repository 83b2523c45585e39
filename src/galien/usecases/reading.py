"""What questions keep between them: the current release's view, and the answers used last."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock

from galien.analytics.answer import Answer
from galien.analytics.release import ReleaseView
from galien.warehouse.reader import Held

_MEBIBYTE = 1 << 20


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


class Reading:
    """Keeps the view of the release that serves, and the answers given from it."""

    def __init__(self) -> None:
        self.answers = AnswerCache()
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
