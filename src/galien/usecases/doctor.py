"""The doctor: checks the workspace part by part and says what to do about what is wrong."""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db import DatabaseError, connection

from galien.kernel.errors import GalienError
from galien.records.models import Job, JobState
from galien.usecases.services import Services

LOW_SPACE = 2 << 30  # bytes


@dataclass(frozen=True)
class Finding:
    """One check: its name, whether all is well, and a French sentence."""

    check: str
    well: bool
    sentence: str


def examine(services: Services, *, names: Iterable[str] = ()) -> list[Finding]:
    """Run the checks named, all of them for none; one that breaks is a finding, not an error."""
    wanted = tuple(names) or tuple(CHECKS)
    return [_guarded(name, CHECKS[name], services) for name in wanted]


def _guarded(name: str, check: Callable[[Services], str | Bad], services: Services) -> Finding:
    try:
        said = check(services)
    except GalienError as error:
        said = Bad(error.message)
    except (DatabaseError, OSError) as error:
        said = Bad(f"{type(error).__name__} : {error}")
    return Finding(name, not isinstance(said, Bad), str(said))


class Bad(str):
    """A sentence that tells something is wrong."""

    __slots__ = ()


def _secret(services: Services) -> str | Bad:
    mode = services.workspace.secret_key_file.stat().st_mode & 0o077
    if mode:
        return Bad(
            "secret.key est lisible par d’autres utilisateurs : faites « chmod 600 secret.key »."
        )
    return "La clé de l’espace de travail n’est lisible que par vous."


def _records(_: Services) -> str | Bad:
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute("select 1")
            return f"La base {connection.vendor} répond."
        cursor.execute("pragma journal_mode")
        journal = cursor.fetchone()[0]
        cursor.execute("pragma integrity_check")
        found = cursor.fetchone()[0]
    if found != "ok":
        return Bad(f"La base est corrompue ({found}) : restaurez la dernière sauvegarde.")
    return f"SQLite {sqlite3.sqlite_version}, journal {journal}, base intègre."


def _release(services: Services) -> str | Bad:
    current = services.ledger.current_release()
    if current is None:
        return "Rien n’est encore publié."
    state = services.reader.integrity(current.release)
    if not state.whole:
        return Bad(" ".join(state.damage[:3]) + " Relancez « galien publish ».")
    note = "" if state.derived else " Son fichier d’analyse sera refait à la prochaine lecture."
    return f"Publication {current.release} : {state.files} fichiers vérifiés.{note}"


def _space(services: Services) -> str | Bad:
    free = shutil.disk_usage(services.workspace.path).free
    sentence = f"{free / (1 << 30):.1f} Go libres.".replace(".", ",", 1)
    return Bad(f"{sentence} Libérez de la place.") if free < LOW_SPACE else sentence


def _jobs(services: Services) -> str | Bad:
    waiting = Job.objects.filter(state=JobState.QUEUED)
    oldest = waiting.order_by("created_at").first()
    failed = Job.objects.filter(state=JobState.FAILED).count()
    if oldest and services.clock.now() - oldest.created_at > dt.timedelta(minutes=10):
        return Bad(
            f"{waiting.count()} tâches attendent depuis plus de dix minutes : "
            "lancez « galien worker »."
        )
    count = waiting.count()
    waits = f"{count} tâche{'s' if count > 1 else ''} en attente"
    return f"{waits}, {failed} échouée{'s' if failed > 1 else ''}."


CHECKS: dict[str, Callable[[Services], str | Bad]] = {
    "clé": _secret,
    "registres": _records,
    "publication": _release,
    "disque": _space,
    "tâches": _jobs,
}
DEEP = ("registres", "publication")
"""Checks that read everything: the whole database, every file of the release."""
QUICK = tuple(name for name in CHECKS if name not in DEEP)


def unwell(findings: list[Finding]) -> Iterator[Finding]:
    """Return what is wrong."""
    return (finding for finding in findings if not finding.well)
