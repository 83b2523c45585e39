"""What every use case works with: the workspace, the clock, the law, the ledger, the store, the reader.

Built once per process by `galien.site.build`; a use case takes it as an argument.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from galien.kernel.clock import Clock
from galien.kernel.errors import InternalError
from galien.law import Law
from galien.usecases.reading import Reading
from galien.usecases.workspace import Workspace
from galien.warehouse.ledger import Ledger
from galien.warehouse.raw import RawVault
from galien.warehouse.store import Store

if TYPE_CHECKING:
    from galien.engines.protocol import Engines
    from galien.warehouse.reader import ReleaseReader


@dataclass(frozen=True)
class Services:
    """The parts of a running Galien. `engines` opens files, `reader` holds the current release.

    `reading` is what questions keep between them: the current release's view, answers given.
    """

    workspace: Workspace
    clock: Clock
    law: Law
    ledger: Ledger
    store: Store
    vault: RawVault
    engines: Engines
    reader: ReleaseReader
    reading: Reading = field(default_factory=Reading)

    def at(self, clock: Clock) -> Services:
        """Return the same services under another clock."""
        return replace(self, clock=clock)

    def writing_for(self, ledger: Ledger) -> Services:
        """Return the same services writing through another ledger (that of a job)."""
        return replace(self, ledger=ledger)


_installed: list[Services] = []


def install(services: Services) -> None:
    """Make these the services of the process (web worker, job worker, command)."""
    _installed[:] = [services]


def current() -> Services:
    """Return the services of the process; InternalError when none was installed."""
    if not _installed:
        raise InternalError("Les services ne sont pas installés dans ce processus.")
    return _installed[0]
