"""The way in for suppliers' invoices: `read_invoices` gives what a file holds, whatever it holds."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path
from typing import BinaryIO

from galien.intake.child import invoices_in_child
from galien.intake.invoices.reading import InvoiceJob, InvoiceReading, read_invoice_stream
from galien.warehouse.ledger import Issue


def read_invoices(
    source: BinaryIO | Path, *, filename: str = "", today: dt.date, isolated: bool = True
) -> tuple[InvoiceReading, ...]:
    """Read a file of invoices (Factur-X PDF, CII or UBL XML, a zip of several) in a bounded child.

    One reading for each invoice; one that is refused has no invoice, and a remark that says why.
    `isolated=False` reads here, for our own files.
    """
    if isinstance(source, Path):
        with source.open("rb") as stream:
            return read_invoices(
                stream, filename=filename or source.name, today=today, isolated=isolated
            )
    job = InvoiceJob(filename, today)
    start = source.tell() if source.seekable() else None
    found = invoices_in_child(source, job) if isolated else read_invoice_stream(source, job)
    return found if found is not None else (_stopped(source, filename, start),)


def _stopped(source: BinaryIO, filename: str, start: int | None) -> InvoiceReading:
    digest = hashlib.sha256()
    if start is not None:
        source.seek(start)
        while chunk := source.read(1 << 20):
            digest.update(chunk)
    issue = Issue(
        0,
        "",
        "READING_STOPPED",
        "La lecture du fichier a dépassé la mémoire ou le temps admis : demandez au fournisseur une "
        "facture moins lourde.",
        "stop",
    )
    return InvoiceReading(filename, digest.hexdigest(), issues=(issue,))
