"""Received bytes, kept encrypted for a month so that a file can be replayed, and by nothing else."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from galien.kernel.errors import InternalError, NotAvailable
from galien.warehouse.durable import older, write_file
from galien.warehouse.places import Places

KEPT_DAYS = 30
CHUNK = 1 << 20


class RawVault:
    """Keeps the bytes of each receipt under a key drawn from the workspace's secret.

    A file is a run of Fernet tokens, one a line; each holds its number, and the last one says so, so
    that a line lost, moved or cut off is noticed.
    """

    def __init__(self, root: Path, secret: str) -> None:
        self._places = Places(root)
        self._places.create()
        digest = hashlib.sha256(b"galien/raw/" + secret.encode()).digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(digest))

    def keep(self, receipt: str, chunks: Iterable[bytes]) -> None:
        """Encrypt and keep the bytes of a receipt, given in any pieces."""
        write_file(self._path(receipt), self._tokens(chunks), tmp=self._places.tmp)

    def read(self, receipt: str) -> Iterator[bytes]:
        """Yield the bytes of a receipt; NotAvailable once purged, InternalError when altered."""
        path = self._path(receipt)
        if not path.is_file():
            raise NotAvailable(
                f"Les octets du récépissé {receipt} ne sont plus gardés ({KEPT_DAYS} jours) : "
                "renvoyez le fichier.",
                code="RAW_GONE",
            )
        last = b"0"
        with path.open("rb") as file:
            for number, token in enumerate(file):
                head, data = self._open(token, receipt)
                last, expected = head[:1], b"%d" % number
                if head[1:] != expected:
                    raise _altered(receipt)
                yield data
        if last != b"1":
            raise _altered(receipt)

    def purge(self, before: dt.datetime) -> int:
        """Delete what was kept or begun before a moment (with its time zone); returns how many files."""
        old = [
            path
            for folder in (self._places.raw, self._places.tmp)
            for path in folder.iterdir()
            if older(path, before.timestamp())
        ]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    def _path(self, receipt: str) -> Path:
        return self._places.raw / Path(receipt).name

    def _tokens(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        pending, number = bytearray(), 0
        for chunk in chunks:
            pending += chunk
            while len(pending) > CHUNK:
                yield self._seal(b"0", number, bytes(pending[:CHUNK]))
                del pending[:CHUNK]
                number += 1
        yield self._seal(b"1", number, bytes(pending))

    def _seal(self, last: bytes, number: int, data: bytes) -> bytes:
        return self._fernet.encrypt(last + b"%d\n" % number + data) + b"\n"

    def _open(self, token: bytes, receipt: str) -> tuple[bytes, bytes]:
        try:
            head, _, data = self._fernet.decrypt(token.strip()).partition(b"\n")
        except InvalidToken as error:
            raise _altered(receipt) from error
        return head, data


def _altered(receipt: str) -> InternalError:
    return InternalError(
        f"Les octets gardés du récépissé {receipt} sont altérés : renvoyez le fichier.",
        code="DAMAGED",
    )
