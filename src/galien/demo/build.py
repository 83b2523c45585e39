"""Builds the demonstration workspace: generates the files, loads them as anybody would, publishes.

Every file goes through the same door as a real one; the second start finds everything in place.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import multiprocessing
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from galien.demo.advised import load_advised
from galien.demo.books.build import load_books, write_books
from galien.demo.contracts.build import load_contracts, write_contracts
from galien.demo.generate import DemoFiles, generate
from galien.demo.invoices.build import build_invoices
from galien.demo.people import make_people
from galien.kernel.clock import PARIS
from galien.kernel.errors import InvalidInput
from galien.kernel.period import Period, shift_months
from galien.usecases.catalogue import import_bdpm, import_hierarchy
from galien.usecases.load import LoadOrder, load
from galien.usecases.pharmacies import import_pharmacies
from galien.usecases.progress import Progress
from galien.usecases.public_data import data_folder
from galien.usecases.publish import publish
from galien.usecases.services import Services, current

MARK = "demo.json"
LOADERS = 2
# What each step weighs in the time of the whole, so that progress is even.
GENERATED, LOADED, PUBLISHED, INVOICED = 0.35, 0.85, 0.96, 0.98


Opener = Callable[[Path, dt.date], Services]


@dataclass(frozen=True)
class DemoSize:
    """How large a demonstration: pharmacies, full months, and the seed of its chance."""

    pharmacies: int
    months: int
    seed: int


@dataclass(frozen=True)
class DemoFile:
    """A line of the manifest: the file and how to load it."""

    path: Path
    feed: str
    pharmacy: str
    mapping: str
    exported_at: dt.datetime


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
    # The public catalogue is read beside the generation, which leaves a core free half the time.
    with _processes(1, services, opener) as beside:
        catalogue = beside.submit(import_public_catalogue)
        files = generate(
            services.workspace.path,
            **asdict(asked),
            today=services.clock.today(),
            progress=lambda message, done: progress(done * GENERATED, message),
        )
        catalogue.result()
    import_hierarchy(_with_labels(files, services), services=services)
    import_pharmacies(files.pharmacies_csv)
    make_people(files.finess, today=services.clock.today())
    batches = _batches(files)
    with _processes(min(LOADERS, os.cpu_count() or 1, len(batches)), services, opener) as loaders:
        loading = [loaders.submit(load_batch, each) for each in batches]
        # Loading takes a while to start: contracts come in meanwhile.
        contracts = load_contracts(services, write_contracts(services, seed=asked.seed))
        statuses = _loaded(loading, sum(map(len, batches)), progress)
    release = publish(
        services=services,
        progress=lambda done, message: progress(LOADED + done * (PUBLISHED - LOADED), message),
    ).release
    advised = load_advised(services)
    progress(PUBLISHED, "Comptabilités des pharmacies")
    months = Period(*_whole_months(services.clock.today(), asked.months))
    books = write_books(services, files.finess, months=months, seed=asked.seed)
    load_books(services, books)
    progress(INVOICED, "Factures des fournisseurs")
    invoices = build_invoices(services, files.finess)
    return {
        "files": dict(statuses),
        "contracts": contracts,
        "invoices": invoices,
        "reference_prices": advised,
        "release": release.release,
    }


def _whole_months(today: dt.date, months: int) -> tuple[dt.date, dt.date]:
    """Return the first and last day of the months that end with the one before today's."""
    this_month = today.replace(day=1)
    return shift_months(this_month, -months), this_month - dt.timedelta(days=1)


def _public_files() -> Path:
    return data_folder() / "bdpm"


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


def import_public_catalogue() -> None:
    """Import the public database of medicines, in a process of its own."""
    import_bdpm(_public_files(), services=current())


def _processes(count: int, services: Services, opener: Opener) -> ProcessPoolExecutor:
    """Return processes with services of their own on the workspace, on the same day."""
    return ProcessPoolExecutor(
        count,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=opener,
        initargs=(services.workspace.path, services.clock.today()),
    )


def _batches(files: DemoFiles) -> list[list[DemoFile]]:
    """Return the files of the manifest by pharmacy, each pharmacy's in order."""
    batches: dict[str, list[DemoFile]] = defaultdict(list)
    for file in _manifest(files.manifest):
        batches[file.pharmacy].append(file)
    return list(batches.values())


def _loaded(loading: list[Future[list[str]]], total: int, progress: Progress) -> Counter[str]:
    """Wait for every file to be loaded; return how many got each status."""
    statuses: Counter[str] = Counter()
    for work in as_completed(loading):
        statuses.update(work.result())
        share = GENERATED + statuses.total() / total * (LOADED - GENERATED)
        progress(share, f"Chargement : {statuses.total()} fichiers sur {total}")
    return statuses


def _manifest(path: Path) -> Iterator[DemoFile]:
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            exported = dt.datetime.fromisoformat(row["exported_at"])
            yield DemoFile(
                path=path.parent / row["path"],
                feed=row["feed"],
                pharmacy=row["pharmacy"],
                mapping=row["mapping"],
                exported_at=exported if exported.tzinfo else exported.replace(tzinfo=PARIS),
            )


def load_batch(files: list[DemoFile]) -> list[str]:
    """Load a pharmacy's files in order, in a loading process; return their statuses."""
    statuses = []
    for file in files:
        order = LoadOrder(
            path=file.path,
            feed=file.feed,
            pharmacy=file.pharmacy,
            mapping=file.mapping,
            exported_at=file.exported_at,
            sender="demo",
        )
        statuses.append(load(order, services=current()).status.value)
    return statuses
