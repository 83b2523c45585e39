"""The processes that build the demonstration side by side, and what each of them is asked to do."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import pickle
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from galien.demo.books.build import BookFile, load_books
from galien.demo.contracts.build import load_contracts, write_contracts
from galien.demo.export import ManifestLine
from galien.demo.generate import World, write_pharmacy
from galien.demo.members import Member
from galien.kernel.clock import PARIS
from galien.usecases.catalogue import import_bdpm
from galien.usecases.load import LoadOrder, load
from galien.usecases.public_data import data_folder
from galien.usecases.services import Services, current

HANDS = 2
Opener = Callable[[Path, dt.date], Services]


@contextmanager
def hands_on(services: Services, opener: Opener) -> Iterator[ProcessPoolExecutor]:
    """Give processes with services of their own on the workspace, on the same day.

    What they were not yet given is dropped when the work stops before its end.
    """
    hands = ProcessPoolExecutor(
        min(HANDS, os.cpu_count() or 1),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=opener,
        initargs=(services.workspace.path, services.clock.today()),
    )
    try:
        yield hands
    finally:
        hands.shutdown(cancel_futures=True)


def keep_world(world: World, path: Path) -> Path:
    """Lay what all pharmacies share in a file, that each process reads once; return the file."""
    path.write_bytes(pickle.dumps(world, pickle.HIGHEST_PROTOCOL))
    return path


@cache
def _world(path: Path) -> World:
    world = pickle.loads(path.read_bytes())  # noqa: S301  # written a moment ago by `keep_world`
    if not isinstance(world, World):
        raise TypeError(path)
    return world


def write_one(world: Path, member: Member, folder: Path) -> list[ManifestLine]:
    """Write the files of a pharmacy of the world kept in a file; return their manifest lines."""
    return write_pharmacy(_world(world), member, folder)


def import_public_catalogue() -> None:
    """Import the public database of medicines."""
    import_bdpm(data_folder() / "bdpm", services=current())


def bring_contracts(seed: int) -> int:
    """Write the contracts and bring them in; return how many there are."""
    services = current()
    return load_contracts(services, write_contracts(services, seed=seed))


def load_one(lines: Iterable[ManifestLine], folder: Path) -> list[str]:
    """Load the files of a pharmacy from a folder, in the order of their export; return their statuses."""
    statuses = []
    for line in sorted(lines, key=lambda each: (each.exported_at, each.feed, each.path)):
        exported = dt.datetime.fromisoformat(line.exported_at)
        order = LoadOrder(
            path=folder / line.path,
            feed=line.feed,
            pharmacy=line.pharmacy,
            mapping=line.mapping,
            exported_at=exported if exported.tzinfo else exported.replace(tzinfo=PARIS),
            sender="demo",
        )
        statuses.append(load(order, services=current()).status.value)
    return statuses


def bring_books(books: list[BookFile]) -> int:
    """Load years of accounts; return how many."""
    load_books(current(), books)
    return len(books)
