"""The control line that some software writes last: taken off the rows, compared with what was read."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from galien.intake import convert
from galien.intake.framing import split_line
from galien.intake.layout import Layout
from galien.intake.mapping import Trailer

_LONGEST = 4096


class TrailerReader:
    """Holds back the last line of a stream, and keeps it when it is the control line."""

    def __init__(self, trailer: Trailer, layout: Layout, encoding: str) -> None:
        self._trailer = trailer
        self._layout = layout
        self._encoding = encoding
        self.line = b""

    def without(self, blocks: Iterator[bytes]) -> Iterator[bytes]:
        """Give the blocks without the control line."""
        held = b""
        for block in blocks:
            data = held + block
            cut = max(len(data) - _LONGEST, 0)
            held = data[cut:]
            if cut:
                yield data[:cut]
        text = held.rstrip(b"\n\0 ")
        start = text.rfind(b"\n") + 1
        if text[start:].startswith(self._trailer.starts.encode(self._encoding)):
            self.line = text[start:]
            held = held[:start]
        if held:
            yield held

    def agrees(self, *, rows: int, amount: int) -> bool:
        """Tell whether the control line gives these rows and this amount in ten-thousandths of euros.

        A declared control line that is missing does not agree.
        """
        if not self.line:
            return False
        fields = split_line(self.line, self._layout.delimiter, self._layout.quote)
        wanted = ((self._trailer.rows, rows * 10_000), (self._trailer.amount, amount))
        return all(self._field(fields, place) == value for place, value in wanted if place)

    def _field(self, fields: tuple[bytes, ...], place: int) -> int | None:
        if place > len(fields):
            return None
        text = pa.array([fields[place - 1].decode(self._encoding, "replace").strip()])
        read = convert.decimals(text, self._layout.numbers, scale=convert.AMOUNT_SCALE)
        known = not np.any(read.faults) and not np.any(read.empty)
        return int(read.values[0]) if known else None
