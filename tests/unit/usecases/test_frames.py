"""`galien.open(...).ask(...)`: the door's own figures, as Arrow, pandas or plain rows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import galien
from galien.analytics.question import Filter, Question
from galien.kernel.errors import NotAvailable
from galien.model.viewer import WORKSPACE_VIEWER
from galien.usecases.ask import ask
from galien.usecases.frames import OpenWorkspace
from tests.builders.answering import services
from tests.builders.derived import random_group


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenWorkspace]:
    made = services(random_group(5, visits=120), tmp_path_factory.mktemp("derived"))
    yield OpenWorkspace(made)
    with made.reader.hold() as held:
        held.engine.close()


def test_frames_hold_the_figures_of_the_door(workspace: OpenWorkspace) -> None:
    result = workspace.ask(
        "purchases", by=["channel"], period="2026", where={"supplier": ["Alpha", "Gamma"]}
    )
    question = Question(
        "purchases", by=("channel",), period="2026", where=(Filter("supplier", ("Alpha", "Gamma")),)
    )
    answer = ask(question, WORKSPACE_VIEWER, services=workspace.services)
    assert result.to_arrow().equals(answer.table)
    assert result.totals == answer.totals
    assert result.labels["list_amount"] == "Total achats prix catalogue"
    assert list(result.to_pandas()["channel"]) == [row["channel"] for row in result.rows]


def test_a_folder_without_workspace_is_said(tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.raises(NotAvailable):
        galien.open(tmp_path_factory.mktemp("empty"))
