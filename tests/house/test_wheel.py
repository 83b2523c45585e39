"""The wheel, installed where there is no checkout: everything it needs is inside, and commands work."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.unit.cli.test_indicators_and_classes import ACTIVITY

ROOT = Path(__file__).resolve().parents[2]
MADE_BY_PYTHON = {".pyc"}


@dataclass(frozen=True)
class Installed:
    """An environment that holds the wheel and nothing else of ours."""

    folder: Path

    def run(self, *line: object, program: str = "galien") -> str:
        """Run the installed `galien`, far from any checkout, and return what it prints."""
        done = subprocess.run(
            [self.folder / "bin" / program, *map(str, line)],
            # The libraries Galien stands on are borrowed; a folder on this path installs no checkout.
            env={**_clean(), "PYTHONPATH": sysconfig.get_path("purelib")},
            capture_output=True, text=True, check=False, cwd=self.folder, timeout=200,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout


def _clean() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("GALIEN")}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=100)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, symlinks=True)
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python")]
    install = [*pip, "install", "--quiet", "--no-deps", "--no-index", "--no-compile", str(wheel)]
    subprocess.run(install, check=True, capture_output=True, timeout=100)
    return Installed(folder)


def test_every_file_of_the_package_is_in_the_wheel(wheel: Path) -> None:
    package = ROOT / "src" / "galien"
    ours = {
        f"galien/{path.relative_to(package).as_posix()}"
        for path in package.rglob("*")
        if path.is_file() and path.suffix not in MADE_BY_PYTHON
    }
    carried = {
        f"galien/data/{path.relative_to(ROOT / 'data').as_posix()}"
        for path in (ROOT / "data").rglob("*")
        if path.is_file()
    }
    inside = set(zipfile.ZipFile(wheel).namelist())
    assert (ours | carried | {"galien/kernel/glossary.yaml"}) - inside == set()
    assert "galien/usecases/report/report.typ" in inside


def test_the_law_and_the_trade_s_words_are_read_from_the_wheel(installed: Installed) -> None:
    line = ("law", "value", "vat_rate_normal", "--on", "2026-01-01", "--format", "json")
    assert json.loads(installed.run(*line))["value"] == 0.2


def test_indicators_are_computed_from_the_wheel(installed: Installed, tmp_path: Path) -> None:
    activity = tmp_path / "activite.csv"
    activity.write_text(ACTIVITY, encoding="utf-8")
    told = installed.run("accounts", "indicators", "--activity", activity, "--format", "json")
    assert json.loads(told)["pmvc"] == 12.33


def test_public_data_is_found_in_the_wheel(installed: Installed) -> None:
    where = "from galien.usecases.public_data import data_folder; print(data_folder())"
    folder = Path(installed.run("-c", where, program="python").strip())
    assert installed.folder.resolve() in folder.resolve().parents
    assert (folder / "geo" / "communes_population.csv.gz").is_file()


@pytest.mark.soak
@pytest.mark.timeout(300)
def test_a_demonstration_is_built_from_the_wheel(installed: Installed, tmp_path: Path) -> None:
    place = ("--workspace", tmp_path / "demo", "--format", "json", "--on", "2026-11-21")
    built = json.loads(
        installed.run("demo", "--pharmacies", 1, "--months", 2, "--no-serve", *place)
    )
    assert (built["pharmacies"], built["months"]) == (1, 2)
    answer = json.loads(installed.run("ask", "sales", "--period", "2026-10", *place))
    assert answer["rows"][0][0] > 10_000
