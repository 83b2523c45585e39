"""The seal of a large file: every byte counts, wherever it stands."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from galien.warehouse import durable
from galien.warehouse.durable import file_seal


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut files small, so that a short one has several blocks of several reads."""
    monkeypatch.setattr(durable, "_CHUNK", 8)
    monkeypatch.setattr(durable, "_BLOCK", 32)


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("size", [0, 1, 31, 32, 33, 100])
def test_any_byte_changed_changes_the_seal(tmp_path: Path, size: int) -> None:
    file = tmp_path / "file"
    content = bytearray(os.urandom(size))
    file.write_bytes(content)
    seal = file_seal(file)
    assert file_seal(file) == seal
    for place in range(size):
        changed = bytearray(content)
        changed[place] ^= 1
        file.write_bytes(changed)
        assert file_seal(file) != seal


@pytest.mark.usefixtures("small_blocks")
def test_bytes_added_cut_or_moved_change_the_seal(tmp_path: Path) -> None:
    file = tmp_path / "file"
    first, second = os.urandom(32), os.urandom(32)
    seals = set()
    for content in (first + second, second + first, first, first + second + b"\0", b""):
        file.write_bytes(content)
        seals.add(file_seal(file))
    assert len(seals) == 5
