"""A walk: a process stopped at each change it is about to make on the disk, and what it would leave there.

A process held still has put on the disk exactly what it would leave if it were killed at that moment.
One run so gives the leavings of a kill, of a torn write and of a power cut at every change.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.faults.pictures import Picture, Pictures, under
from tests.faults.power import Power


@dataclass(frozen=True)
class Stop:
    """A moment of the run: what it was about to do, what it had said, what each kind of stop leaves."""

    change: str
    acknowledged: bool
    published: bool
    left: dict[str, Picture]


class _Eye:
    """Looks at a folder at each stop; what a power cut leaves is worked out again when it changed."""

    def __init__(self, root: Path, base: Path, pictures: Pictures) -> None:
        self._root, self._pictures = root, pictures
        self._power = Power(root, base)
        self._syncs = 0
        self._seen: dict[str, tuple[object, Picture]] = {}

    def left(self, change: str) -> dict[str, Picture]:
        """Return what each kind leaves before a change. Within a write, only the process is lost."""
        if change.startswith("half "):
            return {"torn": self._pictures.take(self._root)}
        names = frozenset((each.inode(), each.path) for each in under(self._root))
        found = {
            "kill": self._pictures.take(self._root),
            "power": self._after_power("power", self._syncs, names_kept=False),
            "power-named": self._after_power("power-named", (self._syncs, names), names_kept=True),
        }
        self._syncs += change.startswith(("fsync ", "fdatasync "))
        return found

    def _after_power(self, kind: str, depends: object, *, names_kept: bool) -> Picture:
        """Return the picture kept while what it depends on, syncs and names, stays the same."""
        if self._seen.get(kind, (None,))[0] != depends:
            picture = self._pictures.of(self._power.left(names_kept=names_kept))
            self._seen[kind] = (depends, picture)
        return self._seen[kind][1]

    def close(self) -> None:
        """Look no more."""
        self._power.over()


def walk(run: Callable[[int], int], root: Path, base: Path, pictures: Pictures) -> list[Stop]:
    """Run in a forked child armed to stop at each change, and look at what it leaves.

    `run` is given the pipe it speaks on, and returns how it ended, 0 when all was done.
    The folder must be as `base` is. The last stop is the end of the run.
    """
    eye = _Eye(root, base, pictures)
    heard, said = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(heard)
        try:
            os._exit(run(said))
        finally:
            os._exit(1)
    os.close(said)
    stops: list[Stop] = []
    acknowledged = False
    while os.WIFSTOPPED(status := os.waitpid(child, os.WUNTRACED)[1]):
        *before, change = os.read(heard, 1 << 16).decode().splitlines()
        acknowledged = acknowledged or "A" in before
        stops.append(Stop(change, acknowledged, False, eye.left(change)))
        os.kill(child, signal.SIGCONT)
    os.close(heard)
    if os.waitstatus_to_exitcode(status) != 0:
        raise AssertionError("a run without faults failed")
    stops.append(Stop("end", True, True, eye.left("end")))
    eye.close()
    return stops
