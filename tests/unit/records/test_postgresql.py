"""The same ledger, scope and deliveries on a real PostgreSQL server."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders.commands import Workplace, ended
from tests.builders.deliveries import sales, text
from tests.builders.postgresql import postgresql

pytestmark = pytest.mark.postgres
HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with postgresql() as found:
        yield found


@pytest.mark.timeout(300)
def test_the_ledger_and_the_scope_hold_on_postgresql(address: str) -> None:
    suites = [str(HERE / f"test_{name}.py") for name in ("ledger", "scope", "access")]
    options = ["-q", "-p", "no:randomly"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *suites],
        env={**os.environ, "GALIEN_DATABASE_URL": address},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:]


@pytest.mark.timeout(300)
def test_the_same_file_loaded_twice_at_once_is_loaded_once(address: str, tmp_path: Path) -> None:
    place = Workplace(tmp_path / "w", {"GALIEN_DATABASE_URL": address})
    file = tmp_path / "f.csv"
    file.write_bytes(text(sales(20)))
    order = ("load", file, "--feed", "sales", "--pharmacy", "750100042")
    assert place.run("releases").code == 2
    first = place.load(text(sales(1, sold_at="2026-10-09T09:00:00")), name="other.csv")
    assert first.code == 0, first.stderr
    done = [ended(each) for each in [place.begin(*order), place.begin(*order)]]
    assert [each.code for each in done] == [0, 0], [each.stderr for each in done]
    assert sorted(each.answer["status"] for each in done) == ["accepted", "duplicate"]
    assert len({each.answer["receipt"] for each in done}) == 1
    assert place.sold() == {"3400935955838": 21}
