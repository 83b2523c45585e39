"""The filter on the state of the data keeps whole pharmacies, by what they sent of the period."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from galien.analytics.question import Filter, Question
from galien.kernel.errors import InvalidInput, NotAllowed
from galien.model.viewer import WORKSPACE_VIEWER
from galien.usecases.ask import ask
from tests.builders.answering import services
from tests.builders.derived import random_group
from tests.builders.oracle import table

OCTOBER = (dt.date(2026, 10, 1), dt.date(2026, 10, 31))


@pytest.mark.parametrize("subject", ["sales", "purchases", "traffic"])
@pytest.mark.parametrize(
    ("value", "exclude"), [("complete", False), ("partial", False), ("complete", True)]
)
def test_pharmacies_are_kept_by_what_they_sent(
    tmp_path: Path,
    subject: str,
    value: str,
    exclude: bool,
) -> None:
    group = random_group(3)
    late = group.pharmacies[0]["pharmacy"]
    group.late = {(late, feed, OCTOBER[0]) for feed in ("sales", "purchases")}
    here = services(group, tmp_path)
    where = (Filter("data_state", (value,), exclude),)
    question = Question(subject, by=("pharmacy",), period="2026-10", compare="none", where=where)
    answer = ask(question, WORKSPACE_VIEWER, services=here)
    wants_late = (value == "partial") is not exclude
    expected = table(
        group, subject, ("pharmacy",), OCTOBER,
        keep=lambda row: (row["pharmacy"] == late) is wants_late,
    )  # fmt: skip
    assert {(row["pharmacy"],) for row in answer.table.to_pylist()} == expected.keys()
    assert answer.meta.scope == tuple(
        row["pharmacy"] for row in group.pharmacies if (row["pharmacy"] == late) is wants_late
    )
    with here.reader.hold() as held:
        held.engine.close()


def test_an_unknown_state_is_refused_and_an_empty_scope_is_said(tmp_path: Path) -> None:
    group = random_group(3)
    group.late = set()
    here = services(group, tmp_path)
    for value, refusal in (("presque", InvalidInput), ("partial", NotAllowed)):
        question = Question("sales", period="2026-10", where=(Filter("data_state", (value,)),))
        with pytest.raises(refusal):
            ask(question, WORKSPACE_VIEWER, services=here)
    with pytest.raises(InvalidInput, match="n’existe pas"):
        ask(Question("sales", by=("data_state",)), WORKSPACE_VIEWER, services=here)
    with here.reader.hold() as held:
        held.engine.close()
