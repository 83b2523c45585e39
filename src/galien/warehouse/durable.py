"""Files that survive a power cut: a draft, synced, takes its final name, and the folder is synced.

After an error of the disk the attempt is given up and never synced again: a second fsync on the same
descriptor may succeed although the data is lost.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import uuid
import zlib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from galien.kernel.errors import InternalError, refusal

NO_SPACE = "NO_SPACE"
STORAGE = "STORAGE"
_CHUNK = 1 << 20
_BLOCK = 64 * _CHUNK
_HANDS = 2


def storage_error(error: OSError) -> InternalError:
    """Say in French what the disk refused."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return InternalError(
            "Il n’y a plus de place sur le disque de l’espace de travail : rien n’a été enregistré. "
            "Libérez de la place puis recommencez.",
            code=NO_SPACE,
        )
    return InternalError(
        f"Le disque de l’espace de travail a refusé une écriture ({refusal(error)}) : rien n’a été "
        "enregistré. Vérifiez le disque puis recommencez.",
        code=STORAGE,
    )


def draft_name(tmp: Path, suffix: str = ".part") -> Path:
    """Return a new name in the folder of drafts."""
    return tmp / f"{uuid.uuid4().hex}{suffix}"


def write_file(final: Path, chunks: Iterable[bytes | memoryview], *, tmp: Path) -> None:
    """Write bytes under `final`, whole or not at all; InternalError (NO_SPACE, STORAGE).

    What `chunks` raises leaves nothing behind.
    """
    draft = draft_name(tmp)
    try:
        with open(draft, "xb", buffering=0) as file:  # noqa: PTH123 - unbuffered, so errors are seen here
            for chunk in chunks:
                _write_all(file.fileno(), memoryview(chunk))
            os.fsync(file.fileno())
        draft.replace(final)
        sync_folder(final.parent)
    except OSError as error:
        _forget(draft)
        raise storage_error(error) from error
    except BaseException:
        _forget(draft)
        raise


def name_file(draft: Path, final: Path) -> None:
    """Sync a draft made by another writer and give it its final name."""
    try:
        descriptor = os.open(draft, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        draft.replace(final)
        sync_folder(final.parent)
    except OSError as error:
        _forget(draft)
        raise storage_error(error) from error


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def older(path: Path, than: float) -> bool:
    """Tell whether a file is there and was last written before a moment (epoch seconds)."""
    try:
        return path.is_file() and path.stat().st_mtime < than
    except FileNotFoundError:
        return False


def file_sha256(path: Path) -> str:
    """Return the sha256 of a file's bytes, read in chunks."""
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def file_seal(path: Path) -> str:
    """Return a check of a large file's bytes, its blocks read side by side.

    Only for files that are ours to make again, whose engine checks each block it reads too: a CRC sees
    every burst of 32 bits and all but one in four thousand million other damages of a chunk, and costs a
    fifth of a cryptographic hash. A release's own files are named by their sha256.
    """
    size = path.stat().st_size
    with path.open("rb", buffering=0) as file, ThreadPoolExecutor(_HANDS) as hands:

        def block(start: int) -> bytes:
            return b"".join(
                zlib.crc32(
                    os.pread(file.fileno(), min(_CHUNK, start + _BLOCK - place), place)
                ).to_bytes(4, "big")
                for place in range(start, min(start + _BLOCK, size), _CHUNK)
            )

        checks = b"".join(hands.map(block, range(0, size, _BLOCK)))
    return hashlib.blake2b(checks + size.to_bytes(8, "big"), digest_size=32).hexdigest()


def _write_all(descriptor: int, data: memoryview) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


def _forget(draft: Path) -> None:
    with contextlib.suppress(OSError):
        draft.unlink(missing_ok=True)
