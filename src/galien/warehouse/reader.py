"""Reading the current release: opened, checked and warmed aside, then put in the place of the old one.

Whoever holds a release reads the same figures until he lets go; the old file is closed after its last
reader. A damaged release is set aside and the one before serves, with a note that says so.
"""

from __future__ import annotations

import datetime as dt
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from galien.engines.protocol import Engine, Engines
from galien.kernel import french
from galien.kernel.clock import Clock
from galien.kernel.errors import InternalError, NotAvailable
from galien.warehouse.checking import Integrity, checked_manifest, integrity
from galien.warehouse.derive.file import ensure_derived
from galien.warehouse.ledger import Ledger, ReleaseRecord
from galien.warehouse.manifest import DAMAGED, Manifest
from galien.warehouse.store import Store

NO_RELEASE = "NO_RELEASE"
LEASE = dt.timedelta(minutes=30)
_WARM = (
    "select sum(net_incl) from sales_group_month",
    "select sum(net_incl), sum(quantity) from sales_month",
)


@dataclass(frozen=True)
class Held:
    """A release held by a reader. `note` is a French sentence when it is not the last one published."""

    release: ReleaseRecord
    manifest: Manifest
    engine: Engine
    note: str | None = None


class _Open:
    """A release open in this process, and how many readers hold it."""

    def __init__(self, held: Held, leased_until: dt.datetime) -> None:
        self.held = held
        self.leased_until = leased_until
        self.readers = 0
        self.retired = False


class ReleaseReader:
    """The current release of a workspace, as one process reads it.

    `every` is the number of seconds between two looks at the ledger.
    """

    def __init__(
        self, *, ledger: Ledger, store: Store, engines: Engines, clock: Clock, every: float = 1.0
    ) -> None:
        self._ledger = ledger
        self._store = store
        self._engines = engines
        self._clock = clock
        self._every = every
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{id(self):x}"
        self._opening = threading.Lock()
        self._lock = threading.Lock()
        self._current: _Open | None = None
        self._looked = 0.0

    @contextmanager
    def hold(self) -> Iterator[Held]:
        """Hold the current release while figures are read from it.

        Raises NotAvailable (NO_RELEASE) when nothing was published, InternalError when no release is
        whole.
        """
        self._look()
        open_ = self._take()
        try:
            yield open_.held
        except InternalError as error:
            if error.code == DAMAGED:
                self._distrust(open_)
            raise
        finally:
            self._let_go(open_)

    def look_again(self) -> None:
        """Make the next reader look at the ledger, however recently one did: it has just changed."""
        self._looked = 0.0

    def integrity(self, release: str) -> Integrity:
        """Check every file of a release again; NotAvailable when it is unknown."""
        return integrity(_known(self._ledger, release), self._store)

    def close(self) -> None:
        """Let go of the release once its readers have."""
        with self._lock:
            old, self._current = self._current, None
        self._retire(old)

    def _take(self) -> _Open:
        with self._lock:
            if self._current is None:
                raise InternalError("La publication vient d’être refermée : recommencez.")
            self._current.readers += 1
            return self._current

    def _let_go(self, open_: _Open) -> None:
        with self._lock:
            open_.readers -= 1
            last = open_.retired and open_.readers == 0
        if last:
            open_.held.engine.close()

    def _distrust(self, open_: _Open) -> None:
        """Stop serving a file that failed under a question: the next reader checks and mends it."""
        with self._lock:
            ours = self._current is open_
            if ours:
                self._current = None
        if ours:
            self._retire(open_)

    def _retire(self, open_: _Open | None) -> None:
        if open_ is None:
            return
        with self._lock:
            open_.retired = True
            idle = open_.readers == 0
        if idle:
            open_.held.engine.close()

    def _look(self) -> None:
        """Look at the ledger from time to time: who notices a new release opens it, others read on."""
        due = time.monotonic() - self._looked >= self._every
        waits = self._current is None
        if (waits or due) and self._opening.acquire(blocking=waits):
            try:
                if self._current is None or due:
                    self._swap()
            finally:
                self._opening.release()

    def _swap(self) -> None:
        self._looked = time.monotonic()
        now = self._clock.now()
        wanted, old = self._ledger.current_release(), self._current
        if old and wanted and old.held.release.release == wanted.release:
            if now > old.leased_until - LEASE / 2:
                old.leased_until = now + LEASE
                self._ledger.lease(wanted.release, self._holder, old.leased_until)
            return
        fresh = self._open_whole(wanted)
        with self._lock:
            old, self._current = self._current, fresh
        self._retire(old)

    def _open_whole(self, wanted: ReleaseRecord | None) -> _Open:
        """Open the wanted release, or the first whole one before it."""
        damage: InternalError | None = None
        while wanted is not None:
            until = self._clock.now() + LEASE
            self._ledger.lease(wanted.release, self._holder, until)
            try:
                manifest = checked_manifest(wanted, self._store)
                engine = self._open_engine(manifest)
            except InternalError as error:
                if error.code != DAMAGED:
                    raise
                damage, wanted = error, self._ledger.mark_bad(wanted.release)
                continue
            return _Open(Held(wanted, manifest, engine, self._note(wanted)), until)
        if damage is not None:
            raise damage
        raise NotAvailable(
            "Rien n’est encore publié : chargez des fichiers puis lancez « galien publish ».",
            code=NO_RELEASE,
        )

    def _open_engine(self, manifest: Manifest) -> Engine:
        path = ensure_derived(manifest, store=self._store, engines=self._engines)
        engine = self._engines.open(path)
        for question in _WARM:
            engine.query(question)
        return engine

    def _note(self, serving: ReleaseRecord) -> str | None:
        bad = [r for r in self._ledger.releases() if r.bad and r.number > serving.number]
        if not bad:
            return None
        return (
            f"La publication {bad[0].release} est endommagée : les chiffres affichés sont ceux de la "
            f"publication {serving.release} du {french.day(serving.published_at.date())}. Relancez "
            "« galien publish »."
        )


def rollback(release: str, *, ledger: Ledger, store: Store, engines: Engines) -> ReleaseRecord:
    """Make an earlier release current again, once all its files were checked.

    Raises NotAvailable when it is unknown, InternalError when one of its files is gone or damaged.
    """
    manifest = checked_manifest(_known(ledger, release), store)
    ensure_derived(manifest, store=store, engines=engines)
    return ledger.make_current(release)


def _known(ledger: Ledger, release: str) -> ReleaseRecord:
    found = next((each for each in ledger.releases() if each.release == release), None)
    if found is None:
        raise NotAvailable(
            f"Publication {release} inconnue. « galien releases » en donne la liste.",
            code="UNKNOWN_RELEASE",
        )
    return found
