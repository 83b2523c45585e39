"""Facts that come in parts are put away as the same files as facts that come whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from galien.model.facts import VISIT_DAY
from galien.warehouse import commit
from galien.warehouse.commit import store_fragments
from galien.warehouse.store import Store

FIRST = dt.date(2026, 1, 25)


class Parts(dict[str, pa.Table]):
    """Facts read part by part."""

    def __init__(self, *parts: pa.Table) -> None:
        super().__init__({VISIT_DAY.name: pa.concat_tables(parts)})
        self._parts = parts

    def count(self, name: str) -> int:
        """Return how many parts a fact has."""
        assert name in self
        return len(self._parts)

    def parts(self, name: str) -> Iterator[pa.Table]:
        """Give them in turn."""
        assert name in self
        return iter(self._parts)


def days(first: int, last: int, *, a_day: int = 7) -> pa.Table:
    """Rows of some days, the latest first."""
    rows = [
        {
            "pharmacy": "750100042",
            "day": FIRST + dt.timedelta(days=day),
            "band": number % 12,
            "kind": "visit",
            "sale_types": 1,
            "count": number + 1,
        }
        for day in range(last, first - 1, -1)
        for number in range(a_day)
    ]
    return pa.Table.from_pylist(rows, schema=VISIT_DAY.schema())


@pytest.mark.parametrize(
    "parts",
    [
        (days(0, 2), days(3, 9), days(10, 10), days(11, 45)),
        (days(0, 2), days(3, 2), days(3, 40)),
        (days(0, 5), days(5, 9)),
        (days(8, 9), days(0, 7)),
        (days(0, 20),),
    ],
)
def test_parts_make_the_file_that_the_whole_makes(
    parts: tuple[pa.Table, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("galien.warehouse.store.ROW_GROUP", 20)
    monkeypatch.setattr(commit, "ROW_GROUP", 20)
    facts = Parts(*parts)
    by_parts = store_fragments(facts, feed="sales", store=Store(tmp_path / "parts"))
    whole = store_fragments(dict(facts), feed="sales", store=Store(tmp_path / "whole"))
    assert by_parts == whole
    assert by_parts[0].rows == facts[VISIT_DAY.name].num_rows


def test_parts_without_a_row_are_no_fragment(tmp_path: Path) -> None:
    nothing = Parts(days(1, 0), days(1, 0))
    assert store_fragments(nothing, feed="sales", store=Store(tmp_path)) == ()
