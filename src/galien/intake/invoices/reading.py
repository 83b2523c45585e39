"""A file of electronic invoices read whole: a PDF that carries its XML, an XML, or a zip of several."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import logging
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import BinaryIO
from xml.etree.ElementTree import Element

from galien.intake.invoices import checks, cii, ubl
from galien.intake.invoices.tree import children, local, parsed
from galien.intake.limits import MEGABYTE, Limits
from galien.intake.outcome import Stop
from galien.intake.privacy import personal, sure_find
from galien.intake.zipdoor import check_zip
from galien.model.invoices import Invoice, InvoiceForm
from galien.warehouse.ledger import Issue

LIMITS = Limits(
    received_bytes=256 * MEGABYTE,
    unpacked_bytes=512 * MEGABYTE,
    entries=500,
    memory_bytes=2048 * MEGABYTE,
    cpu_seconds=120,
    wall_seconds=180,
)
LARGEST_FILE = 64 * MEGABYTE
_NO_DATE = dt.date(1, 1, 1)
_PDF, _ZIP = b"%PDF-", b"PK\x03\x04"


@dataclass(frozen=True)
class InvoiceJob:
    """What is asked of a reading: the name the file came under, the day it is, its bounds."""

    filename: str
    today: dt.date
    limits: Limits = LIMITS


@dataclass(frozen=True)
class InvoiceReading:
    """What a file holds: its hash, its invoice, remarks; None when it is refused, the remark says why."""

    filename: str
    sha256: str
    invoice: Invoice | None = None
    issues: tuple[Issue, ...] = ()


def read_invoice_stream(source: BinaryIO, job: InvoiceJob) -> tuple[InvoiceReading, ...]:
    """Read a file of invoices; one reading for each, whatever it holds."""
    data = source.read(job.limits.received_bytes + 1)
    name = PurePath(job.filename.replace("\\", "/")).name[:255]
    try:
        if len(data) > job.limits.received_bytes:
            raise _too_large()
        if data[:4] == _ZIP:
            return tuple(_entries(data, job))
    except Stop as stop:
        return (InvoiceReading(name, hashlib.sha256(data).hexdigest(), issues=(stop.issue,)),)
    return (read_one(data, name, job.today),)


def read_one(data: bytes, name: str, today: dt.date) -> InvoiceReading:
    """Read one invoice, PDF or XML."""
    digest = hashlib.sha256(data).hexdigest()
    try:
        if len(data) > LARGEST_FILE:
            raise _too_large()
        if not data.strip():
            raise Stop(
                "EMPTY_FILE", "Le fichier est vide : demandez au fournisseur de le renvoyer."
            )
        invoice, guessed = _invoice(data)
        checks.required(invoice, dated=invoice.issued_on != _NO_DATE)
        _refuse_people(invoice)
    except Stop as stop:
        kept = "" if stop.issue.code == "PERSONAL_DATA" else name
        return InvoiceReading(kept, digest, issues=(stop.issue,))
    issues = (*_encoding(guessed=guessed), *checks.remarks(invoice, today))
    return InvoiceReading(name, digest, invoice, issues)


def _entries(data: bytes, job: InvoiceJob) -> Iterator[InvoiceReading]:
    check_zip(data, job.limits)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            path = PurePath(entry.filename)
            hidden = path.name.startswith(".") or path.parts[:1] == ("__MACOSX",)
            if entry.is_dir() or hidden:
                continue
            try:
                content = archive.read(entry)
            except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
                raise Stop(
                    "ARCHIVE_CRC", "L’archive zip est abîmée : refaites-la et renvoyez-la."
                ) from error
            yield read_one(content, path.name[:255], job.today)


def _invoice(data: bytes) -> tuple[Invoice, bool]:
    """Return the invoice of bytes, and whether the encoding of its XML had to be guessed."""
    pdf = _PDF in data[:1024]
    root, guessed = parsed(_embedded(data) if pdf else data)
    root = _unwrapped(root)
    name = local(root)
    if name in cii.ROOTS:
        form = InvoiceForm.FACTURX if pdf else InvoiceForm.CII
        return cii.read_cii(root, form, _NO_DATE), guessed
    if name in ubl.ROOTS:
        invoice = ubl.read_ubl(root, _NO_DATE)
        return (replace(invoice, form=InvoiceForm.FACTURX) if pdf else invoice), guessed
    raise Stop(
        "NOT_AN_INVOICE",
        "Ce fichier XML n’est pas une facture électronique (CII ou UBL) : choisissez le fichier de la "
        "facture elle-même.",
    )


def _unwrapped(root: Element) -> Element:
    """Return the invoice inside the envelope some networks put around it."""
    if local(root) != "StandardBusinessDocument":
        return root
    known = cii.ROOTS | ubl.ROOTS
    return next((each for each in children(root) if local(each) in known), next(
        (each for each in root if local(each) in known), root
    ))  # fmt: skip


def _embedded(data: bytes) -> bytes:
    """Return the XML that a PDF carries; Stop when it carries none or cannot be opened."""
    import facturx
    from pypdf.errors import PyPdfError

    logging.getLogger("factur-x").setLevel(logging.CRITICAL)
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        for names in (["factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml"], ["*.xml"]):
            _, content = facturx.get_xml_from_pdf(data, check_xsd=False, filenames=names)
            if content:
                return bytes(content)
    except PyPdfError as error:
        locked = "crypt" in type(error).__name__.lower() or "password" in str(error).lower()
        raise Stop(
            "PDF_LOCKED" if locked else "PDF_UNREADABLE",
            "Le PDF est protégé par un mot de passe : demandez-le sans protection."
            if locked
            else "Le PDF est coupé ou abîmé : demandez au fournisseur de le renvoyer.",
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        # What the libraries raise on a damaged PDF, beside their own errors.
        raise Stop(
            "PDF_UNREADABLE",
            "Le PDF est coupé ou abîmé : demandez au fournisseur de le renvoyer.",
        ) from error
    raise Stop(
        "PDF_WITHOUT_INVOICE",
        "Ce PDF ne contient pas de facture électronique : c’est une image de facture. Demandez au "
        "fournisseur sa facture Factur-X, ou le fichier UBL ou CII.",
    )


def _refuse_people(invoice: Invoice) -> None:
    """Refuse an invoice whose lines speak of a person; what is not kept is not looked at."""
    for place, line in enumerate(invoice.lines, 1):
        reasons = " ; ".join(each.reason for each in line.adjustments)
        found = sure_find(f"{line.name} ; {reasons}")
        if found:
            raise personal(found, line=place, column="désignation")


def _encoding(*, guessed: bool) -> Iterator[Issue]:
    if guessed:
        yield Issue(
            0,
            "",
            "ENCODING",
            "Le fichier XML n’est pas dans l’encodage qu’il annonce : il a été lu en Windows-1252.",
            "warning",
        )


def _too_large() -> Stop:
    return Stop("TOO_LARGE", "Le fichier est trop grand pour une facture : envoyez-les séparément.")
