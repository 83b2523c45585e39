"""Our own reader of delimited text: counts physical lines in bytes and frames records.

Lines without surprise (no quote, or quotes that open and close at field borders) leave in blocks,
as bytes, for a columnar reader; every other record is framed here byte by byte. Bytes come in with
LF line ends and out with the physical line of each record, header = 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from galien.intake.limits import Limits
from galien.intake.outcome import Stop

Ints = npt.NDArray[np.int64]
LF, CR, NUL = 10, 13, 0


@dataclass(frozen=True)
class Record:
    """A record framed by hand: its first physical line, how many lines, its fields or its fault."""

    line: int
    span: int
    fields: tuple[bytes, ...]
    code: str = ""
    raw: bytes = b""


@dataclass(frozen=True)
class Frame:
    """A run of lines: `text` holds the plain ones, one row a line, `lines` their numbers."""

    text: bytes
    lines: Ints
    odd: tuple[Record, ...] = ()
    blank: int = 0
    physical: int = 0


@dataclass
class Framer:
    """Frames a stream of LF-ended bytes given block by block, in order."""

    delimiter: bytes
    quote: bytes
    limits: Limits
    next_line: int = 1
    _carry: bytes = field(default=b"", repr=False)

    def feed(self, block: bytes) -> Frame | None:
        """Frame what is complete; keep the rest. Stop UNBALANCED_QUOTE or LINE_TOO_LONG."""
        data = self._carry + block if self._carry else block
        end = data.rfind(b"\n") + 1
        if not end:
            self._keep(data)
            return None
        frame, rest = self._frame(data[:end] if end < len(data) else data)
        self._keep(rest + data[end:])
        return frame

    def finish(self) -> tuple[Frame | None, bool, bool]:
        """Frame the end of the file; tell whether its last row was cut and whether NULs ended it."""
        data, self._carry = self._carry, b""
        tail = data.rstrip(b"\0")
        padded = len(tail) < len(data)
        if not tail:
            extra = Frame(b"", np.zeros(0, np.int64), physical=1) if padded else None
            return extra, False, padded
        if b"\n" in tail or (self.quote and tail.count(self.quote) % 2):
            record = frame_record(tail, 0, self.next_line, self)
            if record is None or record[0].span > 1:
                raise unbalanced(self.next_line)
        cut = split_line(tail, self.delimiter, self.quote)
        last = Record(self.next_line, 1, cut, "TRUNCATED_LAST_ROW", tail)
        return Frame(b"", np.zeros(0, np.int64), (last,), physical=1), True, padded

    def _keep(self, rest: bytes) -> None:
        if len(rest) > self.limits.line_bytes:
            raise Stop(
                "LINE_TOO_LONG",
                f"La ligne {self.next_line} ne finit pas : ce fichier n’est pas un tableau de "
                "lignes, refaites l’export.",
                line=self.next_line,
            )
        self._carry = rest

    def _frame(self, data: bytes) -> tuple[Frame, bytes]:
        codes = np.frombuffer(data, np.uint8)
        ends = np.flatnonzero(codes == LF)
        starts = np.empty_like(ends)
        starts[0], starts[1:] = 0, ends[:-1] + 1
        numbers = self.next_line + np.arange(len(ends), dtype=np.int64)
        blank = ends == starts
        dirty = (ends - starts) > self.limits.field_bytes
        if NUL in data:
            dirty |= _touched(codes == NUL, ends)
        if self.quote and self.quote in data:
            dirty |= _badly_quoted(codes, ends, self.delimiter[0], self.quote[0])
        odd, taken, upto = self._frame_dirty(data, starts, ends, np.flatnonzero(dirty))
        plain = ~(blank | dirty | taken)
        if upto < len(ends):
            plain[upto:] = False
            blank = blank[:upto]
        rest = data[starts[upto] :] if upto < len(ends) else b""
        self.next_line += upto
        blanks = int(np.count_nonzero(blank & ~taken[: len(blank)]))
        text = data if plain.all() else cut_lines(data, starts, ends, plain)
        return Frame(text, numbers[plain], tuple(odd), blanks, upto), rest

    def _frame_dirty(
        self, data: bytes, starts: Ints, ends: Ints, dirty: Ints
    ) -> tuple[list[Record], npt.NDArray[np.bool_], int]:
        odd: list[Record] = []
        taken = np.zeros(len(ends), np.bool_)
        done = 0
        for at in map(int, dirty):
            if at < done:
                continue
            framed = frame_record(data, int(starts[at]), self.next_line + at, self)
            if framed is None:
                return odd, taken, at
            record = framed[0]
            odd.append(record)
            done = at + record.span
            taken[at:done] = True
        return odd, taken, len(ends)


def unbalanced(line: int) -> Stop:
    """The refusal of a file where a quote opened and never closed."""
    return Stop(
        "UNBALANCED_QUOTE",
        f"Ligne {line} : un guillemet s’ouvre et ne se ferme pas ; tout ce qui suit serait avalé. "
        "Corrigez cette ligne dans le logiciel, puis renvoyez le fichier entier.",
        line=line,
    )


def cut_lines(data: bytes, starts: Ints, ends: Ints, keep: npt.NDArray[np.bool_]) -> bytes:
    """Join the kept lines of a block, LF included, in runs as long as they come."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], keep.astype(np.int8), [0]))))
    return b"".join(
        data[int(starts[a]) : int(ends[b - 1]) + 1]
        for a, b in zip(edges[0::2], edges[1::2], strict=True)
    )


def _touched(mask: npt.NDArray[np.bool_], ends: Ints) -> npt.NDArray[np.bool_]:
    lines = np.searchsorted(ends, np.flatnonzero(mask))
    touched = np.zeros(len(ends), np.bool_)
    touched[lines] = True
    return touched


def _badly_quoted(
    codes: npt.NDArray[np.uint8], ends: Ints, delimiter: int, quote: int
) -> npt.NDArray[np.bool_]:
    # Within a line, quotes must alternate: one that opens a field, one that closes it.
    at = np.flatnonzero(codes == quote)
    line = np.searchsorted(ends, at)
    before = np.where(at > 0, codes[np.maximum(at, 1) - 1], LF)
    after = codes[at + 1]
    first = np.flatnonzero(np.concatenate(([True], line[1:] != line[:-1])))
    rank = np.arange(len(at)) - np.repeat(first, np.diff(np.append(first, len(at))))
    opens = (before == delimiter) | (before == LF)
    closes = (after == delimiter) | (after == LF)
    wrong = np.where(rank % 2 == 0, ~opens, ~closes)
    bad = np.zeros(len(ends), np.bool_)
    bad[line[wrong]] = True
    bad[np.bincount(line, minlength=len(ends)) % 2 == 1] = True
    return bad


def frame_record(data: bytes, start: int, line: int, framer: Framer) -> tuple[Record, int] | None:
    """Frame the record that starts at `start`; None when it goes on beyond the data.

    A quote inside an unquoted field is plain text. A closing quote followed by text is a fault of the
    row on its own line, and an unbalanced quote when the field had run over lines.
    """
    quote, delimiter = framer.quote, framer.delimiter
    fields: list[bytes] = []
    position, newline = start, _line_end(data, start)
    code = ""
    while True:
        if quote and data.startswith(quote, position):
            value, after = _quoted(data, position, quote)
            if after < 0:
                _still_bounded(data, start, line, framer.limits)
                return None
            if after > newline:
                newline = _line_end(data, after)
        else:
            comma = data.find(delimiter, position, newline)
            after = comma if comma >= 0 else newline
            value = data[position:after]
        fields.append(value)
        mark = data[after : after + 1]
        if mark == delimiter:
            position = after + 1
            continue
        if mark not in (b"\n", b""):
            if b"\n" in data[start:after]:
                raise unbalanced(line)
            code = "BAD_QUOTE"
            after = newline
        end = after + 1
        return _record(data[start:end], line, fields, code, framer.limits), end


def _line_end(data: bytes, start: int) -> int:
    newline = data.find(b"\n", start)
    return newline if newline >= 0 else len(data)


def _record(raw: bytes, line: int, fields: list[bytes], code: str, limits: Limits) -> Record:
    span = max(raw.count(b"\n"), 1)
    if span > limits.record_lines or (span > 1 and len(raw) > limits.record_bytes):
        raise unbalanced(line)
    if NUL in raw:
        code = "NUL_BYTE"
    elif max(map(len, fields)) > limits.field_bytes:
        code = "FIELD_TOO_LONG"
    return Record(line, span, tuple(fields), code, raw if code else b"")


def _quoted(data: bytes, position: int, quote: bytes) -> tuple[bytes, int]:
    parts: list[bytes] = []
    begin = position + 1
    while True:
        close = data.find(quote, begin)
        if close < 0:
            return b"", -1
        if data.startswith(quote, close + 1):
            parts.append(data[begin : close + 1])
            begin = close + 2
            continue
        parts.append(data[begin:close])
        return b"".join(parts), close + 1


def _still_bounded(data: bytes, start: int, line: int, limits: Limits) -> None:
    if len(data) - start > limits.record_bytes:
        raise unbalanced(line)
    if data.count(b"\n", start) > limits.record_lines:
        raise unbalanced(line)


def split_line(line: bytes, delimiter: bytes, quote: bytes) -> tuple[bytes, ...]:
    """Split one line without its end into fields, quotes taken off where they close."""
    fields: list[bytes] = []
    position = 0
    while True:
        if quote and line.startswith(quote, position):
            value, after = _quoted(line, position, quote)
            if after >= 0 and line[after : after + 1] in (delimiter, b""):
                fields.append(value)
                if after >= len(line):
                    return tuple(fields)
                position = after + 1
                continue
        comma = line.find(delimiter, position)
        if comma < 0:
            fields.append(line[position:])
            return tuple(fields)
        fields.append(line[position:comma])
        position = comma + 1
