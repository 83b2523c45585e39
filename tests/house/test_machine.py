"""A test whose program is missing says so; the tests never leave the machine."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.builders.machine import why_not

LENT = {"browser": ("Chromium", lambda: Path("chromium")), "postgres": ("a server", lambda: None)}


def test_a_missing_program_is_named() -> None:
    assert why_not(["postgres"], LENT) == (
        "a server is not on this machine; tools/system-packages installs it for root"
    )


@pytest.mark.parametrize("markers", [[], ["browser"], ["parametrize"]])
def test_what_the_machine_has_or_no_test_needs_is_no_reason(markers: list[str]) -> None:
    assert why_not(markers, LENT) is None


def test_the_network_is_cut() -> None:
    with socket.socket() as link, pytest.raises(OSError, match="tests stay on this machine"):
        link.connect(("192.0.2.1", 80))
