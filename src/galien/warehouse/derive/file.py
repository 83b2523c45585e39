"""The analytical file on the disk: made under a draft name, sealed by its hash, made again at need."""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from galien.engines.protocol import Engines
from galien.kernel.errors import InternalError
from galien.warehouse.derive.build import build_from_parent, build_whole, can_follow
from galien.warehouse.derive.source import LAYOUT, Source
from galien.warehouse.durable import (
    draft_name,
    file_seal,
    name_file,
    storage_error,
    write_file,
)
from galien.warehouse.manifest import Manifest
from galien.warehouse.places import Places
from galien.warehouse.store import Store


@dataclass(frozen=True)
class Made:
    """A release already made and its analytical file, which was checked: what the next one starts from."""

    manifest: Manifest
    path: Path


def made_already(manifest: Manifest, *, store: Store) -> Made | None:
    """Return a release with its analytical file if that one is there, whole; None otherwise."""
    if not sealed(store.places, manifest.release):
        return None
    return Made(manifest, store.places.derived_file(manifest.release))


def ensure_derived(
    manifest: Manifest, *, store: Store, engines: Engines, parent: Made | None = None
) -> Path:
    """Return the release's analytical file, made if it is missing or damaged.

    It is made from the parent's file when there is one to follow, otherwise from the release's
    Parquet files. One process makes it at a time. Raises InternalError when the disk refuses or when
    a Parquet file is damaged.
    """
    places = store.places
    final = places.derived_file(manifest.release)
    if sealed(places, manifest.release):
        return final
    with _alone(places):
        if sealed(places, manifest.release):
            return final
        draft = draft_name(places.tmp, ".duckdb")
        try:
            _build(draft, manifest, parent, store, engines)
            seal = {"release": manifest.release, "layout": LAYOUT, "seal": file_seal(draft)}
            places.derived_seal(manifest.release).unlink(missing_ok=True)
            name_file(draft, final)
            write_file(
                places.derived_seal(manifest.release),
                [json.dumps(seal | {"bytes": final.stat().st_size}).encode()],
                tmp=places.tmp,
            )
        except OSError as error:
            raise storage_error(error) from error
        finally:
            for leftover in places.tmp.glob(draft.name + "*"):
                leftover.unlink(missing_ok=True)
    return final


def sealed(places: Places, release: str, *, deep: bool = True) -> bool:
    """Tell whether a release's analytical file is there, whole, and of today's layout.

    Its size is compared with the seal, and its hash too when `deep` (a second for several gigabytes).
    """
    try:
        seal = json.loads(places.derived_seal(release).read_bytes())
        path = places.derived_file(release)
        whole: bool = (
            seal["release"] == release
            and seal["layout"] == LAYOUT
            and seal["bytes"] == path.stat().st_size
            and (not deep or seal["seal"] == file_seal(path))
        )
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return whole


def _build(
    draft: Path, manifest: Manifest, parent: Made | None, store: Store, engines: Engines
) -> None:
    source = Source(manifest, store)
    if parent is not None and can_follow(manifest, parent.manifest):
        shutil.copyfile(parent.path, draft)
        build_from_parent(draft, source, parent.manifest, engines)
    else:
        build_whole(draft, source, engines)
    if draft.with_name(draft.name + ".wal").exists():
        raise InternalError("Le fichier d’analyse n’a pas été refermé.")


@contextmanager
def _alone(places: Places) -> Iterator[None]:
    """Hold the lock of derivations: two processes that find a file missing make it once."""
    with (places.derived / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
