"""The scene of the fault tests: a published group, one more delivery, a publication, and what must hold."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from galien.engines.protocol import Engine
from galien.model.facts import DELIVERED
from galien.warehouse.commit import record_delivery
from galien.warehouse.reader import ReleaseReader
from galien.warehouse.sweeping import sweep
from tests.builders.warehouse import (
    PHARMACIES,
    File,
    Workspace,
    days_between,
    random_file,
    receipt,
    reference,
)

FIRST = dt.date(2026, 1, 30)
_SALES = (
    "select p.pharmacy, s.day, q.product_code, s.sale_type, s.vat_rate, s.campaign, s.quantity, "
    "s.net_incl from sales_day s join pharmacy p using (pharmacy_id) join product q using (product_id)"
)


def base_files() -> list[File]:
    """Two pharmacies, four days."""
    days = days_between(FIRST, FIRST + dt.timedelta(3))
    return [random_file(n, pharmacy=PHARMACIES[n], days=days, lines=2) for n in range(2)]


def new_file() -> File:
    """A correction of the last day, and one more day."""
    days = days_between(FIRST + dt.timedelta(3), FIRST + dt.timedelta(4))
    return random_file(9, pharmacy=PHARMACIES[0], days=days, lines=2)


@dataclass(frozen=True)
class Scene:
    """Where it plays, and who keeps the ledger."""

    root: Path
    ledger: str


@dataclass(frozen=True)
class Truth:
    """What must be seen before and after the delivery: release ids, their rows, and the files kept."""

    old: str
    new: str
    rows: dict[str, Counter[tuple[Any, ...]]]
    files: frozenset[str]


class DayByDay(dict[str, pa.Table]):
    """Facts that come in parts, one a day, as those of long files do."""

    def count(self, name: str) -> int:
        """Return how many parts a fact has."""
        return len(self._days(name))

    def parts(self, name: str) -> Iterator[pa.Table]:
        """Give them in turn."""
        rows, day = self[name], DELIVERED[name].day_column
        return (rows.filter(pc.field(day) == each) for each in self._days(name))

    def _days(self, name: str) -> list[Any]:
        return sorted(self[name][DELIVERED[name].day_column].unique().to_pylist())


def act(workspace: Workspace, acknowledge: Callable[[], None]) -> None:
    """Load the new file, answer its sender, publish."""
    file = new_file()
    facts = DayByDay(file.tables())
    record_delivery(receipt(file), facts, ledger=workspace.ledger, store=workspace.store)
    acknowledge()
    workspace.publish()


def seen(workspace: Workspace) -> tuple[str, Counter[tuple[Any, ...]]]:
    """Return the visible release and its sales, read as a new process would."""
    reader = ReleaseReader(
        ledger=workspace.ledger,
        store=workspace.store,
        engines=workspace.engines,
        clock=workspace.clock,
    )
    try:
        with reader.hold() as held:
            return held.release.release, _sales(held.engine)
    finally:
        reader.close()


def _sales(engine: Engine) -> Counter[tuple[Any, ...]]:
    rows = engine.query(_SALES)
    return Counter(zip(*(column.to_pylist() for column in rows.columns), strict=True))


def kept_files(workspace: Workspace) -> frozenset[str]:
    """Sweep without grace and return what is left of the warehouse's files, and all drafts."""
    for path in workspace.root.rglob("*"):
        os.utime(path, (0, 0))
    sweep(ledger=workspace.ledger, store=workspace.store, clock=workspace.clock)
    places = workspace.store.places
    folders = (places.store, places.tmp, places.releases)
    return frozenset(
        str(path.relative_to(workspace.root))
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file()
    )


def workspace_in(root: Path, ledger: str) -> Workspace:
    """Open the workspace with its ledger: a plain SQLite file, or Django's records."""
    if ledger == "sqlite":
        return Workspace(root, reference())
    from django.core.management import call_command

    from galien.records.ledger import DjangoLedger

    root.mkdir(exist_ok=True)
    if not any(root.glob("galien.sqlite3")):
        call_command("migrate", verbosity=0, interactive=False)
    return Workspace(root, reference(), DjangoLedger())


def prepare(root: Path, base: Path, ledger: str) -> Truth:
    """Make the published group, keep it in `base`, and learn what must come out of a clean run."""
    workspace = workspace_in(root, ledger)
    for file in base_files():
        workspace.load(file)
    workspace.publish()
    old, before = seen(workspace)
    shutil.copytree(root, base)
    act(workspace, lambda: None)
    new, after = seen(workspace)
    return Truth(old, new, {old: before, new: after}, kept_files(workspace))


def check(workspace: Workspace, truth: Truth, *, acknowledged: bool, published: bool) -> None:
    """What must hold after any fault: an old or a new release, nothing lost, and the way forward."""
    release, rows = seen(workspace)
    assert rows == truth.rows[release], f"release {release} does not show its rows"
    assert not published or release == truth.new, "published and lost"
    if acknowledged:
        name = receipt(new_file()).receipt
        assert workspace.ledger.receipt(name).accepted, "acknowledged and lost"
    workspace.publish()
    release, rows = seen(workspace)
    assert rows == truth.rows[release], (
        f"release {release}, published again, does not show its rows"
    )
    act(workspace, lambda: None)
    release, rows = seen(workspace)
    assert release == truth.new, f"ended on {release}, not on {truth.new}"
    assert rows == truth.rows[truth.new], "rows lost or counted twice"
    assert kept_files(workspace) == truth.files, "files left behind or swept wrongly"
