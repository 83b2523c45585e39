"""How long work tells how far it is."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[float, str], None]


def silent(done: float, message: str) -> None:
    """Say nothing. `done` goes from 0 to 1; `message` is a French half-sentence."""
    del done, message
