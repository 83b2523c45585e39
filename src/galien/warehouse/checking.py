"""Checking a release: every file it names is there with its hash, before any figure is shown."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from galien.kernel.errors import InternalError
from galien.warehouse.derive.file import sealed
from galien.warehouse.ledger import ReleaseRecord
from galien.warehouse.manifest import DAMAGED, Manifest, read_manifest
from galien.warehouse.store import Store

_READERS = 2  # hashing leaves the interpreter free


@dataclass(frozen=True)
class Integrity:
    """What a full check of a release found: files read, and a French sentence per damage.

    `derived` tells whether its analytical file is whole; it can be made again when it is not.
    """

    release: str
    files: int
    damage: tuple[str, ...]
    derived: bool

    @property
    def whole(self) -> bool:
        """Tell whether every figure of the release can be trusted."""
        return not self.damage


def checked_manifest(release: ReleaseRecord, store: Store) -> Manifest:
    """Return the manifest of a release once all its files were checked in this process.

    Raises InternalError (DAMAGED) for the first damage found.
    """
    manifest = read_manifest(store.places, release.release, release.manifest_sha256)
    with ThreadPoolExecutor(_READERS) as readers:
        for _ in readers.map(store.verify, sorted(manifest.hashes)):
            pass
    return manifest


def integrity(release: ReleaseRecord, store: Store) -> Integrity:
    """Read every file of a release again and say what is damaged."""
    derived = sealed(store.places, release.release)
    try:
        manifest = read_manifest(store.places, release.release, release.manifest_sha256)
    except InternalError as error:
        return Integrity(release.release, 0, (error.message,), derived)
    hashes = sorted(manifest.hashes)
    damage = tuple(found for sha256 in hashes if (found := _damage(store, sha256)))
    return Integrity(release.release, len(hashes), damage, derived)


def _damage(store: Store, sha256: str) -> str:
    try:
        store.verify(sha256, fresh=True)
    except InternalError as error:
        if error.code != DAMAGED:
            raise
        return error.message
    return ""
