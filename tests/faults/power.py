"""A power cut, as the shim recorded it: what no sync had made durable is gone."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from tests.faults.pictures import Entry


class Power:
    """A folder as the disk holds it, from the moment this is made until the power is cut.

    `base` is a copy of how the folder is at first, all of it durable.
    """

    def __init__(self, root: Path, base: Path) -> None:
        self.root = root
        self._base = base
        self._shadow = root.with_name(root.name + "-durable")
        shutil.rmtree(self._shadow, ignore_errors=True)
        self._shadow.mkdir()
        self._first = {path.stat().st_ino: path.relative_to(root) for path in _under(root)}
        self._inodes = {path: each for each, path in self._first.items()}

    def left(self, *, names_kept: bool) -> Iterable[Entry]:
        """Return what of the folder a power cut would leave now.

        A disk loses what was not synced, in the order it likes: either neither content nor names get
        there (`names_kept` false), or new names do, before the content of their files.
        """
        made = {path.stat().st_ino for path in _under(self.root) if path.is_dir()}
        return self._folder(self.root.stat().st_ino, "", self.root if names_kept else None, made)

    def over(self) -> None:
        """Forget what was recorded."""
        shutil.rmtree(self._shadow)

    def _folder(self, inode: int, at: str, seen: Path | None, made: set[int]) -> Iterable[Entry]:
        for name, each in self._names(inode, seen):
            path = f"{at}{name}"
            if self._is_folder(each, seen and seen / name, made):
                yield path, None
                yield from self._folder(each, f"{path}/", seen and seen / name, made)
            else:
                yield path, self._content(each)

    def _names(self, inode: int, seen: Path | None) -> list[tuple[str, int]]:
        if seen is not None:
            return [(path.name, path.stat().st_ino) for path in seen.iterdir()]
        synced = self._shadow / f"d{inode}"
        if synced.exists():
            lines = (line.split(" ", 1) for line in synced.read_text().splitlines())
            return [(name, int(each)) for each, name in lines if name not in {".", ".."}]
        first = self._first.get(inode)
        if first is None:
            return []
        return [
            (path.name, self._inodes[first / path.name]) for path in (self._base / first).iterdir()
        ]

    def _is_folder(self, inode: int, seen: Path | None, made: set[int]) -> bool:
        if seen is not None:
            return seen.is_dir()
        if (self._shadow / f"d{inode}").exists():
            return True
        first = self._first.get(inode)
        return (self._base / first).is_dir() if first else inode in made

    def _content(self, inode: int) -> bytes:
        synced = self._shadow / f"f{inode}"
        if synced.exists():
            return synced.read_bytes()
        first = self._first.get(inode)
        return (self._base / first).read_bytes() if first else b""


def _under(root: Path) -> list[Path]:
    found = [root]
    for folder, folders, files in os.walk(root):
        found += [Path(folder, name) for name in (*folders, *files)]
    return found
