"""Facts kept by parts while a file is read: as they are, compressed, handed over, or laid on the disk."""

from __future__ import annotations

import os
import tempfile
import weakref
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import pyarrow as pa

from galien.warehouse.durable import storage_error

PLAIN = 32 << 20  # bytes


class Outlet(Protocol):
    """Where the facts of a long file go as they are made."""

    def give(self, name: str, stream: pa.Buffer) -> None:
        """Give more rows of a fact, as an Arrow stream."""
        ...

    def start_over(self) -> None:
        """Take back all that was given: the file is read again."""
        ...


class Laid:
    """A file of ours without a name, gone with the process, where parts wait that memory is not to hold."""

    def __init__(self, folder: Path) -> None:
        with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
            self._descriptor = os.dup(file.fileno())
        weakref.finalize(self, os.close, self._descriptor)
        self._end = 0

    def add(self, content: pa.Buffer) -> LaidPart:
        """Write a part; InternalError (NO_SPACE, STORAGE)."""
        part = LaidPart(self, self._end, content.size)
        left = memoryview(content)
        try:
            while left:
                written = os.pwrite(self._descriptor, left, self._end)
                self._end += written
                left = left[written:]
        except OSError as error:
            raise storage_error(error) from error
        return part

    def read(self, start: int, size: int) -> pa.Buffer:
        """Read a part again."""
        return pa.py_buffer(os.pread(self._descriptor, size, start))


@dataclass(frozen=True)
class LaidPart:
    """Where a part is in the file it was laid in."""

    file: Laid
    start: int
    size: int

    def content(self) -> pa.Buffer:
        """Read it."""
        return self.file.read(self.start, self.size)


class KeptFacts(Mapping[str, pa.Table]):
    """The facts of a file by name; a table is put together when it is asked for.

    The first `PLAIN` bytes are kept as they are: files of a usual length pay nothing. Beyond them, all goes
    to the `outlet`, or what comes is laid in a file of the folder of `drafts`, or compressed.
    """

    def __init__(self, *, outlet: Outlet | None = None, drafts: Path | None = None) -> None:
        self._parts: dict[str, list[pa.Table | pa.Buffer | LaidPart]] = {}
        self._plain = 0
        self._outlet = outlet
        self._drafts = drafts
        self._laid: Laid | None = None

    def add(self, name: str, table: pa.Table) -> None:
        """Keep more rows of a fact, after those it has."""
        if self._plain <= PLAIN:
            self._plain += table.nbytes
            self._parts.setdefault(name, []).append(table)
        elif self._outlet is None:
            self._parts.setdefault(name, []).append(_stream(table, "zstd"))
        else:
            self._hand_over(self._outlet)
            self._outlet.give(name, _stream(table, "zstd"))

    def add_stream(self, name: str, stream: pa.Buffer) -> None:
        """Keep more rows of a fact, as one of its `streams`."""
        part: pa.Buffer | LaidPart = stream
        if self._plain > PLAIN and self._drafts is not None:
            self._laid = self._laid or Laid(self._drafts)
            part = self._laid.add(stream)
        self._plain += stream.size
        self._parts.setdefault(name, []).append(part)

    def _hand_over(self, outlet: Outlet) -> None:
        for name in self:
            for stream in self.streams(name):
                outlet.give(name, stream)
        self._parts.clear()

    def streams(self, name: str) -> Iterator[pa.Buffer]:
        """Give the parts of a fact as Arrow streams."""
        for part in self._parts[name]:
            if isinstance(part, LaidPart):
                yield part.content()
            else:
                yield part if isinstance(part, pa.Buffer) else _stream(part, None)

    def count(self, name: str) -> int:
        """Return how many parts a fact has."""
        return len(self._parts[name])

    def parts(self, name: str) -> Iterator[pa.Table]:
        """Give the rows of a fact part by part."""
        yield from map(_table, self._parts[name])

    def __getitem__(self, name: str) -> pa.Table:
        return pa.concat_tables(self.parts(name))

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)


def _stream(table: pa.Table, compression: Literal["zstd"] | None) -> pa.Buffer:
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression=compression)
    with pa.ipc.new_stream(sink, table.schema, options=options) as writer:
        writer.write_table(table)
    return sink.getvalue()


def _table(part: pa.Table | pa.Buffer | LaidPart) -> pa.Table:
    if isinstance(part, pa.Table):
        return part
    with pa.ipc.open_stream(part.content() if isinstance(part, LaidPart) else part) as reader:
        return reader.read_all()
