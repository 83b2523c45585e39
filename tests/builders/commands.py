"""Running `galien` as a user does: a process, its exit code, what it prints and says."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from galien.site.build import records_version
from galien.site.main import main
from galien.usecases.workspace import Workspace

TODAY = "2026-11-21"


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    stdout: str
    stderr: str

    @property
    def answer(self) -> Any:
        """The JSON it printed."""
        return json.loads(self.stdout)


def start(*line: object, env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    """Start a command without waiting for it."""
    return subprocess.Popen(
        [sys.executable, "-m", "galien.site.main", *map(str, line)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **(env or {})},
    )


def ended(process: subprocess.Popen[str]) -> Ran:
    """Wait for a started command."""
    stdout, stderr = process.communicate(timeout=100)
    return Ran(process.returncode, stdout, stderr)


def galien(*line: object, env: Mapping[str, str] | None = None) -> Ran:
    """Run a command to its end."""
    return ended(start(*line, env=env))


def galien_here(*line: object) -> Ran:
    """Run a command in this process, on the test's own database: the same code, no start-up."""
    stdout, stderr = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
        code = main([str(word) for word in line])
    texts = []
    for stream in (stdout, stderr):
        stream.flush()
        stream.seek(0)
        texts.append(stream.read())
    return Ran(code, *texts)


@dataclass(frozen=True)
class Workplace:
    """A workspace on a disk, worked by commands: as processes, or `here` on the test's database."""

    path: Path
    env: Mapping[str, str] = field(default_factory=dict)
    here: bool = False

    def __post_init__(self) -> None:
        if self.here:
            # The test's database is up to date already.
            Workspace(self.path).create()
            (self.path / "records.version").write_text(records_version(), encoding="ascii")

    def run(self, *line: object) -> Ran:
        """Run a command in the workspace, on the tests' day."""
        if self.here:
            return galien_here(*line, *self.common)
        return galien(*line, *self.common, env=self.env)

    def begin(self, *line: object) -> subprocess.Popen[str]:
        """Start a command in the workspace."""
        return start(*line, *self.common, env=self.env)

    @property
    def common(self) -> tuple[object, ...]:
        """The common options of every command."""
        return ("--workspace", self.path, "--format", "json", "--on", TODAY)

    def load(self, content: bytes, *options: object, name: str = "ventes.csv") -> Ran:
        """Write a file outside the workspace and load it as the sales of the usual pharmacy."""
        file = self.path.parent / name
        file.write_bytes(content)
        sender = () if "--pharmacy" in options else ("--pharmacy", "750100042")
        return self.run("load", file, "--feed", "sales", *sender, *options)

    def sold(self) -> dict[str, float]:
        """Publish, and return the quantity sold by product in October 2026."""
        published = self.run("publish")
        assert published.code == 0, published.stderr
        asked = self.run(
            "ask", "sales", "--measure", "quantity", "--by", "product",
            "--period", "2026-10", "--compare", "none",
        )  # fmt: skip
        assert asked.code == 0, asked.stderr
        return {row[0]: row[2] for row in asked.answer["rows"]}
