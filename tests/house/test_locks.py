"""Locks hold names, versions and hashes; nothing kept names a machine or a registry's host."""

from __future__ import annotations

import json
import re

import pytest

from tests.house.source import ROOT, texts

PYTHON_LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-node.lock")
LOCKED_LINE = re.compile(r"([a-z0-9-]+==[A-Za-z0-9.+!]+|    --hash=sha256:[0-9a-f]{64})( \\)?")

# Written in two parts so that this module does not hold what it forbids.
FORBIDDEN = (
    "pypi" + ".org",
    "pythonhosted" + ".org",
    "registry.npm" + "js.org",
    "deb.debian" + ".org",
    "/work" + "/",
    "/root" + "/",
    "/opt/" + "pypi",
    "/opt/" + "wheels",
    "/home" + "/",
)


@pytest.mark.parametrize("name", PYTHON_LOCKS)
def test_a_python_lock_has_names_versions_and_hashes_only(name: str) -> None:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    strange = [
        line
        for line in lines
        if line and not line.startswith("#") and not LOCKED_LINE.fullmatch(line)
    ]
    assert strange == []


@pytest.mark.parametrize("name", PYTHON_LOCKS)
def test_every_locked_package_has_a_hash(name: str) -> None:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    bare = [
        line
        for line, following in zip(lines, [*lines[1:], ""], strict=True)
        if "==" in line and "--hash" not in following
    ]
    assert bare == []


def test_the_product_runs_on_the_versions_that_were_tested() -> None:
    product, tested = (_versions(name) for name in PYTHON_LOCKS[:2])
    assert {name: tested.get(name) for name in product} == product


def test_the_front_end_lock_has_integrity_and_no_address() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert packages
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [name for name, package in packages.items() if "integrity" not in package] == []


def test_nothing_kept_names_a_machine_or_a_registry() -> None:
    # A folder of a machine begins a path: `pages/home/page.html` names none.
    shapes = [re.compile(r"(?<!\w)" + re.escape(word)) for word in FORBIDDEN]
    found = [(path, s.pattern) for path, text in texts() for s in shapes if s.search(text)]
    assert found == []


def _versions(lock: str) -> dict[str, str]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, flags=re.MULTILINE))
