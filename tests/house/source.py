"""The checkout as the house tests read it: tracked files, modules, functions."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True)
class Function:
    """A function or method: its module's path, its dotted name and its length in lines."""

    path: str
    name: str
    lines: int


@cache
def tracked_files() -> tuple[Path, ...]:
    """Return the files that git keeps and that are still there."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    paths = (ROOT / name for name in listed.stdout.split("\0") if name)
    return tuple(path for path in paths if path.is_file())


def texts() -> Iterator[tuple[str, str]]:
    """Yield each tracked text file: its path from the root and what it holds."""
    for path in tracked_files():
        content = path.read_bytes()
        if b"\0" not in content[:8192]:
            yield relative(path), content.decode("utf-8", errors="replace")


@cache
def modules(folder: str) -> dict[str, ast.Module]:
    """Return the parsed modules under a folder, those that Django generates left out."""
    return {
        relative(path): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "migrations" not in path.parts
    }


def functions(folder: str) -> Iterator[Function]:
    """Yield the functions and methods under a folder, nested ones with their owner's."""
    for path, module in modules(folder).items():
        for name, node in definitions(module):
            if not isinstance(node, ast.ClassDef):
                yield Function(path, name, (node.end_lineno or node.lineno) - node.lineno + 1)


def definitions(
    owner: ast.Module | ast.ClassDef, prefix: str = ""
) -> Iterator[tuple[str, Definition]]:
    """Yield the classes, functions and methods of a module with their dotted names."""
    for node in owner.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield prefix + node.name, node
            if isinstance(node, ast.ClassDef):
                yield from definitions(node, f"{prefix}{node.name}.")


def line_count(path: str) -> int:
    """Return how many lines a file has."""
    return len((ROOT / path).read_text(encoding="utf-8").splitlines())


def relative(path: Path) -> str:
    """Return a path from the root, with slashes."""
    return path.relative_to(ROOT).as_posix()
