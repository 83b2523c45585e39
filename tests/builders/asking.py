"""Asking the API as a program does, and the commands as a person does, on the same services."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.builders.workspace import Desk

JSON = "application/json"
ROOT = "/api/v1"
KINDS = {
    "string": str, "integer": int, "number": int | float, "boolean": bool, "null": type(None),
    "array": list, "object": dict,
}  # fmt: skip


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
            answer = client.get(f"{ROOT}{address}", headers=given)
        else:
            content = json.dumps(body) if kind == JSON else body
            answer = getattr(client, method)(f"{ROOT}{address}", content, kind, headers=given)
        assert unlike(method, f"{ROOT}{address}", answer) == []
        return answer


def unlike(method: str, address: str, answer: Any) -> list[str]:
    """Return where an answer is not what OpenAPI says of it, when it says anything of that status."""
    from galien.api.build import VERSION_1

    schema = VERSION_1.get_openapi_schema()
    bare = address.partition("?")[0]
    for path, methods in schema["paths"].items():
        if method in methods and re.fullmatch(re.sub(r"{\w+}", "[^/]+", path), bare):
            told = methods[method]["responses"].get(answer.status_code, {})
            if JSON in told.get("content", {}):
                return list(_unlike(answer.json(), told["content"][JSON]["schema"], schema, bare))
    return []


def _unlike(found: Any, told: Any, schema: Any, where: str) -> Iterator[str]:
    if "$ref" in told:
        told = schema["components"]["schemas"][told["$ref"].rpartition("/")[2]]
    ways = told.get("anyOf", told.get("allOf"))
    if ways:
        tried = [list(_unlike(found, each, schema, where)) for each in ways]
        yield from min(tried, key=len)
        return
    kind = told.get("type")
    if kind and not isinstance(found, KINDS[kind]):
        yield f"{where} : {found!r}, {kind}"
    elif kind == "array":
        for each in found:
            yield from _unlike(each, told["items"], schema, f"{where}[]")
    elif kind == "object" and "properties" in told:
        yield from _unlike_keys(found, told["properties"], schema, where)


def _unlike_keys(found: Any, told: Any, schema: Any, where: str) -> Iterator[str]:
    for name in found.keys() ^ told.keys():
        yield f"{where}.{name}"
    for name in found.keys() & told.keys():
        yield from _unlike(found[name], told[name], schema, f"{where}.{name}")


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
