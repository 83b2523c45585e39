"""Facts kept by parts while a file is read, compressed once there is much of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

import pyarrow as pa

PLAIN = 32 << 20  # bytes


class KeptFacts(Mapping[str, pa.Table]):
    """The facts of a file by name; a table is put together when it is asked for.

    The first `PLAIN` bytes are kept as they are: files of a usual length pay nothing.
    """

    def __init__(self) -> None:
        self._parts: dict[str, list[pa.Table | pa.Buffer]] = {}
        self._plain = 0

    def add(self, name: str, table: pa.Table) -> None:
        """Keep more rows of a fact, after those it has."""
        much = self._plain > PLAIN
        self._plain += 0 if much else table.nbytes
        self._parts.setdefault(name, []).append(_stream(table, "zstd") if much else table)

    def add_stream(self, name: str, stream: pa.Buffer) -> None:
        """Keep more rows of a fact, as one of its `streams`."""
        self._parts.setdefault(name, []).append(stream)

    def streams(self, name: str) -> Iterator[pa.Buffer]:
        """Give the parts of a fact as Arrow streams."""
        for part in self._parts[name]:
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


def _table(part: pa.Table | pa.Buffer) -> pa.Table:
    if isinstance(part, pa.Table):
        return part
    with pa.ipc.open_stream(part) as reader:
        return reader.read_all()
