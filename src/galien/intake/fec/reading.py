"""A ledger file read once, line by line: its checks, and its totals by account."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from galien.intake.door import HashingReader, Opened, open_container, type_mismatch
from galien.intake.fec import checks
from galien.intake.fec.decode import LedgerText
from galien.intake.fec.layout import Layout, laid_out
from galien.intake.fec.notes import Remarks
from galien.intake.fec.tally import Tally
from galien.intake.fec.year import Named, Year, likely, named, year_of
from galien.intake.limits import Limits
from galien.intake.outcome import Stop
from galien.model.accounts import Ledger
from galien.warehouse.ledger import Issue

TITLES = 15  # lines above a header that are looked under


@dataclass(frozen=True)
class FecJob:
    """What is asked of a reading: the name the file came under, and its bounds.

    `first_day` and `last_day` are the year of accounts when somebody says it; else it is read.
    """

    filename: str
    limits: Limits
    first_day: dt.date | None = None
    last_day: dt.date | None = None


@dataclass(frozen=True)
class FecReading:
    """What a ledger file holds: counts, sums in euros as text, remarks, and its totals by account.

    `lines` are the data lines, of which `unread` could not be counted; `entries` are distinct
    (JournalCode, EcritureNum). `ledger` is None when the file could not be read at all: the remarks
    say why.
    """

    sha256: str
    entries: int = 0
    lines: int = 0
    unread: int = 0
    debit: int = 0
    credit: int = 0
    encoding: str = ""
    columns: int = 0
    issues: tuple[Issue, ...] = ()
    ledger: Ledger | None = None

    @property
    def balanced(self) -> bool:
        """Tell whether debits and credits are equal, to the ten-thousandth of a euro."""
        return self.debit == self.credit


def read_fec_stream(source: BinaryIO, job: FecJob) -> FecReading:
    """Read a ledger file once; whatever it holds, give a reading."""
    reader = HashingReader(source, job.limits)
    try:
        opened = open_container(reader, job.limits, chosen=likely)
        if opened.kind != "text":
            raise type_mismatch("un classeur ou un fichier Parquet")
        return _read(opened, reader, job)
    except Stop as stop:
        return FecReading(sha256=_drained(reader), issues=(stop.issue,))


def _read(opened: Opened, reader: HashingReader, job: FecJob) -> FecReading:
    text, remarks = LedgerText(opened.blocks), Remarks()
    lines = iter(text)
    layout, lines, skipped = _begun(iter(text))
    tally = Tally(layout, remarks)
    for number, line in enumerate(lines, start=skipped + 1):
        tally.take(line, number)
    tally.close()
    name = _named(job, opened)
    year = year_of(tally, name, first_day=job.first_day, last_day=job.last_day)
    checks.file(layout, text, remarks)
    checks.lines(tally, year, name)
    return _reading(reader, tally, text, year, name)


def _begun(lines: Iterator[str]) -> tuple[Layout, Iterator[str], int]:
    """Find the header, also under a few lines of title; return what follows and how many lines came."""
    above: list[str] = []
    why: Stop | None = None
    for line in itertools.islice(lines, TITLES + 1):
        head = line.removeprefix("\ufeff")
        above.append(head)
        if not head.strip():
            continue
        try:
            layout = laid_out(head)
        except Stop as stop:
            why = why or stop
            if stop.issue.code != "FEC_HEADER":
                raise
            continue
        if layout.is_header:
            return layout, lines, len(above)
        return layout, itertools.chain([head], lines), len(above) - 1
    raise why or Stop(
        "EMPTY_FILE", "Le fichier ne contient aucune ligne : refaites l’export du FEC."
    )


def _named(job: FecJob, opened: Opened) -> Named:
    """Return what the file's name says, or the name inside its archive."""
    outer = named(job.filename)
    return (
        outer
        if outer.matches
        else next((found for found in map(named, opened.inner_names) if found.matches), outer)
    )


def _reading(
    reader: HashingReader, tally: Tally, text: LedgerText, year: Year, name: Named
) -> FecReading:
    totals = checks.totals(tally)
    return FecReading(
        sha256=reader.drain(),
        entries=len(tally.entries),
        lines=tally.lines,
        unread=tally.unread,
        debit=totals[0],
        credit=totals[1],
        encoding=text.encoding,
        columns=len(tally.layout.names),
        issues=tally.remarks.issues(),
        ledger=year.ledger(tally, name.siren),
    )


def _drained(reader: HashingReader) -> str:
    try:
        return reader.drain()
    except Stop:
        return reader.sha256
