"""What every test stands on: a workspace of its own, the machine's programs, no network."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from typing import Any

import django
import hypothesis
import pytest

from tests.builders.machine import why_not

# Django reads its settings when pytest starts, so the workspace is named before any fixture.
WORKSPACE = (
    None if "PYTEST_XDIST_WORKER" in os.environ else tempfile.mkdtemp(prefix="galien-tests-")
)
if WORKSPACE:
    os.environ["GALIEN_WORKSPACE"] = WORKSPACE
os.environ["DJANGO_SETTINGS_MODULE"] = "galien.site.settings"
django.setup()

IN_CI = os.environ.get("CI") == "true"
HERE = ("127.0.0.1", "::1", "localhost", "0.0.0.0")  # noqa: S104 - named to be let through

hypothesis.settings.register_profile("house", deadline=None, derandomize=IN_CI)
hypothesis.settings.load_profile("house")
_connect = socket.socket.connect


def pytest_configure() -> None:
    """Cut the network: a test that reaches out says so at once."""

    def connect(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in HERE:
            raise OSError(f"a test tried to reach {address}: tests stay on this machine")
        _connect(self, address)

    socket.socket.connect = connect  # type: ignore[assignment,method-assign]


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    if WORKSPACE:
        shutil.rmtree(WORKSPACE, ignore_errors=True)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip, with its reason, a test whose program is missing; in CI that is a failure."""
    reason = why_not(mark.name for mark in item.iter_markers())
    if reason and IN_CI:
        pytest.fail(reason, pytrace=False)
    if reason:
        pytest.skip(reason)
