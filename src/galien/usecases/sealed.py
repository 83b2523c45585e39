"""Bytes waiting to be read: sealed in the machine's temporary folder, which no backup takes.

What a browser sends has not been scanned for personal data yet, so that nothing of it may be written in
the workspace, and nothing readable anywhere.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from galien.usecases.services import Services
from galien.warehouse.raw import RawVault

KEPT = dt.timedelta(days=1)


def seal(chunks: Iterable[bytes], *, services: Services) -> str:
    """Keep bytes and return the key that opens them; what waited over a day is forgotten."""
    key = secrets.token_hex(16)
    forget_old(services)
    _vault(services).keep(key, chunks)
    return key


def forget_old(services: Services) -> int:
    """Delete what waited over a day (its job was cancelled, or no worker came); return how many."""
    return _vault(services).purge(services.clock.now() - KEPT)


def opened(key: str, *, services: Services) -> Iterator[bytes]:
    """Yield the bytes of a key; NotAvailable once they are gone."""
    return _vault(services).read(key)


def forget(key: str, *, services: Services) -> None:
    """Delete the bytes of a key, if they are still there."""
    (_place(services) / "raw" / Path(key).name).unlink(missing_ok=True)


def _place(services: Services) -> Path:
    mark = hashlib.sha256(str(services.workspace.path).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"galien-{mark}"


def _vault(services: Services) -> RawVault:
    place = _place(services)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return RawVault(place, services.workspace.secret())
