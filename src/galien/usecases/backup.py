"""Backup and restore: one file that gives the same totals and the same hashes elsewhere.

The records are copied first, then the immutable files they name, so that a backup taken while
loading is one moment of the workspace. Received bytes are never in a backup.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from galien.kernel.errors import InternalError, InvalidInput, refusal
from galien.usecases.progress import Progress, silent
from galien.usecases.services import Services
from galien.usecases.workspace import Workspace

FORMAT = 1
INDEX = "backup.json"
SQLITE, JSON = "galien.sqlite3", "records.json"
FOLDERS = ("releases", "catalogue", "mappings")
LEFT_TO_DJANGO = ("contenttypes", "auth.permission", "sessions")


@dataclass(frozen=True)
class BackedUp:
    """A backup made or restored: its file count, its size in bytes, the release it serves."""

    files: int
    bytes: int
    release: str | None


def backup(target: Path, *, services: Services, progress: Progress = silent) -> BackedUp:
    """Write a backup of the workspace to a file, whole or not at all.

    Raises InvalidInput when the file exists or cannot be written.
    """
    if target.exists():
        raise InvalidInput(f"{target} existe déjà : donnez un autre nom.", code="EXISTS")
    draft = target.with_name(target.name + ".part")
    current = services.ledger.current_release()
    release = current.release if current else None
    try:
        with tempfile.TemporaryDirectory(dir=services.workspace.tmp) as folder:
            records = _copy_records(Path(folder))
            entries = [(records.name, records), *_files(services.workspace)]
            _write(draft, entries, release, progress)
        draft.rename(target)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise InvalidInput(
            f"Sauvegarde {target} impossible ({refusal(error)}).", code="STORAGE"
        ) from error
    progress(1.0, "Sauvegarde terminée")
    return BackedUp(len(entries), target.stat().st_size, release)


def _copy_records(folder: Path) -> Path:
    """Copy the records as one moment: SQLite's online backup, or everything as JSON elsewhere."""
    if connection.vendor == "sqlite":
        copy = folder / SQLITE
        connection.ensure_connection()
        with contextlib.closing(sqlite3.connect(copy)) as target:
            connection.connection.backup(target)
        return copy
    copy = folder / JSON
    call_command("dumpdata", exclude=list(LEFT_TO_DJANGO), output=str(copy), verbosity=0)
    return copy


def _files(workspace: Workspace) -> Iterator[tuple[str, Path]]:
    yield workspace.secret_key_file.name, workspace.secret_key_file
    for folder in ("store", *FOLDERS):
        for path in sorted((workspace / folder).rglob("*")):
            if path.is_file():
                yield str(path.relative_to(workspace.path)), path


def _write(
    draft: Path, entries: list[tuple[str, Path]], release: str | None, progress: Progress
) -> None:
    hashes = {}
    with tarfile.open(draft, "w") as archive:
        for number, (name, path) in enumerate(entries):
            progress(number / len(entries), "Sauvegarde")
            data = path.read_bytes()
            hashes[name] = hashlib.sha256(data).hexdigest()
            _add(archive, name, data)
        index = {"format": FORMAT, "release": release, "files": hashes}
        _add(archive, INDEX, json.dumps(index).encode())


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(data)
    entry.mode = 0o600
    archive.addfile(entry, io.BytesIO(data))


def restore(source: Path, workspace: Workspace, *, progress: Progress = silent) -> dict[str, str]:
    """Put a backup in a new workspace; every file's hash is checked before anything is in place.

    Returns the hashes of the files. Raises InvalidInput when the workspace exists or the file is
    not a whole backup.
    """
    if workspace.exists:
        raise InvalidInput(
            f"L’espace de travail {workspace.path} existe déjà : restaurez dans un autre dossier.",
            code="EXISTS",
        )
    draft = workspace.path.with_name(workspace.path.name + ".restoring")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        hashes = _unpack(source, draft, progress)
        if workspace.path.is_dir():
            workspace.path.rmdir()
        draft.rename(workspace.path)
    except (OSError, tarfile.TarError, KeyError, ValueError) as error:
        raise InvalidInput(
            f"{source} n’est pas une sauvegarde entière de Galien ({error}).", code="NOT_A_BACKUP"
        ) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    workspace.create()
    return hashes


def _unpack(source: Path, folder: Path, progress: Progress) -> dict[str, str]:
    with tarfile.open(source) as archive:
        members = archive.getmembers()
        index = json.loads(_bytes(archive, INDEX))
        hashes: dict[str, str] = index["files"]
        for number, member in enumerate(members):
            progress(number / len(members), "Restauration")
            if member.name == INDEX:
                continue
            data = _bytes(archive, member.name)
            if hashlib.sha256(data).hexdigest() != hashes[member.name]:
                raise ValueError(f"{member.name} est altéré")
            target = (folder / member.name).resolve()
            if folder.resolve() not in target.parents:
                raise ValueError(f"{member.name} sort du dossier")
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            target.write_bytes(data)
            target.chmod(0o600)
    missing = hashes.keys() - {member.name for member in members}
    if missing:
        raise ValueError(f"il manque {len(missing)} fichiers")
    return hashes


def _bytes(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(name)
    if file is None:
        raise ValueError(f"{name} n’est pas un fichier")
    return file.read()


def load_records(workspace: Workspace) -> None:
    """Read the records of a backup made on another database than SQLite; InternalError if none."""
    dump = workspace / JSON
    if connection.vendor == "sqlite" and not dump.exists():
        return
    if not dump.exists():
        raise InternalError(
            "Cette sauvegarde vient de SQLite : restaurez-la sans GALIEN_DATABASE_URL.",
            code="OTHER_DATABASE",
        )
    call_command("loaddata", str(dump), verbosity=0)
    dump.unlink()
