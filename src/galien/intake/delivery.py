"""The way in for files: `read_delivery` gives what a file holds, whatever it holds."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import BinaryIO

from galien.intake.child import read_in_child
from galien.intake.controls.base import Terms
from galien.intake.limits import Limits
from galien.intake.mapping import Mapping
from galien.intake.outcome import Delivery, refused
from galien.intake.reading import Job, read_stream
from galien.kernel.errors import InvalidInput, did_you_mean
from galien.model.feeds import FEEDS
from galien.warehouse.ledger import Issue


def read_delivery(  # noqa: PLR0913 - the single way in: a file, what it is, who says so
    source: BinaryIO | Path,
    *,
    feed: str,
    mapping: Mapping,
    terms: Terms,
    limits: Limits | None = None,
    filename: str = "",
    isolated: bool = True,
    drafts: Path | None = None,
) -> Delivery:
    """Read a file a pharmacy sent; accepted, held or refused, it always gives a delivery.

    `terms` says who sends, what today is and what rows are checked against. `filename` is the name the
    sender gave (a path's own name by default): it is scanned, and may say the time of export. The file
    is read in a bounded child process; `isolated=False` reads here, for files of our own making. The facts
    of a long file wait in the folder of `drafts`, else in memory.

    Raises InvalidInput for an unknown feed or one that the mapping does not describe.
    """
    if feed not in FEEDS:
        raise InvalidInput(f"Le flux « {feed} » n’existe pas. {did_you_mean(feed, FEEDS)}")
    limits = limits or Limits()
    if isinstance(source, Path):
        with source.open("rb") as stream:
            return read_delivery(
                stream,
                feed=feed,
                mapping=mapping,
                terms=terms,
                limits=limits,
                filename=filename or source.name,
                isolated=isolated,
                drafts=drafts,
            )
    job = Job(feed, mapping.name, mapping.of(feed), terms, limits, filename)
    start = source.tell() if source.seekable() else None
    found = read_in_child(source, job, drafts=drafts) if isolated else read_stream(source, job)
    return found if found is not None else _stopped(source, start, job)


def _stopped(source: BinaryIO, start: int | None, job: Job) -> Delivery:
    digest = hashlib.sha256()
    if start is not None:
        source.seek(start)
        while chunk := source.read(1 << 20):
            digest.update(chunk)
    issue = Issue(
        line=0,
        column="",
        code="READING_STOPPED",
        message="La lecture du fichier a dépassé la mémoire ou le temps admis : envoyez-le en "
        "plusieurs fois, par période. Si cela se répète, écrivez à l’administrateur.",
        severity="stop",
    )
    return refused(
        issue,
        feed=job.feed,
        pharmacy=job.terms.pharmacy,
        mapping=job.mapping_name,
        sha256=digest.hexdigest(),
    )
