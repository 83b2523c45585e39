"""A power cut, as the shim recorded it: what no sync had made durable is gone."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


class Power:
    """A folder as the disk holds it, from the moment this is made until the power is cut."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._shadow = root.with_name(root.name + "-durable")
        shutil.rmtree(self._shadow, ignore_errors=True)
        self._shadow.mkdir()
        # All that is there at first is durable.
        self._first = {path.stat().st_ino: path.relative_to(root) for path in _under(root)}

    def cut(self, base: Path, *, names_kept: bool) -> None:
        """Leave of the folder what a power cut leaves; `base` is a copy of how it was at first.

        A disk loses what was not synced, in the order it likes: either neither content nor names get
        there (`names_kept` false), or new names do, before the content of their files.
        """
        after = self.root.with_name(self.root.name + "-after")
        shutil.rmtree(after, ignore_errors=True)
        self._folder(self.root.stat().st_ino, base, after, self.root if names_kept else None)
        shutil.rmtree(self.root)
        after.rename(self.root)
        shutil.rmtree(self._shadow)

    def _folder(self, inode: int, base: Path, to: Path, seen: Path | None) -> None:
        to.mkdir()
        for name, each in self._names(inode, base, seen):
            if self._is_folder(each, seen and seen / name, base):
                self._folder(each, base, to / name, seen and seen / name)
            else:
                (to / name).write_bytes(self._content(each, base))

    def _names(self, inode: int, base: Path, seen: Path | None) -> list[tuple[str, int]]:
        if seen is not None:
            return [(path.name, path.stat().st_ino) for path in seen.iterdir()]
        synced = self._shadow / f"d{inode}"
        if synced.exists():
            lines = (line.split(" ", 1) for line in synced.read_text().splitlines())
            return [(name, int(each)) for each, name in lines if name not in {".", ".."}]
        first = self._first.get(inode)
        if first is None:
            return []
        inodes = {path: each for each, path in self._first.items()}
        return [(path.name, inodes[first / path.name]) for path in (base / first).iterdir()]

    def _is_folder(self, inode: int, seen: Path | None, base: Path) -> bool:
        if seen is not None:
            return seen.is_dir()
        if (self._shadow / f"d{inode}").exists():
            return True
        first = self._first.get(inode)
        return (base / first).is_dir() if first else self._made_folder(inode)

    def _made_folder(self, inode: int) -> bool:
        return any(path.is_dir() and path.stat().st_ino == inode for path in _under(self.root))

    def _content(self, inode: int, base: Path) -> bytes:
        synced = self._shadow / f"f{inode}"
        if synced.exists():
            return synced.read_bytes()
        first = self._first.get(inode)
        return (base / first).read_bytes() if first else b""


def _under(root: Path) -> list[Path]:
    found = [root]
    for folder, folders, files in os.walk(root):
        found += [Path(folder, name) for name in (*folders, *files)]
    return found
