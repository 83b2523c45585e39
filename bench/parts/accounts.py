"""Accounts: a ledger file of a million lines read, checked and reduced, in processor time and memory."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.ledger_file import write_ledger
from bench.options import Options
from bench.report import Budget, Cell, Report, Table, say

LINES = 1_000_000
SIZES = (LINES // 10, LINES)
SECONDS, MEGABYTES = 10, 500
_KILOBYTES = 1024


def measure(options: Options) -> Report:
    """Write two ledgers, and read each in a process of its own."""
    report, rows = Report("accounts"), list[tuple[Cell, ...]]()
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="galien-bench-") as folder:
        for lines in SIZES:
            path = write_ledger(Path(folder), lines, options.seed)
            figures = _read_apart(path)
            say(f"accounts: {figures['lines']:.0f} lines, {figures['seconds']:.1f} s of processor")
            rows.append(
                (
                    figures["lines"],
                    path.stat().st_size / 1e6,
                    figures["seconds"],
                    figures["megabytes"],
                )
            )
    report.data |= {"whole": figures}
    columns = ("lines", "file MB", "CPU s", "peak MB")
    report.tables.append(Table("A ledger read, checked and reduced to its accounts", columns, rows))
    report.budgets += [
        Budget("a million lines of ledger", figures["seconds"], SECONDS, "s of processor"),
        Budget("memory of the reading", figures["megabytes"], MEGABYTES, "MB"),
    ]
    return report


def _read_apart(path: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.parts.accounts", str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def _read_here(path: Path) -> dict[str, float]:
    import resource
    import time

    from galien.intake import read_fec

    started = time.process_time()
    found = read_fec(path, isolated=False)
    seconds = time.process_time() - started
    if found.unread or not found.balanced:
        raise AssertionError(f"accounts: {found.unread} lines not counted")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KILOBYTES
    return {"lines": found.lines, "seconds": seconds, "megabytes": peak}


if __name__ == "__main__":
    print(json.dumps(_read_here(Path(sys.argv[1]))))
