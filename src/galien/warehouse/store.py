"""The store: Parquet files named by the sha256 of their bytes, written once, checked before use.

One flipped bit in a Parquet file gives a silently wrong total more often than an error, so a file's
hash is checked when a process first opens it; pages carry checksums as a second net.
"""

from __future__ import annotations

import hashlib
import io
import itertools
import threading
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from galien.kernel.errors import InternalError
from galien.warehouse.durable import (
    draft_name,
    file_sha256,
    name_file,
    older,
    storage_error,
    sync_folder,
    write_file,
)
from galien.warehouse.places import Places

ROW_GROUP = 122_880
DAMAGED = "DAMAGED"


@dataclass(frozen=True)
class FileRef:
    """A stored file: its content's hash, which is also its name, its rows and its size in bytes."""

    sha256: str
    rows: int
    bytes: int


class Store:
    """Puts tables away and gives them back, whole and verified."""

    def __init__(self, root: Path) -> None:
        self.places = Places(root)
        self.places.create()
        self._verified: set[str] = set()
        self._named: set[str] = set()
        self._lock = threading.Lock()

    def path(self, sha256: str) -> Path:
        """Return where a file is, or would be."""
        return self.places.store / sha256[:2] / f"{sha256}.parquet"

    def put(self, table: pa.Table, *, cuts: Sequence[int] = ()) -> FileRef:
        """Put a table away, row groups starting also at the row numbers in `cuts`.

        The same rows in the same order give the same bytes, so the same name: putting twice is
        putting once. Raises InternalError (NO_SPACE, STORAGE); nothing is then kept.
        """
        data = _encode(table, cuts)
        ref = FileRef(hashlib.sha256(data).hexdigest(), table.num_rows, len(data))
        if not self._there(ref.sha256):
            write_file(self.path(ref.sha256), [data], tmp=self.places.tmp)
            self._trust(ref.sha256)
        return ref

    def put_groups(self, schema: pa.Schema, groups: Iterable[pa.Table]) -> FileRef:
        """Put rows away that come one row group after the other, none held once it is written.

        Groups of at most `ROW_GROUP` rows give the file that `put` makes of all the rows with the same cuts,
        and the same promises hold; what `groups` raises leaves nothing behind.
        """
        draft = draft_name(self.places.tmp)
        try:
            ref = _write_groups(draft, schema, groups)
            if not self._there(ref.sha256):
                name_file(draft, self.path(ref.sha256))
                self._trust(ref.sha256)
        except OSError as error:
            raise storage_error(error) from error
        finally:
            draft.unlink(missing_ok=True)
        return ref

    def _there(self, sha256: str) -> bool:
        """Tell whether a file is there already, whole; make its folder if it is not."""
        path = self.path(sha256)
        try:
            self._make_folder(path.parent)
            if self._whole(sha256):
                sync_folder(path.parent)
                return True
        except OSError as error:
            raise storage_error(error) from error
        return False

    def _make_folder(self, folder: Path) -> None:
        """Make a folder of the store, its name on the disk.

        One that is there may be another's who has not synced its name yet, or was stopped before.
        """
        if folder.name not in self._named or not folder.is_dir():
            folder.mkdir(mode=0o700, exist_ok=True)
            sync_folder(folder.parent)
            self._named.add(folder.name)

    def _trust(self, sha256: str) -> None:
        with self._lock:
            self._verified.add(sha256)

    def verify(self, sha256: str, *, fresh: bool = False) -> Path:
        """Return the path of a file whose bytes have this hash; InternalError (DAMAGED) otherwise.

        A file is read once per process, each time when `fresh`.
        """
        with self._lock:
            known = sha256 in self._verified and not fresh
        path = self.path(sha256)
        if known and path.exists():
            return path
        try:
            found = file_sha256(path)
        except OSError as error:
            raise self._damaged(sha256, error.strerror or "illisible") from error
        if found != sha256:
            raise self._damaged(sha256, "contenu altéré")
        with self._lock:
            self._verified.add(sha256)
        return path

    def read(self, sha256: str) -> pa.Table:
        """Return the rows of a file, verified."""
        path = self.verify(sha256)
        try:
            return pq.read_table(path, page_checksum_verification=True, partitioning=None)
        except (OSError, pa.ArrowException) as error:
            raise self._damaged(sha256, type(error).__name__) from error

    def sweep(self, keep: Collection[str], *, older_than: float) -> int:
        """Delete files that nothing names and that were written before `older_than` (epoch seconds).

        Returns how many were deleted, drafts included.
        """
        drafts = [path for path in self.places.tmp.iterdir() if older(path, older_than)]
        files = [
            path
            for path in self.places.store.glob("??/*.parquet")
            if path.stem not in keep and older(path, older_than)
        ]
        for path in itertools.chain(drafts, files):
            path.unlink(missing_ok=True)
            with self._lock:
                self._verified.discard(path.stem)
        return len(drafts) + len(files)

    def _whole(self, sha256: str) -> bool:
        if not self.path(sha256).exists():
            return False
        try:
            self.verify(sha256)
        except InternalError:
            return False
        return True

    def _damaged(self, sha256: str, why: str) -> InternalError:
        with self._lock:
            self._verified.discard(sha256)
        return InternalError(
            f"Le fichier {sha256[:16]}… de l’entrepôt est endommagé ou manquant ({why}).",
            code=DAMAGED,
        )


def _encode(table: pa.Table, cuts: Sequence[int]) -> memoryview:
    whole = table.combine_chunks().replace_schema_metadata(None)
    sink = pa.BufferOutputStream()
    bounds = sorted({0, whole.num_rows, *cuts})
    with _writer(sink, whole.schema) as writer:
        for start, end in itertools.pairwise(bounds):
            writer.write_table(whole.slice(start, end - start), row_group_size=ROW_GROUP)
    return memoryview(sink.getvalue())


def _write_groups(draft: Path, schema: pa.Schema, groups: Iterable[pa.Table]) -> FileRef:
    plain, rows = schema.remove_metadata(), 0
    with draft.open("xb") as file:
        hashed = _Hashed(file)
        with pa.PythonFile(hashed, "w") as sink, _writer(sink, plain) as writer:
            for group in groups:
                whole = group.combine_chunks().replace_schema_metadata(None)
                writer.write_table(whole, row_group_size=ROW_GROUP)
                rows += whole.num_rows
    return FileRef(hashed.digest.hexdigest(), rows, hashed.bytes)


def _writer(sink: Any, schema: pa.Schema) -> pq.ParquetWriter:
    return pq.ParquetWriter(
        sink,
        schema,
        compression="snappy",
        version="2.6",
        write_page_checksum=True,
        store_decimal_as_integer=True,
    )


class _Hashed(io.RawIOBase):
    """A file written to, its bytes hashed and counted on the way."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._file = file
        self.digest = hashlib.sha256()
        self.bytes = 0

    def writable(self) -> bool:
        """Tell that it is written to."""
        return True

    def write(self, data: Any) -> int:
        """Write bytes."""
        written = self._file.write(data)
        self.digest.update(data)
        self.bytes += written
        return written
