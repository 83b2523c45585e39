"""A workspace looked after: the doctor's findings, what a cleaning takes, files read again once mended."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from galien.kernel.clock import PARIS
from tests.builders.commands import TODAY, Workplace
from tests.builders.deliveries import COLUMNS, sale, sales, text

PRODUCT = "3400935955838"
NOON = dt.datetime.combine(dt.date.fromisoformat(TODAY), dt.time(12), PARIS)


@pytest.fixture
def place(tmp_path: Path, db: None) -> Workplace:
    del db  # asked for, so that commands run here find a database
    return Workplace(tmp_path / "workspace", here=True)


def findings(place: Workplace) -> dict[str, tuple[bool, str]]:
    """Run the doctor and return what it says of each part: well or not, and its sentence."""
    return {check: (well, told) for check, well, told in place.run("doctor").answer["rows"]}


def aged(path: Path, days: float) -> Path:
    """Make a file as old as so many days before the tests' noon."""
    moment = (NOON - dt.timedelta(days=days)).timestamp()
    os.utime(path, (moment, moment))
    return path


# ------------------------------------------------------------------------------------- the doctor
def test_a_healthy_workspace_has_only_good_news(place: Workplace) -> None:
    place.load(text(sales(3)))
    place.sold()
    done = place.run("doctor")
    assert (done.code, done.stderr) == (0, "")
    assert [well for _, well, _ in done.answer["rows"]] == [True] * 5


def test_a_key_that_others_can_read_is_told_with_its_cure(place: Workplace) -> None:
    (place.path / "secret.key").chmod(0o644)
    well, told = findings(place)["clé"]
    assert not well
    assert "chmod 600" in told
    assert place.run("doctor").code == 1


def test_jobs_that_wait_for_no_worker_are_told(place: Workplace) -> None:
    from galien.records.models import Job

    job = Job.objects.create(kind="publish")
    Job.objects.filter(pk=job.pk).update(created_at=NOON - dt.timedelta(days=2))
    well, told = findings(place)["tâches"]
    assert not well
    assert "galien worker" in told


# ------------------------------------------------------------------------------------ the cleaning
def test_a_cleaning_takes_what_has_had_its_time_and_nothing_that_serves(place: Workplace) -> None:
    old = place.load(text(sales(3)))
    new = place.load(text(sales(2, sold_at="2026-10-06T10:00:00")), name="b.csv")
    sold = place.sold()
    bytes_of = {each: place.path / "raw" / each.answer["receipt"] for each in (old, new)}
    aged(bytes_of[old], 31)
    aged(bytes_of[new], 29)
    stored = sorted((place.path / "store").rglob("*.parquet"))
    for file in stored:
        aged(file, 400)
    orphan = stored[0].with_stem("0" * 64)
    orphan.write_bytes(b"left by a crash")
    draft = place.path / "tmp" / "draft"
    draft.write_bytes(b"left by a crash")
    fresh = place.path / "tmp" / "being-written"
    fresh.write_bytes(b"half")
    for path, days in ((orphan, 2), (draft, 2), (fresh, 0.1)):
        aged(path, days)
    done = place.run("doctor", "--clean")
    assert done.code == 0
    assert "Supprimés : 1 fichiers reçus, 2 de l’entrepôt" in done.stderr
    assert not bytes_of[old].exists()
    assert bytes_of[new].exists()
    assert sorted((place.path / "store").rglob("*.parquet")) == stored
    assert (draft.exists(), fresh.exists()) == (False, True)
    assert place.sold() == sold
    assert place.run("doctor", "--clean").stderr.startswith("Supprimés : 0 fichiers reçus, 0 de")


# ---------------------------------------------------------------------------------- reading again
def source(types: dict[str, str]) -> str:
    """The mapping of a software whose kinds of sale are letters."""
    columns: dict[str, Any] = {name: {"from": name} for name in COLUMNS}
    columns["sold_at"] |= {"convert": "datetime", "format": "%Y-%m-%dT%H:%M:%S"}
    columns["sale_type"] |= {"convert": "code", "codes": types}
    form = {"format": "csv", "delimiter": ";"}
    feeds = {"sales": {"file": form, "hold_above": "0.5", "columns": columns}}
    return yaml.safe_dump({"name": "essai", "label": "Essai", "feeds": feeds})


def test_lines_set_aside_come_back_when_the_mapping_is_mended(place: Workplace) -> None:
    mapping = place.path / "mappings" / "essai.yaml"
    mapping.parent.mkdir(exist_ok=True)
    mapping.write_text(source({"C": "counter"}), encoding="utf-8")
    lines = [*sales(6, sale_type="C"), *(sale(line_no=n, sale_type="L") for n in ("7", "8"))]
    loaded = place.load(text(lines), "--mapping", "essai")
    assert (loaded.answer["accepted"], loaded.answer["quarantined"]) == (6, 2)
    aside = place.run("quarantine").answer["rows"]
    assert [(row[1], row[3]) for row in aside] == [(8, "UNKNOWN_CODE"), (9, "UNKNOWN_CODE")]
    assert place.sold() == {PRODUCT: 6}

    mapping.write_text(source({"C": "counter", "L": "rental"}), encoding="utf-8")
    again = place.run("quarantine", "replay").answer["rows"]
    assert again == [[loaded.answer["receipt"], 2, 0, 8, ""]]
    assert place.run("quarantine").answer["rows"] == []
    assert place.sold() == {PRODUCT: 8}
    assert place.run("quarantine", "replay").answer["rows"] == []


def test_bytes_no_longer_kept_are_told_and_the_receipt_stays_as_it_was(place: Workplace) -> None:
    loaded = place.load(text([*sales(30), sale(line_no="31", quantity="deux")]))
    aged(place.path / "raw" / loaded.answer["receipt"], 31)
    place.run("doctor", "--clean")
    ((receipt, before, after, accepted, sentence),) = place.run("quarantine", "replay").answer[
        "rows"
    ]
    assert (receipt, before, after, accepted) == (loaded.answer["receipt"], 1, 1, 30)
    assert "renvoyez le fichier" in sentence
    assert place.sold() == {PRODUCT: 30}
