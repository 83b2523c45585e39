"""What this machine can lend to the tests: a browser, a PostgreSQL server's programs."""

from __future__ import annotations

import shutil
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
