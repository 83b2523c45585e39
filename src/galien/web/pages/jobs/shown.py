"""How jobs are printed: the list, the progress of one, and what it came to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from galien.records.models import Job, JobState
from galien.web.components.models import (
    Link,
    Notice,
    PageHead,
    Pages,
    Progress,
    Row,
    TableModel,
    Tone,
)
from galien.web.lists import badge, moment, plain_table, text
from galien.web.pages.jobs.stock import STOCK, stock_done

KINDS = {
    "deposit": "Dépôt d’un fichier",
    "load": "Chargement d’un fichier",
    "publish": "Publication",
    "export": "Export",
    "replay": "Relecture de la quarantaine",
    "doctor": "Contrôle de l’installation",
    "labs": "Étude des laboratoires",
    "stock-year": "Simulation d’une année",
    "stock-orders": "Proposition de commandes",
}
TONES = {
    JobState.QUEUED: Tone.NEUTRAL,
    JobState.RUNNING: Tone.INFO,
    JobState.DONE: Tone.GOOD,
    JobState.FAILED: Tone.ERROR,
    JobState.CANCELLED: Tone.NEUTRAL,
}
ENDS = {
    "accepted": (Tone.GOOD, "Fichier accepté"),
    "duplicate": (Tone.INFO, "Fichier déjà reçu"),
    "held": (Tone.WARNING, "Fichier en attente de votre décision"),
    "refused": (Tone.ERROR, "Fichier refusé"),
}


def label(job: Job) -> str:
    """Return what a job is, with its file's name when it has one."""
    kind = KINDS.get(job.kind, job.kind)
    name = job.arguments.get("filename")
    return f"{kind}\u00a0: {name}" if name else kind


def table(rows: Iterable[Job], pages: Pages) -> TableModel:
    """Return the list of jobs."""
    columns = (
        text("kind", "Tâche"), text("state", "État"), text("created_at", "Demandée le"),
        text("finished_at", "Terminée le"), text("message", "Résultat"),
    )  # fmt: skip
    made = (
        Row(
            cells=(
                label(row),
                badge(JobState(row.state).label, TONES[JobState(row.state)]),
                moment(row.created_at),
                moment(row.finished_at) or "–",
                _outcome(row).title if row.finished else row.message or "–",
            ),
            href=f"/taches/{row.pk}",
        )
        for row in rows
    )
    return plain_table("Tâches", columns, made, pages=pages)


def whole(job: Job) -> dict[str, Any]:
    """Return what the page of a job and its fragment print."""
    head = PageHead(
        title=label(job),
        when=f"Demandée le {moment(job.created_at)}",
        note="la tâche continue si vous quittez cette page" if not job.finished else "",
        crumbs=(Link("Mes tâches", "/taches"), Link(label(job), "", current=True)),
    )
    return {"job": job, "head": head, "progress": progress(job), "ending": outcome(job)}


def progress(job: Job) -> Progress | None:
    """Return the progress of a job that has not ended."""
    if job.finished:
        return None
    waiting = job.state == JobState.QUEUED
    return Progress(
        label=label(job),
        done=round(job.progress * 100),
        total=0 if waiting else 100,
        text="En attente d’être prise en charge" if waiting else job.message,
        cancel_href="" if job.cancel_requested else f"/taches/{job.pk}/annuler",
        poll_href=f"/taches/{job.pk}/avancement",
        id=f"tache-{job.pk}",
    )


def outcome(job: Job) -> Notice | None:
    """Return what became of a job that has ended."""
    return _outcome(job) if job.finished else None


def _outcome(job: Job) -> Notice:
    if job.state == JobState.FAILED:
        return Notice("La tâche n’a pas abouti", job.message, Tone.ERROR, reference=job.error_code)
    if job.state == JobState.CANCELLED:
        return Notice("Tâche annulée", job.message, Tone.INFO)
    result = job.result if isinstance(job.result, dict) else {}
    return stock_done(job.kind, result) if job.kind in STOCK else _done(job, result)


def _done(job: Job, result: Mapping[str, Any]) -> Notice:
    if "receipt" in result:
        tone, title = ENDS.get(str(result.get("status")), (Tone.GOOD, "Fichier lu"))
        return Notice(
            title,
            _file_sentence(result),
            tone,
            links=(Link("Voir le récépissé", f"/donnees/fichiers/{result['receipt']}"),),
            reference=str(result.get("code") or ""),
        )
    if job.kind == "publish":
        return Notice(
            "Publication faite",
            f"La publication {result.get('release')} est celle que tout le monde lit.",
            Tone.GOOD,
            links=(Link("Voir ce qui a changé", f"/donnees/publications/{result.get('release')}"),),
        )
    if job.kind == "replay":
        replayed = result.get("replayed", [])
        saved = sum(each["quarantined"] < each["before"] for each in replayed)
        return Notice(
            "Relecture faite",
            f"Fichiers relus\u00a0: {len(replayed)}\u00a0; améliorés\u00a0: {saved}.",
            Tone.GOOD,
            links=(Link("Voir la quarantaine", "/donnees/quarantaine"),),
        )
    if job.kind == "doctor":
        return Notice(
            "Contrôle fait",
            "Les registres et la publication ont été relus en entier.",
            Tone.GOOD,
            links=(Link("Voir l’état de l’installation", "/etat"),),
        )
    if job.kind == "labs":
        return Notice(
            "Étude faite",
            "Le choix est prouvé, chaque clause et chaque laboratoire absent sont chiffrés.",
            Tone.GOOD,
            links=(Link("Voir les laboratoires", f"/achats/laboratoires?{_query(result)}"),),
        )
    return Notice("Tâche terminée", "", Tone.GOOD)


def _query(result: Mapping[str, Any]) -> str:
    return urlencode([(str(name), str(value)) for name, value in result.get("query", ())])


def _file_sentence(result: Mapping[str, Any]) -> str:
    if result.get("status") in {"refused", "held"}:
        return str(result.get("message") or "")
    accepted, aside = result.get("accepted", 0), result.get("quarantined", 0)
    sentence = f"Lignes acceptées\u00a0: {accepted}."
    return f"{sentence} Écartées\u00a0: {aside}." if aside else sentence
