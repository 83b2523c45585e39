"""What a part of the benchmark says: tables to read, budgets held or not, and the same kept as JSON."""

from __future__ import annotations

import datetime as dt
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bench.machine import describe_machine

RESULTS = Path(__file__).parent / "results"
Cell = str | int | float | None


@dataclass(frozen=True)
class Table:
    """A table to read: its title, its columns, its rows, and a note that says how to read it."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]
    note: str = ""

    def text(self) -> str:
        """Return the table as aligned text."""
        cells = [list(self.columns), *([_shown(cell) for cell in row] for row in self.rows)]
        widths = [max(len(row[n]) for row in cells) for n in range(len(self.columns))]
        lines = [_aligned(row, widths) for row in cells]
        lines.insert(1, "  ".join("─" * width for width in widths))
        return "\n".join([f"\n{self.title}", *lines, *([self.note] if self.note else [])])


@dataclass(frozen=True)
class Budget:
    """A figure of the handbook's budget beside the one measured; `at_least` when more is better."""

    what: str
    measured: float
    budget: float
    unit: str
    at_least: bool = False

    @property
    def held(self) -> bool:
        """Tell whether the budget is held."""
        return self.measured >= self.budget if self.at_least else self.measured <= self.budget

    def row(self) -> tuple[Cell, ...]:
        """Return it as a row of the table of budgets."""
        sign = "≥" if self.at_least else "≤"
        verdict = "held" if self.held else "NOT HELD"
        return (self.what, self.measured, f"{sign} {self.budget:g} {self.unit}", verdict)


@dataclass
class Report:
    """What one part measured. `data` is kept as JSON only."""

    part: str
    tables: list[Table] = field(default_factory=list)
    budgets: list[Budget] = field(default_factory=list)
    data: dict[str, object] = field(default_factory=dict)

    def print(self) -> None:
        """Print the tables, then the budgets."""
        for table in self.tables:
            print(table.text())
        if self.budgets:
            rows = [budget.row() for budget in self.budgets]
            columns = ("budget", "measured", "asked", "verdict")
            print(Table(f"Budgets: {self.part}", columns, rows).text())
        sys.stdout.flush()

    def save(self, *, seed: int, rounds: int) -> Path:
        """Keep everything under bench/results/DATE-PART.json and return the file."""
        RESULTS.mkdir(exist_ok=True)
        path = RESULTS / f"{dt.datetime.now(dt.UTC):%Y-%m-%d}-{self.part}.json"
        content = {
            "part": self.part,
            "machine": describe_machine(),
            "seed": seed,
            "rounds": rounds,
            "budgets": [asdict(budget) | {"held": budget.held} for budget in self.budgets],
            "tables": [asdict(table) for table in self.tables],
            **self.data,
        }
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")
        return path


def say(text: str) -> None:
    """Tell on stderr how far the run is."""
    print(f"[{time.strftime('%H:%M:%S', time.gmtime())}] {text}", file=sys.stderr, flush=True)


def _shown(cell: Cell) -> str:
    if cell is None:
        return "–"
    if isinstance(cell, float):
        return (
            f"{cell:.0f}" if abs(cell) >= 1000 else f"{cell:.1f}" if cell >= 20 else f"{cell:.2f}"
        )
    return str(cell)


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = zip(row, widths, strict=True)
    cells = [first[0].ljust(first[1]), *(text.rjust(width) for text, width in others)]
    return "  ".join(cells).rstrip()
