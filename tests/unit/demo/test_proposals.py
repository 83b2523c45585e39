"""The assistant finds by itself how the three softwares of the demonstration write their files."""

from __future__ import annotations

import csv

import pytest

from galien.demo import DemoFiles
from galien.demo.layouts import unzipped
from galien.intake import mapping
from galien.intake.assistant import mapping_of, propose

SOFTWARE = ("demo-officine", "demo-comptoir", "demo-balance")


def _sample(demo: DemoFiles, software: str, feed: str) -> tuple[bytes, str]:
    with demo.manifest.open(encoding="utf-8", newline="") as lines:
        name = next(
            row["path"]
            for row in csv.DictReader(lines)
            if (row["mapping"], row["feed"]) == (software, feed) and "xlsx" not in row["path"]
        )
    path = next(demo.folder.rglob(name.rpartition("/")[2]))
    content = unzipped(path.read_bytes()) if path.suffix == ".zst" else path.read_bytes()
    return content, path.name.removesuffix(".zst")


@pytest.mark.parametrize("feed", ["sales", "purchases", "stock"])
@pytest.mark.parametrize("software", SOFTWARE)
def test_every_column_is_matched_as_the_shipped_mapping_says(
    demo: DemoFiles, software: str, feed: str
) -> None:
    proposal = propose(*_sample(demo, software, feed), feed)
    assert proposal.missing == ()
    found = {rule.column: rule for rule in mapping_of(proposal.content).of(feed).rules}
    wanted = {rule.column: rule for rule in mapping(software).of(feed).rules}
    assert set(found) == set(wanted)
    for column, rule in wanted.items():
        mine = found[column]
        assert (mine.sources, mine.computed, mine.constant, mine.format) == (
            rule.sources, rule.computed, rule.constant, rule.format,
        ), column  # fmt: skip
        assert (mine.convert or "amount") == (
            rule.convert or "amount"
        ) or mine.convert == rule.convert
