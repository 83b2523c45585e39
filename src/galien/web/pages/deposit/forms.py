"""The sending form: what was chosen, what is wrong with it, and the jobs it makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from galien.model.viewer import Viewer
from galien.records.models import User
from galien.usecases import deposit as usecase
from galien.usecases.duties import duties, sendable
from galien.usecases.services import Services
from galien.web.components.models import Empty, Field, Link
from galien.web.lists import FEED_LABELS, options
from galien.web.pages.jobs import shown as jobs

ACCEPTED = ".csv,.txt,.tsv,.xlsx,.ods,.parquet,.zip,.gz,.zst"


@dataclass(frozen=True)
class Sending:
    """What the form holds: choices, files, and a sentence for each field at fault."""

    pharmacy: str = ""
    feed: str = ""
    mapping: str = ""
    files: tuple[UploadedFile[bytes], ...] = ()
    pharmacies: Mapping[str, str] = field(default_factory=dict)
    mappings: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


def read(request: HttpRequest, viewer: Viewer, services: Services) -> Sending:
    """Read the form; on a first look, nothing is at fault."""
    pharmacies = {each.finess: each.name for each in sendable(viewer)}
    mappings = usecase.every_mapping(services)
    given = request.POST if request.method == "POST" else request.GET
    made = Sending(
        pharmacy=given.get("pharmacy", "") or next(iter(pharmacies), ""),
        feed=given.get("feed", "") or "sales",
        mapping=given.get("mapping", "") or "galien",
        files=tuple(request.FILES.getlist("files")),
        pharmacies=pharmacies,
        mappings=mappings,
    )
    if request.method != "POST":
        return made
    return Sending(**{**vars(made), "errors": _errors(made, services)})


def send(form: Sending, viewer: Viewer, user: User, services: Services) -> None:
    """Queue a job for each file, or for none when there is no room for all of them."""
    usecase.make_room(len(form.files))
    for file in form.files:
        deposit = usecase.Deposit(
            filename=file.name or "fichier",
            chunks=file.chunks(),
            feed=form.feed,
            pharmacy=form.pharmacy,
            mapping=form.mapping,
        )
        usecase.send(deposit, viewer, user, services=services)


def page(form: Sending, viewer: Viewer, services: Services) -> dict[str, Any]:
    """Return what the page prints: the fields, and the last files sent with their progress."""
    del services
    recent = usecase.recent(viewer)
    return {
        "fields": _fields(form),
        "file_field": Field(
            "files", "Fichiers", kind="file", required=True, accept=ACCEPTED,
            error=form.errors.get("files", ""),
            help="CSV, TSV, Excel, ODS ou Parquet, compressés ou non\u00a0; 256 Mo au plus par envoi.",
        ),
        "recent": [jobs.whole(each) for each in recent],
        "without": None if form.pharmacies else _without(viewer),
    }  # fmt: skip


def _without(viewer: Viewer) -> Empty:
    """Return what to do for who sends the files of no pharmacy: who runs the group opens some."""
    if duties(viewer).runs:
        return Empty(
            title="Aucune pharmacie ouverte à votre groupement",
            text="Enregistrez l’autorisation signée d’une pharmacie\u00a0: vous pourrez envoyer ses "
            "fichiers et lire ses chiffres.",
            links=(Link("Voir les autorisations", "/administration/autorisations"),),
            icon="file",
        )
    return Empty(
        title="Aucune pharmacie à votre nom",
        text="Vous n’envoyez les fichiers d’aucune pharmacie. Demandez-le à l’administrateur de "
        "votre groupement.",
        icon="file",
    )


def _errors(form: Sending, services: Services) -> dict[str, str]:
    found = {}
    if form.pharmacy not in form.pharmacies:
        found["pharmacy"] = "Choisissez une des pharmacies de la liste."
    if form.feed not in FEED_LABELS:
        found["feed"] = "Choisissez un des flux de la liste."
    elif form.mapping not in form.mappings:
        found["mapping"] = "Choisissez une des correspondances de la liste."
    elif form.mapping not in usecase.mappings_of(form.feed, services):
        found["mapping"] = (
            "Cette correspondance ne décrit pas ce flux\u00a0: choisissez-en une autre."
        )
    if not form.files:
        found["files"] = "Choisissez au moins un fichier."
    elif any(not file.size for file in form.files):
        found["files"] = "Un des fichiers est vide\u00a0: refaites l’export, puis renvoyez-le."
    return found


def _fields(form: Sending) -> tuple[Field, ...]:
    return (
        Field("pharmacy", "Pharmacie", kind="select", required=True,
              error=form.errors.get("pharmacy", ""), options=options(form.pharmacies, form.pharmacy)),
        Field("feed", "Flux", kind="select", required=True,
              error=form.errors.get("feed", ""), options=options(FEED_LABELS, form.feed)),
        Field("mapping", "Correspondance", kind="select", required=True,
              error=form.errors.get("mapping", ""), options=options(form.mappings, form.mapping),
              help="Comment les colonnes de votre logiciel deviennent celles de Galien."),
    )  # fmt: skip
