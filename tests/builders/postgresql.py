"""A PostgreSQL server for the tests alone: on a socket, in a folder, gone at the end."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.builders.machine import postgres_programs


@contextmanager
def postgresql() -> Iterator[str]:
    """Start a server and give the address of an empty database; PostgreSQL refuses to run as root."""
    programs = postgres_programs()
    assert programs is not None
    folder = Path(tempfile.mkdtemp(prefix="galien-pg-"))
    as_other = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_other:
        shutil.chown(folder, "postgres")
    data = folder / "data"

    def run(program: str, *options: str) -> None:
        command = [*as_other, str(programs / program), *options]
        subprocess.run(command, check=True, capture_output=True, cwd=folder, timeout=90)

    run("initdb", "-D", str(data), "-U", "galien", "--auth=trust", "-E", "UTF8", "--no-sync")
    server = f"-k {folder} -c listen_addresses='' -c fsync=off"
    run("pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"), "-o", server, "start")
    try:
        run("createdb", "-h", str(folder), "-U", "galien", "records")
        yield f"postgresql://galien@/records?host={folder}"
    finally:
        run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)
