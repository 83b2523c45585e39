"""Publishing: one more day for the whole group, against making the release again from nothing."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import cast

from bench.options import Options
from bench.report import Budget, Report, Table


def measure(options: Options) -> Report:
    """Copy the workspace, then measure in a process of its own, so that nothing is warm."""
    report = Report("publishing")
    with tempfile.TemporaryDirectory(prefix="galien-bench-") as folder:
        copied = Path(folder) / "workspace"
        ignored = shutil.ignore_patterns("files", "raw", "tmp")
        shutil.copytree(options.workspace, copied, ignore=ignored)
        command = [sys.executable, "-m", "bench.one_day", str(copied), folder]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    report.data |= json.loads(done.stdout)
    figures = cast("dict[str, float]", report.data["seconds"])
    loaded = report.data["statuses"]
    share = figures["publish one day"] / figures["full rebuild"]
    report.tables.append(
        Table(
            "One more day for every pharmacy of the group",
            ("step", "seconds"),
            list(figures.items()),
            f"receipts: {loaded}; the rebuilt release has the same id: {report.data['same_release']}",
        )
    )
    report.budgets.append(Budget("one more day ÷ full rebuild", 100 * share, 10, "%"))
    return report
