"""What a run of the benchmark is told."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Options:
    """Workspace to measure on, rounds of each timing, seed of what is drawn."""

    workspace: Path
    rounds: int = 5
    seed: int = 1
