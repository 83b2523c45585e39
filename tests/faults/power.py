"""A power cut, as the shim recorded it: what no sync had made durable is gone."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from tests.faults.pictures import Entry


class Power:
    """A folder as the disk holds it, from the moment this is made until the power is cut.

    `base` is a copy of how the folder is at first, all of it durable; or, given with `contents`, what a
    power cut would leave of it at first, `contents` being what it would if all names were durable.
    """

    def __init__(self, root: Path, base: Path, contents: Path | None = None) -> None:
        self.root = root
        self._base = base
        self._contents = contents or base
        self._shadow = root.with_name(root.name + "-durable")
        shutil.rmtree(self._shadow, ignore_errors=True)
        self._shadow.mkdir()
        self._first = {path.stat().st_ino: path.relative_to(root) for path in _under(root)}
        self._inodes = {path: each for each, path in self._first.items()}
        self._lost = self._not_in_root() if contents else {}
        self._inodes |= {path.relative_to(base): each for each, path in self._lost.items()}

    def left(self, *, names_kept: bool) -> Iterable[Entry]:
        """Return what of the folder a power cut would leave now.

        A disk loses what was not synced, in the order it likes: either neither content nor names get
        there (`names_kept` false), or new names do, before the content of their files.
        """
        made = {path.stat().st_ino for path in _under(self.root) if path.is_dir()}
        return self._folder(self.root.stat().st_ino, "", self.root if names_kept else None, made)

    def _not_in_root(self) -> dict[int, Path]:
        """Return, under numbers of their own, files that have lost their names, but not on the disk."""
        return {
            -number: path
            for number, path in enumerate(_under(self._base), 1)
            if path.is_file() and not self._still_there(path)
        }

    def _still_there(self, path: Path) -> bool:
        name = path.relative_to(self._base)
        kept = self._contents / name
        return name in self._inodes and kept.is_file() and kept.read_bytes() == path.read_bytes()

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
        if first is None or not (self._base / first).is_dir():
            return []
        return [
            (path.name, self._inodes[first / path.name]) for path in (self._base / first).iterdir()
        ]

    def _is_folder(self, inode: int, seen: Path | None, made: set[int]) -> bool:
        if seen is not None:
            return seen.is_dir()
        return inode in made or (self._shadow / f"d{inode}").exists()

    def _content(self, inode: int) -> bytes:
        synced = self._shadow / f"f{inode}"
        if synced.exists():
            return synced.read_bytes()
        if inode in self._lost:
            return self._lost[inode].read_bytes()
        first = self._first.get(inode)
        return (self._contents / first).read_bytes() if first else b""


def _under(root: Path) -> list[Path]:
    found = [root]
    for folder, folders, files in os.walk(root):
        found += [Path(folder, name) for name in (*folders, *files)]
    return found
