"""What a command is given: the workspace, the clock, the services when it asks, the way to speak."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from galien.kernel.clock import Clock
from galien.usecases.workspace import Workspace

if TYPE_CHECKING:
    from galien.usecases.services import Services


@dataclass
class Context:
    """A command's surroundings. Services (database, engine) are built on first use only."""

    workspace: Workspace
    clock: Clock
    build: Callable[[], Services]
    exit_code: int = field(default=0)

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
        line = f"{round(done * 100):3d} % {message}"
        if sys.stderr.isatty():
            line = f"\r{line}\x1b[K" + ("\n" if done >= 1 else "")
        else:
            line += "\n"
        sys.stderr.write(line)
        sys.stderr.flush()
