"""What a command is given: the workspace, the clock, the services when it asks, the way to speak."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from galien.kernel.clock import Clock
from galien.usecases.workspace import Workspace

if TYPE_CHECKING:
    from galien.usecases.services import Services

TOLD_EVERY = 10  # per cent, where stderr is a file


class Host(Protocol):
    """What only the site can do, as interfaces do not know each other."""

    def serve(self, context: Context, *, host: str, port: int, worker: bool) -> None:
        """Serve the site until told to stop; InvalidInput when the port is taken."""
        ...

    def work(self, services: Services, *, batch: bool) -> None:
        """Run queued jobs until told to stop, or until none is left."""
        ...

    def build_demo(
        self, context: Context, *, pharmacies: int, months: int, seed: int
    ) -> Mapping[str, object]:
        """Build the demonstration group if it is not there, and say what it holds."""
        ...

    def build_belgian_demo(self, context: Context, *, seed: int) -> Mapping[str, object]:
        """Build the Belgian pair if it is not there, and say what it holds."""
        ...


@dataclass
class Context:
    """A command's surroundings. Services (database, engine) are built on first use only."""

    workspace: Workspace
    clock: Clock
    build: Callable[[], Services]
    host: Host
    exit_code: int = 0
    _told: int = -100

    @cached_property
    def services(self) -> Services:
        """Return the services of the workspace, building them now."""
        return self.build()

    def say(self, sentence: str) -> None:
        """Tell the person something on stderr; stdout carries only the answer."""
        sys.stderr.write(f"{sentence}\n")
        sys.stderr.flush()

    def progress(self, done: float, message: str) -> None:
        """Show how far a long command is, on one line when stderr is a terminal."""
        percent = round(done * 100)
        if sys.stderr.isatty():
            end = "\n" if done >= 1 else ""
            sys.stderr.write(f"\r{percent:3d} % {message}\x1b[K{end}")
        elif percent >= self._told + TOLD_EVERY or percent < self._told or percent == 100:
            self._told = percent
            sys.stderr.write(f"{percent:3d} % {message}\n")
        sys.stderr.flush()
