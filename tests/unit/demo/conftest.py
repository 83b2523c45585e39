"""One small demonstration for the whole folder: six pharmacies, August to November 2025."""

from __future__ import annotations

import datetime as dt

import pytest

from galien.demo import DemoFiles, generate
from galien.demo.report import Figures, Table, figures_of, read_feed

TODAY = dt.date(2025, 12, 5)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoFiles:
    """Generate the files once."""
    out = tmp_path_factory.mktemp("demo")
    return generate(out, pharmacies=6, months=4, seed=7, today=TODAY)


@pytest.fixture(scope="session")
def purchases(demo: DemoFiles) -> list[Table]:
    """Read the purchases of each pharmacy."""
    return [read_feed(demo.folder / "files", finess, "purchases") for finess in demo.finess]


@pytest.fixture(scope="session")
def sales(demo: DemoFiles) -> list[Table]:
    """Read the sales of each pharmacy."""
    return [read_feed(demo.folder / "files", finess, "sales") for finess in demo.finess]


@pytest.fixture(scope="session")
def figures(demo: DemoFiles) -> list[Figures]:
    """Compute the figures of each pharmacy."""
    return [figures_of(demo.folder / "files", finess, {}) for finess in demo.finess]
