"""What tests of pages stand on: the small group, built once, and a desk whose writings are undone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.builders.workspace import Desk, build_apart, standing_in


@pytest.fixture(scope="session")
def small_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the small group, built once in a process of its own."""
    path = tmp_path_factory.mktemp("group")
    build_apart(path)
    return path


@pytest.fixture(scope="module")
def standing(
    small_workspace: Path, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any
) -> Iterator[Desk]:
    """Services over a copy of the group's records, for the tests of a module."""
    copy = tmp_path_factory.mktemp("records") / "galien.sqlite3"
    with django_db_blocker.unblock(), standing_in(small_workspace, copy) as desk:
        yield desk


@pytest.fixture
def desk(standing: Desk, django_db_blocker: Any) -> Iterator[Desk]:
    """The desk of one test: what it writes in the records is undone, rights and release read anew."""
    from django.db import transaction

    from galien.usecases.reading import RightsCache

    standing.services.reading.rights = RightsCache()
    with django_db_blocker.unblock(), transaction.atomic():
        # What the test before published was undone: a reader looks again only after a second.
        standing.services.reader.look_again()
        yield standing
        transaction.set_rollback(True)
