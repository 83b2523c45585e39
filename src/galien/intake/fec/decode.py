"""The text of a ledger file: its encoding found as it is read, one kind of line end, line by line."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from galien.intake.text import TextStream

_DOS = b"\x82\x85\x87\x88\x89\x8a\x8b\x8c\x90\x93\x96\x97\xf8"
_WINDOWS = b"\xb0\xc0\xc7\xc8\xc9\xca\xe0\xe2\xe7\xe8\xe9\xea\xeb\xee\xef\xf4\xf9\xfb\x92"
_UTF8 = "utf-8"


class LedgerText:
    """The lines of a ledger file, whatever its encoding and line ends.

    `encoding` is known once read: ascii until a line is not; `mixed` counts lines in another one.
    """

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._stream = TextStream(_announced(_one_return(blocks)), _UTF8)
        self.encoding = "ascii"
        self.mixed = 0

    def __iter__(self) -> Iterator[str]:
        held = b""
        for block in self._stream:
            data = held + block
            end = data.rfind(b"\n") + 1
            held = data[end:]
            if end:
                yield from self._text(data[: end - 1]).split("\n")
        if held:
            yield from self._text(held).split("\n")

    def _text(self, data: bytes) -> str:
        if data.isascii():
            return data.decode("ascii")
        if self.encoding == "ascii":
            self.encoding = guessed(data)
        if self.encoding != _UTF8:
            return _decoded(data, self.encoding)
        try:
            return data.decode(_UTF8)
        except UnicodeDecodeError:
            return "\n".join(map(self._line, data.split(b"\n")))

    def _line(self, data: bytes) -> str:
        try:
            return data.decode(_UTF8)
        except UnicodeDecodeError:
            self.mixed += 1
            return _decoded(data, _eight_bits(data))


def guessed(data: bytes) -> str:
    r"""Return the encoding of bytes that are not all ASCII: UTF-8, Windows or DOS.

    >>> guessed("Règlement n°".encode("cp850")), guessed("Règlement n°".encode("latin-1"))
    ('cp850', 'cp1252')
    """
    try:
        data.decode(_UTF8)
    except UnicodeDecodeError:
        lines = [line for line in data.split(b"\n") if not line.isascii()]
        readable = sum(map(_is_utf8, lines))
        return _UTF8 if 2 * readable > len(lines) else _eight_bits(data)
    return _UTF8


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode(_UTF8)
    except UnicodeDecodeError:
        return False
    return True


def _eight_bits(data: bytes) -> str:
    """Tell DOS from Windows by the accented letters of French that each one has."""
    without_dos, without_windows = data.translate(None, _DOS), data.translate(None, _WINDOWS)
    return "cp850" if len(without_dos) < len(without_windows) else "cp1252"


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _one_return(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Write CR CR LF, which some exports double, as CR LF, also across two blocks."""
    held = b""
    for block in blocks:
        data = held + block
        held = b""
        if data.endswith(b"\r"):
            kept = data.rstrip(b"\r")
            data, held = kept, data[len(kept) :]
        yield data.replace(b"\r\r\n", b"\r\n")
    if held:
        yield held


def _announced(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Put its mark before a UTF-16 text that lacks it."""
    first = True
    for block in blocks:
        head = block[:4]
        if first and len(head) == 4 and head.count(0) == 2 and (head[0] or head[1]):
            yield (codecs.BOM_UTF16_LE if head[0] else codecs.BOM_UTF16_BE) + block
        else:
            yield block
        first = False
