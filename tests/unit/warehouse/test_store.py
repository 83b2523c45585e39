"""The store keeps tables under the hash of their bytes, and received bytes under lock and key."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from galien.kernel.errors import InternalError, NotAvailable
from galien.warehouse.raw import CHUNK, RawVault
from galien.warehouse.store import Store

TABLE = pa.table({"pharmacy": ["a", "b", "c"], "n": [1, 2, 3]})
FAR = 4_000_000_000.0


def test_the_same_rows_are_the_same_file_however_they_are_chunked(tmp_path: Path) -> None:
    store = Store(tmp_path)
    whole = store.put(TABLE)
    pieces = pa.concat_tables([TABLE.slice(0, 1), TABLE.slice(1)])
    assert store.put(pieces) == whole
    assert store.read(whole.sha256).equals(TABLE)
    assert len(list(tmp_path.glob("store/??/*.parquet"))) == 1


def test_row_groups_start_where_asked_and_carry_page_checksums(tmp_path: Path) -> None:
    store = Store(tmp_path)
    ref = store.put(TABLE, cuts=[1])
    metadata = pq.ParquetFile(store.path(ref.sha256)).metadata
    assert [metadata.row_group(i).num_rows for i in range(metadata.num_row_groups)] == [1, 2]


def test_a_table_without_rows_is_kept_with_its_columns(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert store.read(store.put(TABLE.slice(0, 0)).sha256).schema.names == TABLE.schema.names


def test_a_flipped_bit_is_found_and_putting_again_mends_it(tmp_path: Path) -> None:
    ref = Store(tmp_path).put(TABLE)
    path = Store(tmp_path).path(ref.sha256)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    store = Store(tmp_path)
    with pytest.raises(InternalError, match="altéré") as damaged:
        store.read(ref.sha256)
    assert damaged.value.code == "DAMAGED"
    store.put(TABLE)
    assert store.read(ref.sha256).equals(TABLE)


def test_a_sweep_spares_what_is_named_and_what_is_recent(tmp_path: Path) -> None:
    store = Store(tmp_path)
    kept, dropped = store.put(TABLE), store.put(TABLE.slice(1))
    (tmp_path / "tmp" / "left.part").write_bytes(b"half")
    assert store.sweep({kept.sha256}, older_than=0) == 0
    assert store.sweep({kept.sha256}, older_than=FAR) == 2
    assert store.read(kept.sha256).equals(TABLE)
    with pytest.raises(InternalError):
        store.read(dropped.sha256)


def test_received_bytes_come_back_and_are_not_readable_on_the_disk(tmp_path: Path) -> None:
    vault = RawVault(tmp_path, "secret")
    sent = os.urandom(100) + b"DUPONT" * (CHUNK // 3)
    vault.keep("r1", [sent[:7], sent[7:]])
    assert b"".join(vault.read("r1")) == sent
    assert b"DUPONT" not in (tmp_path / "raw" / "r1").read_bytes()
    with pytest.raises(InternalError):
        list(RawVault(tmp_path, "another secret").read("r1"))


@pytest.mark.parametrize("harm", ["cut", "swap"])
def test_received_bytes_cut_or_moved_are_refused(tmp_path: Path, harm: str) -> None:
    vault = RawVault(tmp_path, "secret")
    vault.keep("r1", [os.urandom(3 * CHUNK)])
    path = tmp_path / "raw" / "r1"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-1] if harm == "cut" else [lines[1], lines[0], *lines[2:]]))
    with pytest.raises(InternalError, match="altérés"):
        list(vault.read("r1"))


def test_received_bytes_are_purged(tmp_path: Path) -> None:
    vault = RawVault(tmp_path, "secret")
    vault.keep("r1", [b"x"])
    assert vault.purge(dt.datetime(2000, 1, 1, tzinfo=dt.UTC)) == 0
    assert vault.purge(dt.datetime(2100, 1, 1, tzinfo=dt.UTC)) == 1
    with pytest.raises(NotAvailable, match="renvoyez"):
        list(vault.read("r1"))


def test_a27_received_bytes_that_stop_short_leave_nothing(tmp_path: Path) -> None:
    """Whoever sent them left on the way; what a process killed then left goes with the old ones."""
    vault = RawVault(tmp_path, "secret")

    def stopping() -> Iterator[bytes]:
        yield b"x" * (CHUNK + 1)
        raise EOFError

    with pytest.raises(EOFError):
        vault.keep("r1", stopping())
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    (tmp_path / "tmp" / "killed.part").write_bytes(b"half")
    assert vault.purge(dt.datetime(2100, 1, 1, tzinfo=dt.UTC)) == 1


def test_rows_put_away_group_by_group_are_the_same_file(tmp_path: Path) -> None:
    store = Store(tmp_path)
    groups = [TABLE.slice(0, 1), pa.concat_tables([TABLE.slice(1, 1), TABLE.slice(2, 1)])]
    ref = store.put_groups(TABLE.schema, iter(groups))
    assert ref == store.put(TABLE, cuts=[1])
    assert store.put_groups(TABLE.schema, iter(groups)) == ref
    assert store.read(ref.sha256).equals(TABLE)
    assert not list(store.places.tmp.iterdir())


def test_groups_that_stop_short_leave_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path)

    def stopping() -> Iterator[pa.Table]:
        yield TABLE
        raise EOFError

    with pytest.raises(EOFError):
        store.put_groups(TABLE.schema, stopping())
    assert not list(store.places.tmp.iterdir())
    assert not list(tmp_path.glob("store/??/*"))
