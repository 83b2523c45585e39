"""Bytes of a text file made regular: no byte order mark, one kind of line end, UTF-16 rewritten in UTF-8."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterator

from galien.intake.outcome import Stop

_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


class TextStream:
    """Regular blocks of a text file, hashed: the same content has the same hash in any wrapping.

    `encoding` is the mapping's unless a byte order mark says otherwise.
    """

    def __init__(self, blocks: Iterator[bytes], encoding: str) -> None:
        self._blocks = blocks
        self.encoding = encoding
        self._hash = hashlib.blake2b(digest_size=32)
        self._first = True

    @property
    def content_hash(self) -> str:
        """The hash (BLAKE2b, 256 bits) of the regular bytes given so far."""
        return self._hash.hexdigest()

    def __iter__(self) -> Iterator[bytes]:
        for block in one_line_end(self._decoded()):
            self._hash.update(block)
            yield block

    def _decoded(self) -> Iterator[bytes]:
        blocks = iter(self._blocks)
        head = b""
        for block in blocks:
            head += block
            if len(head) >= 4:
                break
        if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
            raise Stop("ENCODING", "Le fichier est en UTF-32 : exportez-le en UTF-8.")
        mark = next((bom for bom in _UTF16 if head.startswith(bom)), None)
        if mark:
            yield from self._from_utf16(head[2:], blocks, _UTF16[mark])
            return
        if head.startswith(codecs.BOM_UTF8):
            self.encoding = "utf-8"
            head = head[3:]
        if len(head) >= 4 and head[:4].count(0) == 2 and (head[0] or head[1]):
            raise Stop(
                "ENCODING",
                "Le fichier semble en UTF-16 sans l’annoncer : exportez-le en UTF-8.",
            )
        yield head
        yield from blocks

    def _from_utf16(self, head: bytes, blocks: Iterator[bytes], name: str) -> Iterator[bytes]:
        self.encoding = "utf-8"
        decoder = codecs.getincrementaldecoder(name)()
        try:
            yield decoder.decode(head).encode()
            for block in blocks:
                yield decoder.decode(block).encode()
            yield decoder.decode(b"", final=True).encode()
        except UnicodeError as error:
            raise Stop(
                "ENCODING",
                "Le fichier annonce de l’UTF-16 et n’en est pas : exportez-le en UTF-8.",
            ) from error


def one_line_end(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Write CRLF and lone CR as LF, also where a pair is cut between two blocks."""
    held = b""
    for block in blocks:
        data = held + block
        held = b""
        if data.endswith(b"\r"):
            data, held = data[:-1], b"\r"
        if b"\r" in data:
            data = data.replace(b"\r\n", b"\n")
            if b"\r" in data:
                data = data.replace(b"\r", b"\n")
        if data:
            yield data
    if held:
        yield b"\n"
