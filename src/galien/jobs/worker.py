"""A worker process: one job at a time, a heartbeat beside it, and a reaper for jobs left behind."""

from __future__ import annotations

import logging
import secrets
import threading
from time import monotonic
from typing import Any

from django.db import DatabaseError, connection
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from galien.kernel.errors import GalienError
from galien.usecases.housekeeping import clean
from galien.usecases.jobs import resume_silent, still_alive
from galien.usecases.services import Services

logger = logging.getLogger("galien.jobs")

BEAT = 2.0  # seconds
CLEANING = 3600.0  # seconds between two cleanings


class JobWorker(Worker):
    """A worker of the task queue that says which job it is at."""

    def __init__(self, *, interval: float = 0.5, batch: bool = False) -> None:
        super().__init__(
            queue_names=["default"],
            interval=interval,
            batch=batch,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=secrets.token_hex(16),
            excluded_queue_names=[],
        )
        self.at: list[str] = []

    def run_task(self, db_task_result: DBTaskResult[Any, Any]) -> None:
        """Run a task, its job kept in sight of the heartbeat."""
        self.at = [str(argument) for argument in db_task_result.args_kwargs["args"]]
        try:
            super().run_task(db_task_result)
        finally:
            self.at = []


def work(services: Services, *, batch: bool = False) -> None:
    """Run jobs until told to stop (SIGTERM, Ctrl+C), or until none is left when `batch`."""
    worker = JobWorker(batch=batch)
    resume_silent(services.clock.now())
    stop = threading.Event()
    beat = threading.Thread(target=_beat, args=(worker, services, stop), daemon=True)
    beat.start()
    try:
        if not batch:
            worker.configure_signals()
        worker.run()
    finally:
        stop.set()
        beat.join(timeout=BEAT)


def _beat(worker: JobWorker, services: Services, stop: threading.Event) -> None:
    """Say every two seconds that the job is alive, take over those that are not; clean hourly."""
    next_cleaning = monotonic() + BEAT
    while not stop.wait(BEAT):
        try:
            if worker.at:
                still_alive(worker.at, services.clock.now())
            resume_silent(services.clock.now())
            if monotonic() > next_cleaning and not worker.at:
                next_cleaning = monotonic() + CLEANING
                clean(services)
        except (DatabaseError, GalienError, OSError):
            logger.warning("heartbeat missed", exc_info=True)
        finally:
            connection.close()
