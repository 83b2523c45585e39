"""How often one caller may ask: so many requests in any minute, each key and each person apart."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from threading import Lock, local
from time import monotonic

from django.http import HttpRequest
from ninja.throttling import BaseThrottle

from galien.api.access import caller

MOST, SECONDS = 300, 60
IDLE = 1_000  # callers remembered before those who asked nothing lately are forgotten


class PerCaller(BaseThrottle):
    """At most so many requests of a caller in any span of seconds, counted in this process.

    One process serves the site. Requests come in several threads: counting is under a lock, and what
    was refused is kept by thread until it is told.
    """

    def __init__(
        self, most: int = MOST, seconds: float = SECONDS, timer: Callable[[], float] = monotonic
    ) -> None:
        self.most, self.seconds = most, seconds
        self._timer = timer
        self._asked: dict[str, deque[float]] = {}
        self._lock = Lock()
        self._refused = local()

    def allow_request(self, request: HttpRequest) -> bool:
        """Count a request; False when its caller has asked too often."""
        now = self._timer()
        with self._lock:
            if len(self._asked) > IDLE:
                self._forget_idle(now)
            moments = self._asked.setdefault(caller(request), deque())
            while moments and moments[0] <= now - self.seconds:
                moments.popleft()
            if len(moments) < self.most:
                moments.append(now)
                return True
            self._refused.wait = moments[0] + self.seconds - now
            return False

    def wait(self) -> float:
        """Return the seconds before the request just refused may be made again."""
        return float(math.ceil(self._refused.wait))

    def forget(self) -> None:
        """Forget every request made."""
        with self._lock:
            self._asked.clear()

    def _forget_idle(self, now: float) -> None:
        since = now - self.seconds
        self._asked = {
            name: each for name, each in self._asked.items() if each and each[-1] > since
        }


LIMIT = PerCaller()
