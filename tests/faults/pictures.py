"""Pictures of a folder: its folders and files as they were at one moment, each content kept once."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

# Nanoseconds, more than the clock of a file system's step: two writes in one step look like one.
_SETTLED = 50_000_000

Entry = tuple[str, bytes | None]
"""A name inside the folder, with what the file holds; None for a folder."""


@dataclass(frozen=True)
class Picture:
    """Names inside the folder, in order, with the sha256 of what each file holds; None for a folder."""

    names: tuple[tuple[str, str | None], ...]


class Pictures:
    """Takes pictures, and puts a folder back as it was on one."""

    def __init__(self, contents: Path) -> None:
        self._contents = contents
        self._settled: dict[tuple[int, int, int], str] = {}
        contents.mkdir()

    def take(self, root: Path) -> Picture:
        """Return a picture of a folder. A file not written for a while is read once."""
        now = time.time_ns()
        start = len(str(root)) + 1
        return Picture(
            tuple(sorted((each.path[start:], self._file(each, now)) for each in under(root)))
        )

    def _file(self, each: os.DirEntry[str], now: int) -> str | None:
        if each.is_dir():
            return None
        found = each.stat()
        seal = (found.st_ino, found.st_size, found.st_mtime_ns)
        if seal in self._settled:
            return self._settled[seal]
        sha256 = self._kept(Path(each.path).read_bytes())
        if now - found.st_mtime_ns > _SETTLED:
            self._settled[seal] = sha256
        return sha256

    def of(self, found: Iterable[Entry]) -> Picture:
        """Return a picture of these names."""
        return Picture(
            tuple(
                sorted((name, None if held is None else self._kept(held)) for name, held in found)
            )
        )

    def put_back(self, picture: Picture, root: Path) -> None:
        """Make the folder again as it was."""
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir()
        for name, sha256 in picture.names:
            if sha256 is None:
                (root / name).mkdir()
            else:
                shutil.copyfile(self._contents / sha256, root / name)

    def _kept(self, content: bytes) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        path = self._contents / sha256
        if not path.exists():
            path.write_bytes(content)
        return sha256


def under(folder: Path | str) -> Iterator[os.DirEntry[str]]:
    """Return all that is in a folder, a folder before what it holds."""
    with os.scandir(folder) as found:
        for each in found:
            yield each
            if each.is_dir():
                yield from under(each.path)
