"""The door: opens what was sent (plain, gzip, zip, zstd), bounded, and says what kind of file it is."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import BinaryIO

import pyarrow as pa

from galien.intake.arrow import arrow
from galien.intake.limits import Limits
from galien.intake.outcome import Stop
from galien.intake.zipdoor import open_zip

GZIP, ZIP, ZSTD = b"\x1f\x8b", b"PK\x03\x04", b"\x28\xb5\x2f\xfd"
EMPTY_ZIP = b"PK\x05\x06"
PARQUET = b"PAR1"
_FOREIGN = {
    b"%PDF": "un document PDF",
    b"\xd0\xcf\x11\xe0": "un ancien classeur Excel (.xls)",
    b"Rar!": "une archive RAR",
    b"7z\xbc\xaf": "une archive 7z",
    b"BZh": "une archive bzip2",
    b"\xfd7zXZ": "une archive xz",
    b"\x89PNG": "une image",
    b"\xff\xd8\xff": "une image",
    b"\x7fELF": "un programme",
}
_CHUNK = 1 << 20


class HashingReader:
    """Reads the received bytes once, hashing them and refusing more than the limit."""

    def __init__(self, source: BinaryIO, limits: Limits) -> None:
        self._source = source
        self._limit = limits.received_bytes
        self._hash = hashlib.sha256()
        self.size = 0

    def read(self, size: int) -> bytes:
        """Read at most `size` bytes; Stop TOO_LARGE beyond the limit."""
        data = self._source.read(size)
        self.size += len(data)
        self._hash.update(data)
        if self.size > self._limit:
            raise too_large(self._limit)
        return data

    def drain(self) -> str:
        """Read to the end and return the sha256 of all that was received."""
        while self.read(_CHUNK):
            pass
        return self._hash.hexdigest()

    @property
    def sha256(self) -> str:
        """The hash of the bytes read so far."""
        return self._hash.hexdigest()


@dataclass(frozen=True)
class Opened:
    """The content behind the container: its kind, its bytes block by block, names to scan.

    `kind` is `text`, `xlsx`, `ods` or `parquet`; `inner_names` are names found inside an archive: they
    are looked at for personal data, never used as a path.
    """

    kind: str
    blocks: Iterator[bytes]
    inner_names: tuple[str, ...] = ()


def too_large(limit: int) -> Stop:
    """The refusal of a file over a size limit, in bytes."""
    return Stop(
        "TOO_LARGE",
        f"Le fichier dépasse {limit // (1 << 20)} Mo, la taille admise : "
        "envoyez-le en plusieurs fois, par période.",
    )


def open_container(
    reader: HashingReader,
    limits: Limits,
    *,
    chosen: Callable[[list[str]], list[str]] | None = None,
) -> Opened:
    """Open the received bytes; Stop with the refusal code when they cannot be trusted.

    Of an archive of several files, the only one that is `chosen` by its name is opened.
    """
    head = _at_least(reader, 8)
    if not head:
        raise Stop(
            "EMPTY_FILE",
            "Le fichier est vide (0 octet) : vérifiez l’export dans le logiciel, puis renvoyez-le.",
        )
    if head.startswith((ZIP, EMPTY_ZIP)):
        data = head + _all(reader)
        zipped = open_zip(data, limits, chosen=chosen)
        if zipped.kind != "entry":
            return Opened(zipped.kind, iter([data]), zipped.names)
        return _identify(zipped.blocks, zipped.names)
    if head.startswith(GZIP):
        return _identify(_bounded(_gunzip(head, reader), reader, limits))
    if head.startswith(ZSTD):
        return _identify(_bounded(_unzstd(head, reader), reader, limits))
    return _identify(_plain(head, reader, limits))


def _identify(blocks: Iterator[bytes], names: tuple[str, ...] = ()) -> Opened:
    head = b""
    for block in blocks:
        head += block
        if len(head) >= 512:
            break
    if not head:
        raise Stop("EMPTY_FILE", "Le fichier contenu dans l’archive est vide : refaites l’export.")
    kind = "parquet" if head.startswith(PARQUET) else "text"
    _refuse_foreign(head)
    return Opened(kind, _chain(head, blocks), names)


def _refuse_foreign(head: bytes) -> None:
    if head.startswith((ZIP, EMPTY_ZIP, GZIP, ZSTD)):
        raise Stop(
            "NESTED_ARCHIVE",
            "L’archive contient une autre archive : envoyez le fichier dans une seule archive.",
        )
    for magic, what in _FOREIGN.items():
        if head.startswith(magic):
            raise type_mismatch(what)
    text = head[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<!doctype", b"<html", b"<head", b"<?xml", b"<body")):
        raise type_mismatch("une page web ou du XML, sans doute un message d’erreur du logiciel")


def type_mismatch(what: str) -> Stop:
    """The refusal of a file whose content is not what its name or its mapping says."""
    return Stop(
        "TYPE_MISMATCH",
        f"Le contenu est {what}, pas le tableau attendu : refaites l’export au bon format.",
    )


def _chain(head: bytes, blocks: Iterator[bytes]) -> Iterator[bytes]:
    yield head
    yield from blocks


def _at_least(reader: HashingReader, size: int) -> bytes:
    head = b""
    while len(head) < size and (more := reader.read(size - len(head))):
        head += more
    return head


def _all(reader: HashingReader) -> bytes:
    buffer = io.BytesIO()
    while chunk := reader.read(_CHUNK):
        buffer.write(chunk)
    return buffer.getvalue()


def _plain(head: bytes, reader: HashingReader, limits: Limits) -> Iterator[bytes]:
    yield head
    while chunk := reader.read(limits.block_bytes):
        yield chunk


def _bounded(blocks: Iterator[bytes], reader: HashingReader, limits: Limits) -> Iterator[bytes]:
    unpacked = 0
    for block in blocks:
        unpacked += len(block)
        if unpacked > limits.unpacked_bytes:
            raise too_large(limits.unpacked_bytes)
        if unpacked > 8 * _CHUNK and unpacked > limits.member_ratio * reader.size:
            raise Stop(
                "ARCHIVE_RATIO",
                "L’archive se déplie en un volume démesuré : envoyez le fichier sans compression.",
            )
        yield block


def _truncated() -> Stop:
    return Stop(
        "ARCHIVE_TRUNCATED",
        "L’archive est coupée avant sa fin : l’envoi a été interrompu, recommencez-le.",
    )


def _bad_crc() -> Stop:
    return Stop(
        "ARCHIVE_CRC",
        "L’archive est abîmée (contrôle d’intégrité faux) : refaites l’archive et renvoyez-la.",
    )


def _gunzip(head: bytes, reader: HashingReader) -> Iterator[bytes]:
    pending = head
    while pending := pending or reader.read(_CHUNK):
        while len(pending) < 2 and (more := reader.read(_CHUNK)):
            pending += more
        if not pending.startswith(GZIP):
            raise Stop(
                "ARCHIVE_TRAILING",
                "Des octets étrangers suivent l’archive gzip : refaites l’archive et renvoyez-la.",
            )
        pending = yield from _gzip_member(pending, reader)


def _gzip_member(pending: bytes, reader: HashingReader) -> Generator[bytes, None, bytes]:
    # CPython checks the member's CRC and length at its end; what follows it is returned.
    member = zlib.decompressobj(wbits=31)
    while not member.eof:
        try:
            data = member.decompress(pending, 4 * _CHUNK)
        except zlib.error as error:
            raise _bad_crc() from error
        if data:
            yield data
        pending = member.unconsumed_tail
        if not member.eof and not pending:
            pending = reader.read(_CHUNK)
            if not pending:
                raise _truncated()
    return member.unused_data


class _ReaderFile(io.RawIOBase):
    def __init__(self, head: bytes, reader: HashingReader) -> None:
        self._head = head
        self._reader = reader

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if self._head:
            head, self._head = self._head, b""
            return head
        return self._reader.read(size if size > 0 else _CHUNK)


def _unzstd(head: bytes, reader: HashingReader) -> Iterator[bytes]:
    content_size = _zstd_content_size(head)
    total = 0
    try:
        with arrow.input_stream(
            pa.PythonFile(_ReaderFile(head, reader), mode="r"), compression="zstd"
        ) as stream:
            while chunk := stream.read(_CHUNK):
                total += len(chunk)
                yield chunk
    except (OSError, pa.ArrowInvalid) as error:
        raise (_truncated() if "truncated" in str(error).lower() else _bad_crc()) from error
    if content_size is not None and total < content_size:
        raise _truncated()


def _zstd_content_size(head: bytes) -> int | None:
    # Only the eight-byte form fits in the bytes read so far when no dictionary is named.
    descriptor = head[4]
    flag, single = descriptor >> 6, descriptor & 0x20
    if descriptor & 3 or (flag == 0 and not single):
        return None
    at = 5 if single else 6
    size = {0: 1, 1: 2, 2: 4, 3: 8}[flag]
    raw = head[at : at + size]
    if len(raw) < size:
        return None
    value = int(struct.unpack("<" + {1: "B", 2: "H", 4: "I", 8: "Q"}[size], raw)[0])
    return value + 256 if flag == 1 else value
