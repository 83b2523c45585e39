"""Every package has its place in the import rules: one that is added joins the lists."""

from __future__ import annotations

import tomllib

import pytest

from tests.house.source import ROOT

PACKAGES = {
    f"galien.{path.parent.name}" for path in (ROOT / "src" / "galien").glob("*/__init__.py")
}
INTERFACES = {"galien.web", "galien.api", "galien.cli", "galien.jobs", "galien.assistant"}
BELOW_DJANGO = {
    "galien.kernel",
    "galien.model",
    "galien.law",
    "galien.engines",
    "galien.warehouse",
    "galien.intake",
    "galien.analytics",
    "galien.calculators",
}


@pytest.mark.parametrize(
    ("contract", "packages"),
    [
        ("django-free", PACKAGES & BELOW_DJANGO),
        ("engine-drivers", PACKAGES - {"galien.engines"}),
        ("one-door", PACKAGES & INTERFACES),
    ],
)
def test_a_rule_holds_every_package_it_is_about(contract: str, packages: set[str]) -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = {each["id"]: each for each in settings["tool"]["importlinter"]["contracts"]}
    assert packages - set(contracts[contract]["source_modules"]) == set()
