"""Putting a Galien together: Django on the workspace, then the services every use case works with."""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import os
from pathlib import Path

from galien.kernel.clock import Clock, FixedClock, SystemClock
from galien.usecases.services import Services, install
from galien.usecases.workspace import Workspace


def build(workspace: Workspace | os.PathLike[str], clock: Clock | None = None) -> Services:
    """Return the services of a workspace, its records brought up to date, and install them.

    The workspace must exist: `Workspace.create` makes one.
    """
    place = workspace if isinstance(workspace, Workspace) else Workspace(Path(workspace).absolute())
    start_django(place)
    bring_records_up_to_date(place)
    services = _services(place, clock or SystemClock())
    install(services)
    return services


def build_on(workspace: Path, today: dt.date) -> Services:
    """Return the services of a workspace on a day (for the processes a command starts)."""
    return build(workspace, FixedClock.on(today))


def start_django(workspace: Workspace) -> None:
    """Set Django up on a workspace (once in a process: its settings are read once)."""
    import django
    from django.apps import apps

    if apps.ready:
        return
    os.environ["GALIEN_WORKSPACE"] = str(workspace.path)
    os.environ["DJANGO_SETTINGS_MODULE"] = "galien.site.settings"
    django.setup()


def bring_records_up_to_date(workspace: Workspace) -> None:
    """Apply the migrations that this version brings; a mark spares the question at each start.

    Commands started together on a new workspace wait for the first one to have done it.
    """
    from django.core.management import call_command

    mark = workspace.path / "records.version"
    version = records_version()
    if _read(mark) == version:
        return
    with (workspace.path / "records.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _read(mark) != version:
            call_command("migrate", verbosity=0, interactive=False)
            mark.write_text(version, encoding="ascii")


def _read(mark: Path) -> str:
    return mark.read_text(encoding="ascii") if mark.is_file() else ""


def records_version() -> str:
    """Hash the names of every migration and the database they go to."""
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    names = sorted(map(str, MigrationLoader(None, ignore_no_migrations=True).disk_migrations))
    where = connection.settings_dict
    text = "\n".join([*names, str(where["ENGINE"]), str(where["NAME"]), str(where["HOST"])])
    return hashlib.sha256(text.encode()).hexdigest()


def _services(workspace: Workspace, clock: Clock) -> Services:
    from galien.engines.duckdb import DuckDB
    from galien.law import Law
    from galien.records.ledger import DjangoLedger
    from galien.warehouse.raw import RawVault
    from galien.warehouse.reader import ReleaseReader
    from galien.warehouse.store import Store

    ledger, store, engines = DjangoLedger(), Store(workspace.path), DuckDB()
    return Services(
        workspace=workspace,
        clock=clock,
        law=Law.load(),
        ledger=ledger,
        store=store,
        vault=RawVault(workspace.path, workspace.secret()),
        engines=engines,
        reader=ReleaseReader(ledger=ledger, store=store, engines=engines, clock=clock),
    )
