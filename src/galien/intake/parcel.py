"""A delivery as bytes between the reading process and us: JSON for the receipt, Arrow for the facts."""

from __future__ import annotations

import datetime as dt
import json
import struct
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa

from galien.intake.kept import KeptFacts
from galien.intake.outcome import Delivery, LineCount
from galien.warehouse.ledger import Issue, ReceiptStatus

_SIZE = struct.Struct("<Q")


class Broken(Exception):
    """The parcel stops before its end: the reading process died."""


def send(delivery: Delivery, out: BinaryIO) -> None:
    """Write a delivery."""
    plain = {name: value for name, value in vars(delivery).items() if name != "facts"}
    plain |= {
        "days": [day.isoformat() for day in delivery.days],
        "issues": [asdict(issue) for issue in delivery.issues],
        "sums": {name: str(value) for name, value in delivery.sums.items()},
        "set_aside": {name: str(value) for name, value in delivery.set_aside.items()},
        "exported_at": delivery.exported_at and delivery.exported_at.isoformat(),
        "lines": asdict(delivery.lines),
    }
    given = Given(out)
    for name in delivery.facts:
        for stream in delivery.facts.streams(name):
            given.give(name, stream)
    _send_block(json.dumps(plain).encode(), out)


class Given:
    """Facts sent before the delivery they are of, while its file is still read."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out

    def give(self, name: str, stream: pa.Buffer) -> None:
        """Send more rows of a fact."""
        _send_block(json.dumps({"fact": name}).encode(), self._out)
        _send_block(stream, self._out)

    def start_over(self) -> None:
        """Have what was sent forgotten."""
        _send_block(json.dumps({"again": True}).encode(), self._out)


def send_bytes(content: bytes, out: BinaryIO) -> None:
    """Write what a reading of another kind gave, as bytes of its own."""
    _send_block(b"{}", out)
    _send_block(content, out)


def receive_bytes(source: BinaryIO) -> bytes | str:
    """Read what `send_bytes` wrote, or the place of a failure; Broken when the bytes stop short."""
    plain: dict[str, Any] = json.loads(_receive_block(source))
    return str(plain["failure"]) if "failure" in plain else _receive_block(source)


def send_failure(where: str, out: BinaryIO) -> None:
    """Write that the reading failed, and where in our code: never a value of the file."""
    _send_block(json.dumps({"failure": where}).encode(), out)


def receive(source: BinaryIO, *, drafts: Path | None = None) -> Delivery | str:
    """Read a delivery, or the place of a failure; Broken when the bytes stop short.

    Long facts wait in a file of the folder of `drafts`.
    """
    facts = KeptFacts(drafts=drafts)
    while True:
        plain: dict[str, Any] = json.loads(_receive_block(source))
        if "failure" in plain:
            return str(plain["failure"])
        if "fact" in plain:
            facts.add_stream(plain["fact"], pa.py_buffer(_receive_block(source)))
        elif "again" in plain:
            facts = KeptFacts(drafts=drafts)
        else:
            break
    if plain["status"] == ReceiptStatus.REFUSED:
        facts = KeptFacts()
    exported = plain.pop("exported_at")
    return Delivery(
        **{
            **plain,
            "status": ReceiptStatus(plain["status"]),
            "days": tuple(dt.date.fromisoformat(day) for day in plain["days"]),
            "issues": tuple(Issue(**issue) for issue in plain["issues"]),
            "sums": {name: Decimal(value) for name, value in plain["sums"].items()},
            "set_aside": {name: Decimal(value) for name, value in plain["set_aside"].items()},
            "dropped_columns": tuple(plain["dropped_columns"]),
            "pharmacies": tuple(plain["pharmacies"]),
            "lines": LineCount(**plain["lines"]),
        },
        exported_at=dt.datetime.fromisoformat(exported) if exported else None,
        facts=facts,
    )


def _send_block(block: bytes | pa.Buffer, out: BinaryIO) -> None:
    out.write(_SIZE.pack(len(block)))
    out.write(block)


def _receive_block(source: BinaryIO) -> bytes:
    (size,) = _SIZE.unpack(_exactly(source, _SIZE.size))
    return _exactly(source, size)


def _exactly(source: BinaryIO, size: int) -> bytes:
    data = source.read(size)
    if len(data) < size:
        raise Broken
    return data
