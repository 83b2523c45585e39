"""The last reports computed, so that a page read again, sorted or exported costs nothing."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Report = TypeVar("Report")


class LastReports(Generic[Report]):
    """Keeps the last reports by what they were made of; the oldest goes when room is short."""

    def __init__(self, room: int = 24) -> None:
        self._room = room
        self._kept: OrderedDict[Hashable, Report] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Report]) -> Report:
        """Return the report of a key, made now when it is not kept."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self._room:
                self._kept.popitem(last=False)
        return made
