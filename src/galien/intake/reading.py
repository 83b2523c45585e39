"""One file read whole, inside the bounded child: door, framing, typing, controls, privacy, reduction."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from typing import BinaryIO
from zoneinfo import ZoneInfo

import numpy as np

from galien.intake.bringing import BackInTime, Bringer, Together
from galien.intake.cells import Parsed, parse
from galien.intake.controls.base import Terms
from galien.intake.controls.registry import sentence
from galien.intake.door import HashingReader, Opened, open_container, type_mismatch
from galien.intake.framing import Frame, Framer, Ints
from galien.intake.kept import KeptFacts, Outlet
from galien.intake.layout import Layout, lay_out
from galien.intake.limits import Limits
from galien.intake.mapping import FeedMapping
from galien.intake.notes import Notes
from galien.intake.outcome import Delivery, LineCount, Stop, refused
from galien.intake.privacy import Scanner
from galien.intake.tables import table_blocks
from galien.intake.text import TextStream
from galien.intake.trailer import TrailerReader
from galien.intake.typist import Typed, Typist, total
from galien.model.feeds import FEEDS
from galien.warehouse.ledger import Issue, ReceiptStatus

_PARIS = ZoneInfo("Europe/Paris")
_SUFFIXES = {"csv": "text", "txt": "text", "tsv": "text", "xlsx": "xlsx", "ods": "ods",
             "parquet": "parquet"}  # fmt: skip
_KINDS = {"text": "csv", "xlsx": "xlsx", "ods": "ods", "parquet": "parquet"}
_WHAT = {"text": "du texte", "xlsx": "un classeur Excel", "ods": "un classeur OpenDocument",
         "parquet": "un fichier Parquet"}  # fmt: skip


@dataclass(frozen=True)
class Job:
    """What is asked of a reading: the feed, the mapping, what it is checked against, its bounds."""

    feed: str
    mapping_name: str
    mapping: FeedMapping
    terms: Terms
    limits: Limits
    filename: str = ""


@dataclass
class _Tally:
    good: Counter[str] = field(default_factory=Counter)
    faults: int = 0
    quarantined: int = 0
    type_faults: int = 0
    senders: Counter[str] = field(default_factory=Counter)
    aside: Counter[str] = field(default_factory=Counter)
    physical: int = 0
    header: int = 0
    structural: int = 0
    blank: int = 0
    records: int = 0
    continuation: int = 0
    held: list[str] = field(default_factory=list)


def read_stream(source: BinaryIO, job: Job, *, outlet: Outlet | None = None) -> Delivery:
    """Read a file from where it stands; whatever it holds, give a delivery.

    It is read once, but for a long file whose days come back after it had left them. The facts of a long
    file go to the `outlet`, if any, and are then not the delivery's.
    """
    if source.seekable():
        start = source.tell()
        try:
            return _read_through(source, job, outlet, early=True)
        except BackInTime:
            source.seek(start)
            if outlet is not None:
                outlet.start_over()
    return _read_through(source, job, outlet, early=False)


def _read_through(source: BinaryIO, job: Job, outlet: Outlet | None, *, early: bool) -> Delivery:
    reader = HashingReader(source, job.limits)
    reading = _Reading(job, KeptFacts(outlet=outlet), early=early)
    try:
        return reading.run(reader)
    except Stop as stop:
        return refused(
            stop.issue,
            feed=job.feed,
            pharmacy=job.terms.pharmacy,
            mapping=job.mapping_name,
            sha256=_drained(reader),
        )


def _drained(reader: HashingReader) -> str:
    try:
        return reader.drain()
    except Stop:
        return reader.sha256


class _Reading:
    def __init__(self, job: Job, facts: KeptFacts, *, early: bool) -> None:
        self._job = job
        self._bringer = Bringer(
            job.mapping, facts, operator_key=job.terms.operator_key, early=early
        )
        self._notes = Notes(job.limits.listed_issues)
        self._tally = _Tally()
        rules = {rule.column: rule.sources for rule in job.mapping.rules}
        self._scanner = Scanner(
            staff=rules.get("operator", ()),
            firms=rules.get("supplier", ()),
        )
        self._layout: Layout | None = None
        self._trailer: TrailerReader | None = None

    def run(self, reader: HashingReader) -> Delivery:
        job = self._job
        self._scanner.name_of_file(job.filename)
        opened = open_container(reader, job.limits)
        if opened.kind not in ("xlsx", "ods"):
            for name in opened.inner_names:
                self._scanner.name_of_file(name, inner=True)
        self._check_kind(opened)
        if opened.kind == "text":
            stream = TextStream(opened.blocks, job.mapping.file.encoding)
        else:
            texts = table_blocks(opened, job.mapping, job.limits)
            stream = TextStream(texts, "utf-8")
        self._read(stream)
        self._scanner.finish()
        return self._conclude(reader.drain(), stream.content_hash)

    def _check_kind(self, opened: Opened) -> None:
        suffix = re.sub(r"\.(gz|zip|zst)$", "", self._job.filename.lower()).rsplit(".", 1)[-1]
        expected = _SUFFIXES.get(suffix, opened.kind)
        allowed = _KINDS[opened.kind] in self._job.mapping.file.formats
        if expected != opened.kind or not allowed:
            raise type_mismatch(_WHAT[opened.kind])

    def _read(self, stream: TextStream) -> None:
        blocks = iter(stream)
        header, line, head = _take_header(blocks, self._job)
        layout = lay_out(header, self._job.mapping, encoding=stream.encoding, line=line)
        self._layout = layout
        if self._job.mapping.file.header:
            self._scanner.headers(layout.names, line)
            self._tally.header = 1
        self._tally.blank = line - 1
        self._tally.physical = line - 1 + self._tally.header
        framer = Framer(layout.delimiter, layout.quote, self._job.limits, self._tally.physical + 1)
        typist = Typist(
            layout,
            self._job.terms,
            self._scanner,
            encoding=stream.encoding,
            listed=self._job.limits.listed_issues,
        )
        rows = _chained(head, blocks)
        if self._job.mapping.trailer is not None:
            self._trailer = TrailerReader(self._job.mapping.trailer, layout, stream.encoding)
            rows = self._trailer.without(rows)
        self._pump(rows, framer, typist, stream.encoding)

    def _pump(self, blocks: Iterator[bytes], framer: Framer, typist: Typist, encoding: str) -> None:
        threads = self._job.limits.threads
        waiting: list[Future[tuple[Parsed, list[tuple[Typed, Notes]]]]] = []
        with ThreadPoolExecutor(threads) as pool:
            try:
                for frame in self._frames(blocks, framer):
                    waiting.append(pool.submit(self._work, frame, typist))
                    if len(waiting) > threads:
                        self._collect(waiting.pop(0).result(), encoding)
                while waiting:
                    self._collect(waiting.pop(0).result(), encoding)
            finally:
                for future in waiting:
                    future.cancel()

    def _frames(self, blocks: Iterator[bytes], framer: Framer) -> Iterator[Frame]:
        for block in blocks:
            frame = framer.feed(block)
            if frame is not None:
                yield self._counted(frame)
        frame, cut, padded = framer.finish()
        if padded:
            self._tally.held.append("TRUNCATED_TAIL")
            if not cut:
                self._tally.structural += 1
        if cut:
            self._tally.held.append("TRUNCATED_LAST_ROW")
        if frame is not None:
            yield self._counted(frame)

    def _counted(self, frame: Frame) -> Frame:
        self._tally.physical += frame.physical
        self._tally.blank += frame.blank
        self._tally.continuation += sum(record.span - 1 for record in frame.odd)
        return frame

    def _work(self, frame: Frame, typist: Typist) -> tuple[Parsed, list[tuple[Typed, Notes]]]:
        layout = typist.layout
        parsed = parse(frame, width=layout.width, delimiter=layout.delimiter, quote=layout.quote)
        return parsed, [typist.type(block) for block in parsed.blocks]

    def _collect(self, done: tuple[Parsed, list[tuple[Typed, Notes]]], encoding: str) -> None:
        parsed, typed = done
        tally = self._tally
        tally.blank += parsed.blank
        for fault in parsed.faults:
            self._scanner.raw(fault.raw or b"\x1f".join(fault.fields), fault.line, encoding)
            self._notes.add(fault.line, "", fault.code)
            tally.faults += 1
        for part, notes in typed:
            self._bringer.add(part.rows)
            tally.good.update(total(part.rows))
            tally.quarantined += part.quarantined
            tally.type_faults += part.type_faults
            tally.structural += part.structural
            tally.blank += part.blank
            tally.senders.update(part.senders)
            tally.aside.update(part.aside)
            self._notes.extend(notes)

    def _conclude(self, sha256: str, content_hash: str) -> Delivery:
        job, tally = self._job, self._tally
        tally.records = self._bringer.rows + tally.quarantined + tally.faults
        self._refuse_wrong_order()
        self._refuse_strangers()
        whole = self._bringer.finish()
        conflicts = whole.conflicts
        if len(conflicts):
            column = self._layout.source_name(FEEDS[job.feed].line_key[-1]) if self._layout else ""
            all_of_them = np.ones(len(conflicts), np.bool_)
            self._notes.rows(all_of_them, conflicts, column, "CONFLICTING_ID")
        if whole.doubled:
            tally.held.append("DOUBLED_FILE")
        self._check_trailer()
        tally.aside.update(whole.aside)
        return self._delivery(whole, sha256=sha256, content_hash=content_hash)

    def _check_trailer(self) -> None:
        if self._trailer is None:
            return
        if self._trailer.line:
            self._tally.physical += 1
            self._tally.structural += 1
        amount = self._tally.good["amount"] + self._tally.aside["amount"]
        if not self._trailer.agrees(rows=self._tally.records, amount=amount):
            self._tally.held.append("CONTROL_TOTAL")

    def _refuse_strangers(self) -> None:
        senders = self._tally.senders
        if senders and not set(senders) & self._job.terms.welcome:
            raise Stop(
                "SENDER_MISMATCH",
                "Toutes les lignes sont celles d’une autre pharmacie que l’expéditrice : "
                "envoyez ce fichier depuis le compte de cette pharmacie.",
                column="pharmacy",
            )

    def _refuse_wrong_order(self) -> None:
        tally = self._tally
        if not self._job.mapping.file.header and 2 * tally.type_faults > tally.records:
            raise Stop(
                "DIALECT",
                "Sans ligne d’en-tête, les colonnes ne sont pas dans l’ordre de la correspondance : "
                "la plupart des valeurs n’ont pas le type attendu. Exportez avec l’en-tête.",
                line=1,
            )

    def _delivery(self, whole: Together, *, sha256: str, content_hash: str) -> Delivery:
        job, tally = self._job, self._tally
        quarantined = tally.quarantined + tally.faults + len(whole.conflicts)
        received = whole.accepted + quarantined + whole.copies
        code = self._hold_code(received, quarantined)
        own = [
            Issue(0, "", c, sentence(c), "stop") for c in dict.fromkeys([code, *tally.held]) if c
        ]
        return Delivery(
            status=ReceiptStatus.HELD if code else ReceiptStatus.ACCEPTED,
            code=code,
            message=sentence(code) if code else "",
            feed=job.feed,
            pharmacy=job.terms.pharmacy,
            mapping=job.mapping_name,
            received=received,
            accepted=whole.accepted,
            quarantined=quarantined,
            duplicates=whole.copies,
            sha256=sha256,
            content_hash=content_hash,
            days=_days(whole.days),
            issues=self._notes.issues(own),
            issue_counts=dict(self._notes.counts),
            sums=_in_euros(whole.sums),
            set_aside=_in_euros(tally.aside),
            facts=whole.facts,
            exported_at=exported_at(job.filename, job.mapping),
            dropped_columns=self._layout.dropped_names if self._layout else (),
            pharmacies=tuple(sorted(set(tally.senders) & job.terms.welcome)),
            lines=LineCount(
                tally.physical,
                tally.header,
                tally.structural,
                tally.blank,
                tally.records,
                tally.continuation,
            ),
        )

    def _hold_code(self, received: int, quarantined: int) -> str:
        if not received:
            return "NO_ROWS"
        if self._tally.held:
            return self._tally.held[0]
        if Decimal(quarantined) > self._job.mapping.hold_above * received:
            return "TOO_MANY_ERRORS"
        return ""


def _take_header(blocks: Iterator[bytes], job: Job) -> tuple[bytes, int, bytes]:
    data = b""
    line = 1
    for block in blocks:
        data += block
        while b"\n" in data:
            first, rest = data.split(b"\n", 1)
            if first.strip(b" \t"):
                return first, line, (rest if job.mapping.file.header else data)
            data = rest
            line += 1
        if len(data) > job.limits.record_bytes:
            break
    if b"\n" not in data and data.strip(b" \t\0") and len(data) <= job.limits.record_bytes:
        return data, line, b""
    if data.strip(b" \t\0"):
        raise Stop(
            "DIALECT",
            "La première ligne est démesurément longue : ce fichier n’est pas un tableau de lignes.",
            line=line,
        )
    raise Stop("EMPTY_FILE", "Le fichier n’a aucune ligne : refaites l’export.")


def _chained(head: bytes, blocks: Iterator[bytes]) -> Iterator[bytes]:
    if head:
        yield head
    yield from blocks


def _days(days: list[Ints]) -> tuple[dt.date, ...]:
    return tuple(
        dt.date(1970, 1, 1) + dt.timedelta(days=day) for part in days for day in part.tolist()
    )


def _in_euros(sums: Mapping[str, int]) -> dict[str, Decimal]:
    return {
        "quantity": Decimal(sums.get("quantity", 0)),
        "amount": Decimal(sums.get("amount", 0)).scaleb(-4),
    }


def exported_at(filename: str, mapping: FeedMapping) -> dt.datetime | None:
    """Read the time of export in the file name, local to Paris, when the mapping says how."""
    if mapping.exported_at is None:
        return None
    found = re.search(mapping.exported_at.filename, filename)
    if found is None:
        return None
    try:
        moment = dt.datetime.strptime(found.group(1), mapping.exported_at.format)
    except ValueError:
        return None
    return moment.replace(tzinfo=_PARIS)
