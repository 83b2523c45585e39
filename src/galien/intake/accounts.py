"""The way in for ledger files: `read_fec` gives what one holds, whatever it holds."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path
from typing import BinaryIO

from galien.intake.child import fec_in_child
from galien.intake.fec.reading import FecJob, FecReading, read_fec_stream
from galien.intake.limits import Limits
from galien.warehouse.ledger import Issue


def read_fec(
    source: BinaryIO | Path,
    *,
    filename: str = "",
    first_day: dt.date | None = None,
    last_day: dt.date | None = None,
    isolated: bool = True,
) -> FecReading:
    """Read a ledger file (plain, gzip, zip or zstd) in a bounded child process.

    `filename` is the name it came under, which says the SIREN and the closing date; `first_day` and
    `last_day` are the year of accounts when somebody says it. A file that cannot be read gives a
    reading without a ledger, whose remark says why. `isolated=False` reads here, for our own files.
    """
    if isinstance(source, Path):
        with source.open("rb") as stream:
            return read_fec(
                stream,
                filename=filename or source.name,
                first_day=first_day,
                last_day=last_day,
                isolated=isolated,
            )
    job = FecJob(filename, Limits(), first_day, last_day)
    start = source.tell() if source.seekable() else None
    found = fec_in_child(source, job) if isolated else read_fec_stream(source, job)
    return found if found is not None else _stopped(source, start)


def _stopped(source: BinaryIO, start: int | None) -> FecReading:
    digest = hashlib.sha256()
    if start is not None:
        source.seek(start)
        while chunk := source.read(1 << 20):
            digest.update(chunk)
    issue = Issue(
        0,
        "",
        "READING_STOPPED",
        "La lecture du fichier a dépassé la mémoire ou le temps admis. Si cela se répète, écrivez à "
        "l’administrateur.",
        "stop",
    )
    return FecReading(sha256=digest.hexdigest(), issues=(issue,))
