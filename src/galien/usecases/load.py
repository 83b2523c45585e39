"""Loading a pharmacy's file: read in a child process, counted, committed, answered by a receipt."""

from __future__ import annotations

import datetime as dt
import errno
import hashlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from galien.intake import Delivery, Limits, mapping, read_delivery
from galien.intake.library import CANONICAL
from galien.kernel.errors import InvalidInput, did_you_mean
from galien.model.feeds import FEEDS
from galien.usecases.pharmacies import make_known
from galien.usecases.services import Services
from galien.usecases.terms import terms_of
from galien.warehouse.commit import record_delivery
from galien.warehouse.ledger import ReceiptRecord, ReceiptStatus

CHUNK = 1 << 20
LIMITS = Limits()
KEPT = (ReceiptStatus.ACCEPTED, ReceiptStatus.HELD)
STRANGERS = "NOT_AUTHORISED"


@dataclass(frozen=True)
class LoadOrder:
    """What to load: the file, its feed and pharmacy, how to read it, how it ranks among versions.

    `exported_at` is the moment of export (it orders versions of a day); `append` says the file
    completes the live version of its days instead of replacing it.
    """

    path: Path
    feed: str
    pharmacy: str
    mapping: str = CANONICAL
    exported_at: dt.datetime | None = None
    append: bool = False
    sender: str = ""
    filename: str = ""

    @property
    def shown_name(self) -> str:
        """The name the sender gave the file."""
        return self.filename or self.path.name


def load(order: LoadOrder, *, services: Services) -> ReceiptRecord:
    """Load one file and return its receipt, whatever became of it.

    The receipt is returned only once what it acknowledges is on the disk. Raises InvalidInput when
    the file, the feed or the mapping cannot be used at all: nothing was then received.
    """
    _check(order)
    delivery = _read(order, services)
    receipt = _receipt(order, delivery, now=services.clock.now())
    if receipt.status in KEPT and not _known(receipt, services):
        # Lines of a pharmacy that gave no authorisation are kept nowhere: not among the bytes either.
        if STRANGERS not in delivery.issue_counts:
            _keep_raw(order, receipt, services)
        make_known(order.pharmacy)
    return record_delivery(receipt, delivery.facts, ledger=services.ledger, store=services.store)


def release_held(receipt: str, *, services: Services) -> ReceiptRecord:
    """Load a held file after all, as it was read; InvalidInput when it is not held."""
    return services.ledger.change_status(receipt, ReceiptStatus.ACCEPTED)


def discard_held(receipt: str, *, services: Services) -> ReceiptRecord:
    """Drop a held file; InvalidInput when it is not held."""
    return services.ledger.change_status(receipt, ReceiptStatus.DISCARDED)


def _check(order: LoadOrder) -> None:
    if order.feed not in FEEDS:
        raise InvalidInput(
            f"Flux « {order.feed} » inconnu. {did_you_mean(order.feed, FEEDS)}", code="FEED"
        )
    if not order.pharmacy.isalnum() or len(order.pharmacy) > 14:
        raise InvalidInput(
            f"« {order.pharmacy} » n’est pas un numéro de pharmacie : "
            "donnez son FINESS (neuf chiffres) ou son numéro APB.",
            code="PHARMACY",
        )
    if not order.path.is_file():
        raise InvalidInput(f"Fichier {order.path} introuvable. Vérifiez le chemin.", code="NO_FILE")


def _read(order: LoadOrder, services: Services) -> Delivery:
    with _opened(order.path) as source:
        delivery = read_delivery(
            source,
            feed=order.feed,
            mapping=mapping(order.mapping, services.workspace.path),
            terms=terms_of(order.pharmacy, services),
            limits=LIMITS,
            filename=order.shown_name,
            drafts=services.store.places.tmp,
        )
    if order.exported_at is None:
        return delivery
    return replace(delivery, exported_at=order.exported_at)


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise InvalidInput(
            f"Fichier {path} illisible ({error.strerror}). Vérifiez vos droits sur ce fichier.",
            code="NO_FILE",
        ) from error


def _receipt(order: LoadOrder, delivery: Delivery, *, now: dt.datetime) -> ReceiptRecord:
    return ReceiptRecord(
        receipt=f"{now:%Y%m%d}-{secrets.token_hex(6)}",
        sha256=delivery.sha256,
        content_hash=delivery.content_hash,
        feed=order.feed,
        pharmacy=order.pharmacy,
        mapping=order.mapping,
        # The name of a refused file may itself hold personal data.
        filename="" if delivery.code == "PERSONAL_DATA" else order.shown_name,
        sender=order.sender,
        status=delivery.status,
        code=delivery.code,
        received=delivery.received,
        accepted=delivery.accepted,
        quarantined=delivery.quarantined,
        duplicates=delivery.duplicates,
        received_at=now,
        exported_at=delivery.exported_at,
        append=order.append,
        days=delivery.days,
        issues=delivery.issues,
        sums=delivery.sums,
        dropped_columns=delivery.dropped_columns,
    )


def _known(receipt: ReceiptRecord, services: Services) -> bool:
    known = services.ledger.duplicate_of(
        sha256=receipt.sha256,
        content_hash=receipt.content_hash,
        pharmacy=receipt.pharmacy,
        feed=receipt.feed,
    )
    return known is not None


def _keep_raw(order: LoadOrder, receipt: ReceiptRecord, services: Services) -> None:
    with _opened(order.path) as source:
        services.vault.keep(receipt.receipt, _same_bytes(source, receipt.sha256))


def _same_bytes(source: BinaryIO, sha256: str) -> Iterator[bytes]:
    """Give the bytes again; fail at the end if they are not those that were read and scanned."""
    digest = hashlib.sha256()
    while chunk := source.read(CHUNK):
        digest.update(chunk)
        yield chunk
    if digest.hexdigest() != sha256:
        raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))
