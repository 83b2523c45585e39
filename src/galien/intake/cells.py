"""Rows of text in columns, each cell an index into the distinct values of its column and block.

A day's file repeats its values: conversions and scans look at each distinct value once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pacsv

from galien.intake.arrow import Array, arrow, pc
from galien.intake.framing import Frame, Ints, Record, cut_lines, split_line

Flags = npt.NDArray[np.bool_]
_CELL = pa.dictionary(pa.int32(), pa.binary())


@dataclass(frozen=True)
class Cells:
    """A column of a block: distinct values decoded and trimmed, and which one each row holds."""

    values: Array
    index: npt.NDArray[np.int32]
    undecodable: Flags | None = None


@dataclass(frozen=True)
class TextBlock:
    """Rows of text: physical line of each, and its columns as they were sent."""

    lines: Ints
    columns: list[Array]


@dataclass(frozen=True)
class Parsed:
    """What a frame holds: blocks of whole rows, faulty records, and lines that are blank."""

    blocks: list[TextBlock]
    faults: list[Record]
    blank: int


def parse(frame: Frame, *, width: int, delimiter: bytes, quote: bytes) -> Parsed:
    """Split the rows of a frame into `width` columns; rows of another width are faults."""
    blocks: list[TextBlock] = []
    faults: list[Record] = []
    blank = 0
    if len(frame.lines):
        columns = _columnar(frame.text, width, delimiter, quote)
        if columns is not None:
            blocks.append(TextBlock(frame.lines, columns))
        else:
            blocks, faults, blank = _isolate(frame, width, delimiter, quote)
    whole = []
    for record in frame.odd:
        if not record.code and not any(each.strip() for each in record.fields):
            blank += record.span
        elif not record.code and len(record.fields) == width:
            whole.append(record)
        else:
            faults.append(record if record.code else _ragged(record))
    if whole:
        blocks.append(from_rows([r.fields for r in whole], [r.line for r in whole]))
    return Parsed(blocks, faults, blank)


def _ragged(record: Record) -> Record:
    return Record(
        record.line, record.span, record.fields, "RAGGED_ROW", b"\x1f".join(record.fields)
    )


def from_rows(rows: Sequence[Sequence[bytes]], lines: Sequence[int]) -> TextBlock:
    """Make a block of rows framed one by one."""
    columns = [
        pa.array(column, pa.binary()).dictionary_encode() for column in zip(*rows, strict=True)
    ]
    return TextBlock(np.array(lines, np.int64), columns)


def _columnar(text: bytes, width: int, delimiter: bytes, quote: bytes) -> list[Array] | None:
    names = [str(i) for i in range(width)]
    quoted: Any = quote.decode() if quote and quote in text else False
    try:
        table = pacsv.read_csv(
            arrow.BufferReader(text),
            read_options=pacsv.ReadOptions(
                column_names=names, block_size=len(text) + 1, use_threads=False
            ),
            parse_options=pacsv.ParseOptions(delimiter=delimiter.decode(), quote_char=quoted),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, _CELL), check_utf8=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    return [table.column(name).combine_chunks() for name in names]


def _isolate(
    frame: Frame, width: int, delimiter: bytes, quote: bytes
) -> tuple[list[TextBlock], list[Record], int]:
    codes = np.frombuffer(frame.text, np.uint8)
    ends = np.flatnonzero(codes == 10)
    starts = np.empty_like(ends)
    starts[0], starts[1:] = 0, ends[:-1] + 1
    marks = np.flatnonzero(codes == delimiter[0])
    if quote and quote in frame.text:
        # Quotes alternate here: a delimiter after an odd number of them is inside a field.
        quotes = np.flatnonzero(codes == quote[0])
        marks = marks[np.searchsorted(quotes, marks) % 2 == 0]
    counts = np.bincount(np.searchsorted(ends, marks), minlength=len(ends)) + 1
    good = counts == width
    faults, blank = [], 0
    for at in map(int, np.flatnonzero(~good)):
        raw = frame.text[int(starts[at]) : int(ends[at])]
        fields = split_line(raw, delimiter, quote)
        if any(each.strip() for each in fields):
            faults.append(Record(int(frame.lines[at]), 1, fields, "RAGGED_ROW", raw))
        else:
            blank += 1
    if not good.any():
        return [], faults, blank
    lines = frame.lines[good]
    text = cut_lines(frame.text, starts, ends, good)
    columns = _columnar(text, width, delimiter, quote)
    if columns is not None:
        return [TextBlock(lines, columns)], faults, blank
    rows = [split_line(line, delimiter, quote) for line in text.split(b"\n")[:-1]]
    return [from_rows(rows, lines.tolist())], faults, blank


def decode(column: Array, encoding: str) -> Cells:
    """Decode and trim the distinct values of a column; those that cannot be are marked."""
    index = column.indices.to_numpy(zero_copy_only=False)
    raw = column.dictionary
    undecodable = None
    text = _utf8(raw) if encoding == "utf-8" else _single_byte(raw, encoding)
    if text is None:
        decoded: list[str] = []
        bad = np.zeros(len(raw), np.bool_)
        for at, value in enumerate(raw.to_pylist()):
            try:
                decoded.append(value.decode(encoding))
            except UnicodeDecodeError:
                decoded.append(value.decode("latin-1"))
                bad[at] = True
        text = pa.array(decoded, pa.string())
        undecodable = bad if bad.any() else None
    return Cells(pc.utf8_trim_whitespace(text), index, undecodable)


def _utf8(raw: Array) -> Array | None:
    try:
        return raw.cast(pa.string())
    except pa.ArrowInvalid:
        return None


def _single_byte(raw: Array, encoding: str) -> Array | None:
    # All values are decoded at once: each byte has a known length in UTF-8, so the borders follow.
    text = raw.view(pa.string())
    if pc.all(pc.string_is_ascii(text)).as_py() is not False:
        return text
    offsets = np.frombuffer(raw.buffers()[1], np.int32)[raw.offset : raw.offset + len(raw) + 1]
    start, end = int(offsets[0]), int(offsets[-1])
    data = raw.buffers()[2][start:end]
    lengths = utf8_lengths(encoding)[np.frombuffer(data, np.uint8)]
    if not lengths.all():
        return None
    borders = np.zeros(len(lengths) + 1, np.int32)
    np.cumsum(lengths, out=borders[1:])
    moved = borders[offsets - start]
    encoded = data.to_pybytes().decode(encoding).encode()
    return pa.StringArray.from_buffers(len(raw), arrow.py_buffer(moved), pa.py_buffer(encoded))


@lru_cache(maxsize=8)
def utf8_lengths(encoding: str) -> npt.NDArray[np.int32]:
    """Return how many UTF-8 bytes each byte of a one-byte encoding becomes, 0 where it has no meaning.

    >>> utf8_lengths("cp1252")[[0x41, 0xE9, 0x80, 0x81]].tolist()
    [1, 2, 3, 0]
    """
    return np.array(
        [len(bytes([byte]).decode(encoding, "ignore").encode()) for byte in range(256)], np.int32
    )


def without(block: TextBlock, keep: Flags) -> TextBlock:
    """Keep only some rows of a block."""
    mask = pa.array(keep)
    return TextBlock(block.lines[keep], [column.filter(mask) for column in block.columns])
