"""What each kind of job does; its arguments are what JSON keeps of a use case's own."""

from __future__ import annotations

import datetime as dt
import secrets
from pathlib import Path
from typing import Any

from galien.usecases.jobs import JobRun
from galien.usecases.load import LoadOrder, load
from galien.usecases.publish import publish
from galien.usecases.quarantine import replay


def run_load(run: JobRun) -> dict[str, Any]:
    """Load one file of the server: `path`, `feed`, `pharmacy`, and LoadOrder's other fields."""
    given = dict(run.arguments)
    exported = given.pop("exported_at", None)
    order = LoadOrder(
        path=Path(given.pop("path")),
        exported_at=dt.datetime.fromisoformat(exported) if exported else None,
        **given,
    )
    run.progress(0.0, f"Lecture de {order.shown_name}")
    receipt = load(order, services=run.services)
    return {"receipt": receipt.receipt, "status": receipt.status.value, "code": receipt.code}


def run_publish(run: JobRun) -> dict[str, Any]:
    """Publish what was loaded."""
    done = publish(services=run.services, progress=run.progress)
    return {"release": done.release.release, "previous": done.previous}


def run_export(run: JobRun) -> dict[str, Any]:
    """Write an answer to a file that its owner may fetch: `question` (its fields), `format`."""
    from galien.analytics.question import Filter, Question
    from galien.usecases import access_log
    from galien.usecases.ask import ask
    from galien.usecases.export import export
    from galien.usecases.export.cells import title

    asked = dict(run.arguments["question"])
    asked["where"] = tuple(
        Filter(each["dimension"], tuple(each["values"]), exclude=bool(each.get("exclude")))
        for each in asked.get("where", ())
    )
    fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in asked.items()}
    question = Question(**fields)
    run.progress(0.1, "Calcul")
    answer = ask(question, run.viewer, services=run.services)
    folder = run.services.workspace / "exports"
    folder.mkdir(mode=0o700, exist_ok=True)
    file = folder / f"{secrets.token_urlsafe(16)}.{run.arguments['format']}"
    run.progress(0.6, "Écriture du fichier")
    export(answer, file)
    access_log.note(
        access_log.EXPORT,
        f"Tâche : {title(answer)} ({run.arguments['format']})",
        run.viewer,
        services=run.services,
        pharmacies=answer.meta.scope,
        release=answer.meta.release,
        door="job",
    )
    return {"file": file.name, "rows": answer.meta.rows, "release": answer.meta.release}


def run_replay(run: JobRun) -> dict[str, Any]:
    """Replay the receipts that have rows set aside, or those listed in `receipts`."""
    done = replay(
        services=run.services, receipts=run.arguments.get("receipts"), progress=run.progress
    )
    return {"replayed": [vars(each) for each in done]}
