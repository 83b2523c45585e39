"""A whole group, its people and its accounts, restored elsewhere: the same answers, on either database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.builders.commands import Workplace
from tests.builders.fec import case_1171, written
from tests.builders.postgresql import postgresql
from tests.builders.workspace import FINESS

QUESTIONS = (
    ("sales", "--by", "product", "--by", "pharmacy", "--period", "2026-10"),
    ("purchases", "--by", "supplier", "--period", "2026-Q3"),
    ("stock", "--by", "pharmacy"),
)
PEOPLE = ("acheteur", "titulaire", "voisin")
# One process tells all: every question as every person, a count of each kind of record, a password.
TELL = """
import json, sys
from pathlib import Path
from galien.site.build import build
build(Path(sys.argv[1]))
from django.apps import apps
from galien.records.models import User
from tests.builders.commands import galien_here
common = ("--workspace", sys.argv[1], "--format", "json", "--on", "2026-11-21")
answers = []
for question, person in json.loads(sys.argv[2]):
    ran = galien_here("ask", *question, "--as", person, *common)
    answers.append([ran.answer["rows"], ran.answer["totals"]] if ran.code == 0 else ran.stderr)
counts = {
    model._meta.label: model.objects.count()
    for model in apps.get_models()
    if model._meta.app_label not in ("sessions", "auth", "contenttypes")
}
people = {user.username: user.check_password("galien") for user in User.objects.all()}
print(json.dumps({"answers": answers, "counts": counts, "people": people}, sort_keys=True))
"""
Elsewhere = Callable[[str], Mapping[str, str]]


def of_sqlite(_: str) -> Mapping[str, str]:
    return {}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgresql() as address:
        yield address


def of_postgresql(server: str) -> Elsewhere:
    """Give each workspace a database of its own on a server."""
    import psycopg

    def address(name: str) -> Mapping[str, str]:
        with psycopg.connect(server, autocommit=True) as link:
            link.execute(f'create database "{name}"'.encode())
        return {"GALIEN_DATABASE_URL": server.replace("/records?", f"/{name}?")}

    return address


def there_and_back(tmp_path: Path, database: Elsewhere) -> None:
    first = Workplace(tmp_path / "first", database("first"))
    builder = [sys.executable, "-m", "tests.builders.workspace", str(first.path)]
    subprocess.run(builder, check=True, env={**os.environ, **first.env}, timeout=200)
    ledger = tmp_path / "123456789FEC20211231.txt"
    ledger.write_bytes(written(case_1171()))
    kept = first.run("accounts", "load", ledger, "--pharmacy", FINESS[0])
    assert kept.code == 0, kept.stderr
    saved = first.run("backup", tmp_path / "saved.tar")
    assert saved.code == 0, saved.stderr

    second = Workplace(tmp_path / "second", database("second"))
    restored = second.run("restore", tmp_path / "saved.tar")
    assert restored.code == 0, restored.stderr
    assert restored.answer["release"] == saved.answer["release"]
    assert told(second) == told(first)
    # What is written next finds its place after what was restored.
    again = second.run("accounts", "load", ledger, "--pharmacy", FINESS[1])
    assert again.code == 0, again.stderr
    assert second.run("doctor").code == 0


def told(place: Workplace) -> dict[str, Any]:
    """Return what a workspace answers and what its records hold."""
    asked = [(question, person) for question in QUESTIONS for person in PEOPLE]
    done = subprocess.run(
        [sys.executable, "-c", TELL, str(place.path), json.dumps(asked)],
        env={**os.environ, **place.env}, capture_output=True, text=True, check=False, timeout=100,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["answers"][0][0] and found["counts"]["records.AccountingYear"] == 1
    return found


@pytest.mark.soak
@pytest.mark.timeout(300)
def test_a_group_on_sqlite_is_restored_whole(tmp_path: Path) -> None:
    there_and_back(tmp_path, of_sqlite)


@pytest.mark.postgres
@pytest.mark.soak
@pytest.mark.timeout(300)
def test_a_group_on_postgresql_is_restored_whole(tmp_path: Path, server: str) -> None:
    there_and_back(tmp_path, of_postgresql(server))
