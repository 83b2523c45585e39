"""The same files give the same release, whatever the order and the number of publications on the way."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from galien.warehouse.manifest import read_manifest
from galien.warehouse.reader import rollback
from tests.builders.warehouse import (
    PHARMACIES,
    File,
    Workspace,
    days_between,
    random_file,
    reference,
)

FIRST = dt.date(2026, 1, 28)


def files() -> list[File]:
    """Overlapping files of three feeds, a correction, a late file and an appended one."""
    spans = {"sales": (0, 8), "purchases": (2, 6), "stock": (5, 5)}
    found = [
        random_file(
            number,
            pharmacy=pharmacy,
            feed=feed,
            days=days_between(FIRST + dt.timedelta(first), FIRST + dt.timedelta(last)),
        )
        for number, (feed, (first, last)) in enumerate(spans.items())
        for pharmacy in PHARMACIES[:2]
    ]
    correction = days_between(FIRST + dt.timedelta(3), FIRST + dt.timedelta(5))
    found.append(random_file(20, pharmacy=PHARMACIES[0], days=correction))
    found.append(random_file(21, pharmacy=PHARMACIES[0], days=correction[:1], append=True))
    return found


FILES = files()


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> str:
    workspace = Workspace(tmp_path_factory.mktemp("clean"), reference())
    for file in FILES:
        workspace.load(file)
    return workspace.publish().release


@settings(max_examples=6, deadline=None)
@given(st.permutations(FILES), st.sets(st.integers(0, len(FILES)), max_size=2))
def test_any_order_gives_the_same_release(
    tmp_path_factory: pytest.TempPathFactory, expected: str, order: list[File], stops: set[int]
) -> None:
    workspace = Workspace(tmp_path_factory.mktemp("order"), reference())
    for number, file in enumerate(order):
        workspace.load(file)
        if number in stops:
            workspace.publish()
    assert workspace.publish().release == expected


def test_sending_again_changes_nothing(tmp_path: Path, expected: str) -> None:
    workspace = Workspace(tmp_path, reference())
    for file in [*FILES, *random.Random(1).sample(FILES, 3)]:
        workspace.load(file)
    first = workspace.publish()
    for file in FILES:
        workspace.load(file)
    again = workspace.publish()
    assert first.release == again.release == expected
    assert again.number == first.number


def test_other_pseudonyms_are_the_same_release(tmp_path: Path) -> None:
    """Each workspace draws its own key: what operators are called is no part of the release."""
    releases = []
    for name in ("op-a", "zz-top"):
        workspace = Workspace(tmp_path / name, reference())
        file = random_file(1, pharmacy=PHARMACIES[0], days=[FIRST])
        file.rows["operator_day"][0]["operator"] = name
        workspace.load(file)
        releases.append(workspace.publish().release)
    assert releases[0] == releases[1]


def test_other_pseudonyms_in_one_workspace_are_another_release(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, reference())
    workspace.load(random_file(1, pharmacy=PHARMACIES[0], days=[FIRST]))
    first = workspace.publish()
    renamed = random_file(1, pharmacy=PHARMACIES[0], days=[FIRST])
    renamed.rows["operator_day"][0]["operator"] = "renamed"
    workspace.load(renamed)
    second = workspace.publish()
    assert second.release != first.release
    assert second.parent == first.release


def test_a_rollback_then_a_publication_come_back_to_the_same_release(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, reference())
    workspace.load(FILES[0])
    first = workspace.publish()
    workspace.load(FILES[1])
    second = workspace.publish()
    rollback(
        first.release, ledger=workspace.ledger, store=workspace.store, engines=workspace.engines
    )
    assert workspace.publish().release == second.release


def test_one_more_day_rewrites_only_its_month(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, reference())
    workspace.load(
        random_file(1, pharmacy=PHARMACIES[0], days=days_between(FIRST, dt.date(2026, 2, 3)))
    )
    first = workspace.publish()
    workspace.load(random_file(2, pharmacy=PHARMACIES[0], days=[dt.date(2026, 2, 4)]))
    second = workspace.publish()
    before, after = (
        {
            file.key: file.sha256
            for file in read_manifest(workspace.store.places, r.release, r.manifest_sha256).files
        }
        for r in (first, second)
    )
    changed = {month for fact, month in after if after[fact, month] != before.get((fact, month))}
    assert changed == {dt.date(2026, 2, 1)}


def test_a_release_says_rows_and_amounts_by_pharmacy(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, reference())
    for pharmacy in PHARMACIES[:2]:
        workspace.load(random_file(1, pharmacy=pharmacy, days=[FIRST]))
    release = workspace.publish()
    manifest = read_manifest(workspace.store.places, release.release, release.manifest_sha256)
    file = manifest.file("sale_day", dt.date(2026, 1, 1))
    assert file is not None
    rows = random_file(1, pharmacy=PHARMACIES[0], days=[FIRST]).rows["sale_day"]
    assert file.pharmacies[PHARMACIES[0]].rows == len(rows)
    assert file.pharmacies[PHARMACIES[0]].amount == sum(row["net_incl"] for row in rows)
    assert file.sums.quantity == 2 * sum(row["quantity"] for row in rows)
