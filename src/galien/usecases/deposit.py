"""Sending files from the browser: kept sealed until a job has read them, then forgotten.

The privacy scan comes before anything is written in the workspace, and happens in the job. Until then
the bytes wait encrypted in the machine's temporary folder, which no backup takes; they go as soon as
the job is over, whatever became of it.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from galien.intake import mapping, mapping_names
from galien.kernel.errors import InvalidInput, TooBusy
from galien.kernel.french import number
from galien.model.feeds import FEEDS
from galien.model.viewer import Viewer
from galien.records.models import Job, JobState, User
from galien.records.scope import visible_to
from galien.usecases import access_log
from galien.usecases.duties import may_send_for
from galien.usecases.jobs import JobRun, submit
from galien.usecases.load import LoadOrder, load
from galien.usecases.sealed import forget, opened, seal
from galien.usecases.services import Services

KIND = "deposit"
SHOWN = 20
MOST_WAITING = 2_000  # an hour of one worker, and the sealed bytes of it in the temporary folder


@dataclass(frozen=True)
class Deposit:
    """A file given to send: its name, its bytes in any pieces, and what it is."""

    filename: str
    chunks: Iterable[bytes]
    feed: str
    pharmacy: str
    mapping: str


def mappings_of(feed: str, services: Services) -> dict[str, str]:
    """Return the mappings that describe a feed: label by name."""
    known = (
        mapping(name, services.workspace.path) for name in mapping_names(services.workspace.path)
    )
    return {each.name: each.label for each in known if feed in each.feeds}


def every_mapping(services: Services) -> dict[str, str]:
    """Return the label of each mapping by its name."""
    known = (
        mapping(name, services.workspace.path) for name in mapping_names(services.workspace.path)
    )
    return {each.name: each.label for each in known}


def make_room(files: int) -> None:
    """Let files in while few enough wait to be read; TooBusy otherwise, before any is taken."""
    waiting = Job.objects.filter(kind=KIND, state=JobState.QUEUED).count()
    if waiting + files > MOST_WAITING:
        raise TooBusy(
            f"{number(waiting)} fichiers attendent déjà d’être lus : rien de cet envoi n’a été pris. "
            "Renvoyez-le dans quelques minutes.",
            code="TOO_MANY_WAITING",
        )


def send(deposit: Deposit, viewer: Viewer, user: User, *, services: Services) -> Job:
    """Seal a file and queue its loading.

    Raises NotAllowed when the viewer does not send for that pharmacy, InvalidInput when the feed or
    the mapping is not one that describes it, TooBusy when too many files wait already.
    """
    make_room(1)
    may_send_for(viewer, deposit.pharmacy)
    if deposit.feed not in FEEDS:
        raise InvalidInput("Choisissez le flux dans la liste : ventes, achats ou stock.")
    mapping(deposit.mapping, services.workspace.path).of(deposit.feed)
    key = seal(deposit.chunks, services=services)
    name = Path(deposit.filename).name[:200]
    access_log.note(
        access_log.SEND,
        f"{deposit.feed} : {name}",
        viewer,
        services=services,
        pharmacies=(deposit.pharmacy,),
    )
    return submit(
        KIND,
        {
            "key": key,
            "filename": name,
            "feed": deposit.feed,
            "pharmacy": deposit.pharmacy,
            "mapping": deposit.mapping,
        },
        user=user,
    )


def recent(viewer: Viewer) -> QuerySet[Job]:
    """Return the viewer's last deposits, newest first."""
    return visible_to(viewer).jobs().filter(kind=KIND, user=int(viewer.user_id))[:SHOWN]


def run_deposit(run: JobRun) -> dict[str, Any]:
    """Load a sealed file and forget it. The job's person must still send for the pharmacy."""
    given = run.arguments
    try:
        may_send_for(run.viewer, given["pharmacy"])
        run.progress(0.05, f"Lecture de {given['filename']}")
        with _plain(given["key"], run.services) as path:
            order = LoadOrder(
                path=path,
                feed=given["feed"],
                pharmacy=given["pharmacy"],
                mapping=given["mapping"],
                sender=run.viewer.name,
                filename=given["filename"],
            )
            receipt = load(order, services=run.services)
    finally:
        forget(given["key"], services=run.services)
    return {
        "receipt": receipt.receipt,
        "status": receipt.status.value,
        "code": receipt.code,
        "accepted": receipt.accepted,
        "quarantined": receipt.quarantined,
        "message": receipt.issues[0].message if receipt.issues else "",
    }


@contextmanager
def _plain(key: str, services: Services) -> Iterator[Path]:
    """Give a path to the plain bytes, held in memory where the system can."""
    chunks = opened(key, services=services)
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("galien")
        with os.fdopen(descriptor, "wb") as file:
            _copy(chunks, file)
            yield Path(f"/proc/self/fd/{descriptor}")
        return
    with tempfile.NamedTemporaryFile() as file:
        _copy(chunks, file)
        yield Path(file.name)


def _copy(chunks: Iterable[bytes], file: Any) -> None:
    for chunk in chunks:
        file.write(chunk)
    file.flush()
