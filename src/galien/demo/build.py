"""Builds the demonstration workspace: generates the files, loads them as anybody would, publishes.

Every file goes through the same door as a real one; the second start finds everything in place.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from galien.demo.advised import load_advised
from galien.demo.books.build import BookFile, write_books
from galien.demo.export import ManifestLine
from galien.demo.generate import DemoFiles, Group, lay_out, write_manifest
from galien.demo.hands import (
    Opener,
    bring_books,
    bring_contracts,
    hands_on,
    import_public_catalogue,
    keep_world,
    load_one,
    write_one,
)
from galien.demo.invoices.build import build_invoices
from galien.demo.people import make_people
from galien.kernel.errors import InvalidInput
from galien.kernel.period import Period, shift_months
from galien.usecases.catalogue import import_hierarchy
from galien.usecases.pharmacies import import_pharmacies
from galien.usecases.progress import Progress
from galien.usecases.publish import publish
from galien.usecases.services import Services
from galien.usecases.workspace import Workspace

MARK = "demo.json"
# What each step weighs in the time of the whole, so that progress is even.
STARTED, WRITTEN, LOADED, PUBLISHED = 0.03, 0.18, 0.55, 0.95
_BOOKS_AT_ONCE = 6
_STAGES = {
    "publication": "Publication : fichiers des mois",
    "analyse": "Publication : fichier d’analyse",
}


@dataclass(frozen=True)
class DemoSize:
    """How large a demonstration: pharmacies, full months, and the seed of its chance."""

    pharmacies: int
    months: int
    seed: int


def is_built(workspace: Workspace) -> bool:
    """Tell whether a workspace holds a demonstration, whole."""
    return (workspace / MARK).is_file()


def build_demo(
    services: Services, asked: DemoSize, *, opener: Opener, progress: Progress
) -> dict[str, Any]:
    """Build the demonstration in the workspace, once; return what it holds.

    `opener` gives a loading process its own services, from a workspace and a day. Raises
    InvalidInput when the workspace holds another demonstration, or real data.
    """
    mark = services.workspace / MARK
    if mark.is_file():
        return _already(json.loads(mark.read_text(encoding="utf-8")), asdict(asked))
    _refuse_other_data(services)
    built = asdict(asked) | _build(services, asked, opener=opener, progress=progress)
    mark.write_text(json.dumps(built, ensure_ascii=False, indent=2), encoding="utf-8")
    return built


def _already(built: dict[str, Any], asked: dict[str, int]) -> dict[str, Any]:
    if "country" in built:
        raise InvalidInput(
            "Cet espace de travail contient déjà la démonstration belge : choisissez un autre "
            "dossier avec --workspace.",
            code="DEMO_EXISTS",
        )
    if any(built[name] != value for name, value in asked.items()):
        raise InvalidInput(
            f"Cet espace de travail contient déjà une démonstration ({built['pharmacies']} "
            f"pharmacies, {built['months']} mois, graine {built['seed']}) : choisissez un autre "
            "dossier avec --workspace.",
            code="DEMO_EXISTS",
        )
    return built


def _refuse_other_data(services: Services) -> None:
    """A build that was cut is taken up again: its files are duplicates; real data is refused."""
    started = (services.workspace.files / "manifest.csv").exists()
    if not started and services.ledger.sequence():
        raise InvalidInput(
            "Cet espace de travail contient déjà des fichiers chargés : la démonstration demande "
            "un dossier à elle (--workspace).",
            code="NOT_EMPTY",
        )


def _build(
    services: Services, asked: DemoSize, *, opener: Opener, progress: Progress
) -> dict[str, Any]:
    with hands_on(services, opener) as hands:
        finess, built = _fill(services, asked, hands, progress)
        release = publish(
            services=services,
            progress=lambda done, message: progress(
                LOADED + done * (PUBLISHED - LOADED), _STAGES.get(message, message)
            ),
        ).release
        progress(PUBLISHED, "Comptabilités des pharmacies")
        months = Period(*_whole_months(services.clock.today(), asked.months))
        books = write_books(services, finess, months=months, seed=asked.seed)
        loading = [hands.submit(bring_books, some) for some in _by_lots(books)]
        advised = load_advised(services)
        progress((1 + PUBLISHED) / 2, "Factures des fournisseurs et comptabilités")
        invoices = build_invoices(services, finess)
        for work in loading:
            work.result()
    return {
        **built,
        "invoices": invoices,
        "reference_prices": advised,
        "release": release.release,
    }


def _fill(
    services: Services, asked: DemoSize, hands: ProcessPoolExecutor, progress: Progress
) -> tuple[Sequence[str], dict[str, Any]]:
    """Write the files and load them, some pharmacies' while others' are written; say what came of it."""
    progress(0.0, "Lecture des données publiques")
    catalogue = hands.submit(import_public_catalogue)
    group = lay_out(services.workspace.path, **asdict(asked), today=services.clock.today())
    folder = group.files.manifest.parent
    world = keep_world(group.world, services.workspace.tmp / "world")
    progress(STARTED, "Écriture des fichiers des pharmacies")
    writing = [hands.submit(write_one, world, member, folder) for member in group.members]
    catalogue.result()
    _describe(services, group)
    contracts = hands.submit(bring_contracts, asked.seed)
    loading = _load_each(writing, group, hands, progress)
    world.unlink()
    statuses = _loaded(loading, progress)
    return group.files.finess, {"files": statuses, "contracts": contracts.result()}


def _describe(services: Services, group: Group) -> None:
    """Bring in the group's hierarchy, its pharmacies and its people."""
    import_hierarchy(_with_labels(group.files, services), services=services)
    import_pharmacies(group.files.pharmacies_csv)
    make_people(group.files.finess, today=services.clock.today())


def _load_each(
    writing: Sequence[Future[list[ManifestLine]]],
    group: Group,
    hands: ProcessPoolExecutor,
    progress: Progress,
) -> Mapping[Future[list[str]], int]:
    """Have each pharmacy's files loaded once written, the manifest naming them first.

    Returns the work under way and how many files each part of it loads.
    """
    folder = group.files.manifest.parent
    manifest: list[ManifestLine] = []
    loading: dict[Future[list[str]], int] = {}
    for done, work in enumerate(as_completed(writing), start=1):
        lines = work.result()
        manifest.extend(lines)
        write_manifest(group.files, manifest)
        loading[hands.submit(load_one, lines, folder)] = len(lines)
        share = done / len(writing)
        progress(
            STARTED + share * (WRITTEN - STARTED),
            f"Écriture des fichiers : pharmacie {done} sur {len(writing)}",
        )
    return loading


def _loaded(loading: Mapping[Future[list[str]], int], progress: Progress) -> dict[str, int]:
    """Wait for every file to be loaded; return how many got each status."""
    statuses: Counter[str] = Counter()
    total = sum(loading.values())
    for work in as_completed(loading):
        statuses.update(work.result())
        share = WRITTEN + statuses.total() / total * (LOADED - WRITTEN)
        progress(share, f"Chargement : {statuses.total()} fichiers sur {total}")
    return dict(statuses)


def _by_lots(books: list[BookFile]) -> list[list[BookFile]]:
    """Part the books in lots of whole pharmacies' years."""
    return [books[at : at + _BOOKS_AT_ONCE] for at in range(0, len(books), _BOOKS_AT_ONCE)]


def _whole_months(today: dt.date, months: int) -> tuple[dt.date, dt.date]:
    """Return the first and last day of the months that end with the one before today's."""
    this_month = today.replace(day=1)
    return shift_months(this_month, -months), this_month - dt.timedelta(days=1)


def _with_labels(files: DemoFiles, services: Services) -> Path:
    """Put the labels of invented products in the hierarchy that is kept, and return it.

    Importing that file by command gives the catalogue this demonstration has.
    """
    with files.labels_csv.open(encoding="utf-8", newline="") as lines:
        labels = {row["product_code"]: row["label"] for row in csv.DictReader(lines)}
    draft = services.workspace.tmp / "hierarchy.csv"
    with (
        files.hierarchy_csv.open(encoding="utf-8", newline="") as source,
        draft.open("w", encoding="utf-8", newline="") as target,
    ):
        reader = csv.DictReader(source)
        names = [name for name in reader.fieldnames or () if name != "label"]
        writer = csv.DictWriter(target, [*names, "label"])
        writer.writeheader()
        for row in reader:
            writer.writerow(row | {"label": labels.get(row["product_code"], "")})
    return draft.replace(files.hierarchy_csv)
