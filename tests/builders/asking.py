"""Asking the API as a program does, and the commands as a person does, on the same services."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from tests.builders.workspace import Desk

JSON = "application/json"
ROOT = "/api/v1"


@dataclass(frozen=True)
class Program:
    """A program with a key of somebody, narrowed to some scopes."""

    desk: Desk
    secret: str

    def get(self, address: str, **headers: str) -> Any:
        """Read an address."""
        return self._ask("get", address, None, headers)

    def send(self, method: str, address: str, body: Any = None, kind: str = JSON) -> Any:
        """Write to an address: JSON, or a text of some kind."""
        return self._ask(method, address, body, {}, kind)

    def _ask(
        self, method: str, address: str, body: Any, headers: dict[str, str], kind: str = JSON
    ) -> Any:
        client = self.desk.client(None)
        client.handler.enforce_csrf_checks = True
        given = {"authorization": f"Bearer {self.secret}", **headers}
        if method == "get":
            return client.get(f"{ROOT}{address}", headers=given)
        content = json.dumps(body) if kind == JSON else body
        return getattr(client, method)(f"{ROOT}{address}", content, kind, headers=given)


def program(desk: Desk, person: str, *scope: str, days: int = 30) -> Program:
    """Return a program with a new key of a person."""
    from galien.records.models import ApiToken, User

    user = User.objects.get(username=person)
    at = desk.services.clock.now() + dt.timedelta(days=days)
    _, secret = ApiToken.issue(user=user, name="Essai", scope=scope, expires_at=at)
    return Program(desk, secret)


def command(desk: Desk, *line: object, on: dt.date | None = None) -> Any:
    """Return the JSON that a command of `galien` prints over the same services."""
    from galien.cli.context import Context
    from galien.cli.output import rendered
    from galien.kernel.clock import FixedClock
    from galien.site.host import SiteHost
    from galien.site.main import _parser
    from galien.usecases.workspace import Workspace

    arguments = _parser().parse_args([str(word) for word in line])
    clock = desk.services.clock if on is None else FixedClock.on(on)
    context = Context(Workspace(desk.path), clock, lambda: desk.services, SiteHost())
    return json.loads(rendered(arguments.run(context, arguments), "json"))


def ran() -> None:
    """Run the jobs that wait, as a worker would."""
    from galien.records.models import Job, JobState
    from galien.usecases.jobs import run_job

    for job in Job.objects.filter(state=JobState.QUEUED):
        run_job.func(str(job.pk))
