"""What this machine can lend to the tests: a browser, a PostgreSQL server's programs."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path


def chromium() -> Path | None:
    """Return the browser that page tests drive, None when the machine has none."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    return Path(found) if found else None


def postgres_programs() -> Path | None:
    """Return the folder of initdb and postgres, None when the machine has no server."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    found = debian[-1] if debian else shutil.which("postgres")
    return Path(found).parent if found else None


Programs = Mapping[str, tuple[str, Callable[[], Path | None]]]
PROGRAMS: Programs = {
    "browser": ("Chromium", chromium),
    "postgres": ("a PostgreSQL server", postgres_programs),
}


def why_not(markers: Iterable[str], programs: Programs = PROGRAMS) -> str | None:
    """Return why tests so marked cannot run on this machine, None when they can."""
    for marker in markers:
        program, find = programs.get(marker, ("", Path))
        if find() is None:
            return f"{program} is not on this machine; tools/system-packages installs it for root"
    return None
